import { sum } from '../../basics/lists.ts';
import { MAX_KEY_POLICY_BYTES } from '../../model/kms.ts';
import type { StatementLanguage } from '../../model/world.ts';
import type { StatementForKey } from '../../remedy/run.ts';
import type { TaskStep, Task } from '../../remedy/tasks.ts';
import { writeStatement } from '../../remedy/write-statement.ts';
import type { LabelledLines } from './block.ts';
import { flowLogCount } from './counts-in-words.ts';
import { counted } from '../../basics/text.ts';
import { fold } from './fold.ts';
import { idLines } from './id-lines.ts';
import { layOutJson } from './lay-out-json.ts';

export interface TaskEntriesOptions {
  /** The columns for lines. */
  readonly room: number;
  /** The language of the statement to add. */
  readonly language: StatementLanguage;
  /** False in a short block. */
  readonly showsStatement: boolean;
  readonly maxBuckets: number;
  readonly maxIdLines: number;
}

const MAX_STEPS = 3;

/** Says why the flow logs of a task fail, and which statement settles the task. */
export function taskEntries(task: Task, options: TaskEntriesOptions): readonly LabelledLines[] {
  const { key, steps, rows, remedy } = task;
  const { room, maxBuckets, maxIdLines } = options;
  const left = steps.length - MAX_STEPS;
  return [
    ['key', key === null ? [] : [key]],
    ['s3', bucketLines(task, maxBuckets)],
    ...steps
      .slice(0, MAX_STEPS)
      .flatMap((step, nth) => stepEntries(step, nth > 0 && step.outcome === 'unknown', room)),
    ['', left > 0 ? [`(${counted(left, 'more step')} like these, each in --format json)`] : []],
    ['add', remedy === null ? [] : additionLines(remedy, options)],
    ['ids', idLines(rows, { width: room, maxLines: maxIdLines })],
  ];
}

const stepEntries = (
  { what, next, others }: TaskStep,
  isDoubt: boolean,
  room: number,
): readonly LabelledLines[] => [
  ['why', fold(isDoubt ? `unknown: ${what}` : what, room)],
  ['', others > 0 ? [`(${counted(others, 'more cause')} like this, each in --format json)`] : []],
  ['do', fold(next, room)],
];

/** A bucket alone needs no number: the title has the number of flow logs. */
function bucketLines({ buckets }: Task, max: number): readonly string[] {
  if (buckets.length <= 1) return buckets.map(({ bucket }) => bucket);
  const shown = buckets.slice(0, max);
  const left = buckets.slice(max);
  const width = Math.max(...shown.map(({ bucket }) => bucket.length));
  const lines = shown.map(({ bucket, count }) => `${bucket.padEnd(width)}  ${flowLogCount(count)}`);
  if (left.length === 0) return lines;
  const rest = flowLogCount(sum(left, ({ count }) => count));
  return [...lines, `... and ${counted(left.length, 'more bucket')}, ${rest}`];
}

function additionLines(
  { statement, replaces }: StatementForKey,
  { room, language, showsStatement }: TaskEntriesOptions,
): readonly string[] {
  if (JSON.stringify(statement).length > MAX_KEY_POLICY_BYTES)
    return fold(
      'one statement for the whole organization, as no key policy has room for all of these accounts: flow-log-key statement --organization-id o-...',
      room,
    );
  if (!showsStatement) return ['the statement that --key with this ARN shows'];
  const lines =
    language === 'json'
      ? layOutJson(statement, room)
      : writeStatement(statement, language).trimEnd().split('\n');
  return replaces ? [`in place of statement ${statement.Sid}, which grows:`, ...lines] : lines;
}
