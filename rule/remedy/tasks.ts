import { groupBy, sum } from '../basics/lists.ts';
import { gravestFinding, type CheckCode } from '../model/verdict.ts';
import { compareRows, type Cause, type FailingRow, type StatementForKey } from './run.ts';

/** All that a person has to do at one key, or in the same way at several buckets. */
export interface Task {
  readonly thing: Thing;
  /** The ARN of the key, or of an alias where no key is known; null where no key is to blame. */
  readonly key: string | null;
  /** The buckets with the numbers of their flow logs; most flow logs first. */
  readonly buckets: readonly BucketCount[];
  /** Blocked before unknown, then most flow logs first. */
  readonly steps: readonly [TaskStep, ...TaskStep[]];
  readonly rows: readonly FailingRow[];
  readonly remedy: StatementForKey | null;
  /** True before a deployment: key and buckets have no names yet. */
  readonly isPlanned: boolean;
}

/** The thing to change, or to look into. */
export type Thing = 'key' | 'bucket' | 'flow log';

interface BucketCount {
  readonly bucket: string;
  readonly count: number;
}

/** The next step of a person, and the cause. */
export interface TaskStep extends Pick<Cause, 'check' | 'outcome'> {
  /** The cause of the most flow logs. */
  readonly what: string;
  readonly next: string;
  /** The number of other causes with this step. */
  readonly others: number;
}

/** Groups causes by the thing to change: blocked before unknown, then most flow logs first. */
export const tasksOf = (causes: readonly Cause[]): readonly Task[] =>
  [...groupBy(causes, taskName).values()]
    .map(taskOf)
    .sort(
      (a, b) =>
        gravityOfStep(a.steps[0]) - gravityOfStep(b.steps[0]) || b.rows.length - a.rows.length,
    );

/** A key is changed once for all causes. Other things share a task if cause and next step are the same. */
function taskName(cause: Cause): string {
  const { what, next } = stepOf(cause.rows[0]);
  const key = keyToBlame(cause);
  return JSON.stringify(
    thingOf(cause) === 'key' ? [key] : [cause.outcome, cause.check, key, what, next],
  );
}

function taskOf(causes: readonly [Cause, ...Cause[]]): Task {
  const [first] = causes;
  const rows = causes.flatMap((cause) => cause.rows).sort(compareRows);
  return {
    thing: thingOf(first),
    key: keyToBlame(first),
    buckets: bucketsOf(causes),
    steps: taskSteps(rows),
    rows,
    remedy: causes.find(({ remedy }) => remedy !== null)?.remedy ?? null,
    isPlanned: rows[0]?.source !== null,
  };
}

const keyToBlame = ({ keyArn, rows }: Cause): string | null =>
  keyArn ?? gravestFinding(rows[0].verdict)?.where.key ?? null;

function thingOf(cause: Cause): Thing {
  const thing = things[cause.check];
  if (thing === 'key' && keyToBlame(cause) !== null) return 'key';
  return thing !== 'flow log' && cause.bucket !== null ? 'bucket' : 'flow log';
}

const things: Record<CheckCode, Thing> = {
  destination: 'flow log',
  exemption: 'flow log',
  bucket: 'bucket',
  'customer-key': 'bucket',
  'aws-managed-key': 'bucket',
  'key-by-arn': 'bucket',
  key: 'key',
  'key-region': 'bucket',
  'key-state': 'key',
  'key-usage': 'bucket',
  'key-policy': 'key',
  'bucket-policy': 'bucket',
  'delivery-status': 'flow log',
};

const bucketsOf = (causes: readonly Cause[]): readonly BucketCount[] =>
  [
    ...groupBy(
      causes.filter(({ bucket }) => bucket !== null),
      ({ bucket }) => bucket ?? '',
    ),
  ]
    .map(([bucket, group]) => ({ bucket, count: sum(group, ({ rows }) => rows.length) }))
    .sort((a, b) => b.count - a.count);

/** The causes of a task by next step. */
function taskSteps(rows: readonly FailingRow[]): Task['steps'] {
  // A million rows share a few thousand verdicts.
  const parts = [...groupBy(rows, ({ verdict }) => verdict).values()].map((alike) => ({
    ...stepOf(alike[0]),
    count: alike.length,
  }));
  const byStep = groupBy(parts, ({ outcome, check, next }) =>
    JSON.stringify([outcome, check, next]),
  );
  const steps = [...byStep.values()]
    .sort((a, b) => gravityOfStep(a[0]) - gravityOfStep(b[0]) || countIn(b) - countIn(a))
    .map((group) => {
      const byCause = [...groupBy(group, ({ what }) => what).values()];
      const [most = group] = byCause.sort((a, b) => countIn(b) - countIn(a));
      const { check, outcome, what, next } = most[0];
      return { check, outcome, what, next, others: byCause.length - 1 };
    });
  return steps as [TaskStep, ...TaskStep[]];
}

const countIn = (parts: readonly { readonly count: number }[]): number =>
  sum(parts, ({ count }) => count);

function stepOf({ verdict }: FailingRow): Omit<TaskStep, 'others'> {
  const { outcome, reason: check, message } = verdict;
  const finding = gravestFinding(verdict);
  return { check, outcome, what: finding?.what ?? message, next: finding?.next ?? '' };
}

export const gravityOfStep = ({ outcome }: Pick<Cause, 'outcome'>): number =>
  outcome === 'blocked' ? 0 : 1;
