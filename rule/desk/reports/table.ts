import { printable } from '../../basics/text.ts';
import type { Outcome } from '../../model/verdict.ts';
import type { Cause, Row, Run } from '../../remedy/run.ts';
import { languageFor } from '../../remedy/write-statement.ts';
import { causeEntries, type CauseEntriesOptions, type LabelledLines } from './cause-entries.ts';
import { idLines } from './id-lines.ts';

/** Sets text off on a terminal. Without colours every function returns the text. */
type Paint = Readonly<Record<'dim' | 'red' | 'yellow' | 'green', (text: string) => string>>;

export interface TableOptions {
  /** In columns. */
  readonly width: number;
  readonly paint: Paint;
}

/** Flow logs with one outcome, and the lines on these flow logs. */
interface Block {
  readonly outcome: Outcome;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly entries: readonly LabelledLines[];
}

const LABEL_COLUMNS = 4;

/**
 * The report for people: a block for each cause, then deliverable and exempt flow logs, then the counts. Standard error names
 * the input that could not be read.
 */
export function table(
  { rows, causes, problems, language = 'json' }: Run,
  { width, paint }: TableOptions,
): string {
  const rowsOf = (outcome: Outcome): readonly Row[] =>
    rows.filter(({ verdict }) => verdict.outcome === outcome);
  const room = width - LABEL_COLUMNS;
  const settled = (['deliverable', 'exempt'] as const)
    .map((outcome) => settledBlock(outcome, rowsOf(outcome), room))
    .filter((block) => block.rows.length > 0);
  const blocks = [...causeBlocks(causes, { room, language }), ...settled];
  const counts = (['blocked', 'unknown', 'deliverable', 'exempt'] as const).map((outcome) =>
    painterOf(outcome, paint)(`${rowsOf(outcome).length} ${outcome}`),
  );
  const total = `${countFlowLogs(rows)}: ${counts.join(', ')}`;
  const unread =
    problems.length === 0
      ? []
      : [`input could not be read (${problems.length}), so flow logs may be missing`];
  const parts = [
    ...blocks.map((block) => blockText(block, paint)),
    total,
    ...unread.map(paint.red),
  ];
  return `${parts.join('\n\n')}\n`;
}

function causeBlocks(
  causes: readonly Cause[],
  { room, language }: Pick<CauseEntriesOptions, 'room' | 'language'>,
): readonly Block[] {
  const totals = keyTotals(causes);
  const shown = new Set<Cause['remedy']>();
  return causes.map((cause) => {
    const { outcome, check, keyArn, rows, remedy } = cause;
    const keyTotal = totals.get(cause);
    const entries = causeEntries(cause, {
      room,
      language: languageFor(keyArn, language),
      keyTotal,
      isStatementShown: shown.has(remedy),
    });
    shown.add(remedy);
    return { outcome, title: `${outcome.toUpperCase()}  ${check}`, rows, entries };
  });
}

/** Where several causes block flow logs of one key, the total for the first cause. */
function keyTotals(causes: readonly Cause[]): ReadonlyMap<Cause, string> {
  const byKey = new Map<string, [Cause, ...Cause[]]>();
  for (const cause of causes) {
    if (cause.outcome !== 'blocked' || cause.keyArn === null) continue;
    const known = byKey.get(cause.keyArn);
    if (known === undefined) byKey.set(cause.keyArn, [cause]);
    else known.push(cause);
  }
  const several = [...byKey.values()].filter(({ length }) => length > 1);
  return new Map(
    several.map((all) => {
      const count = countFlowLogs(all.flatMap(({ rows }) => rows));
      return [all[0], `the key blocks ${count} in all, here and below`];
    }),
  );
}

const settledBlock = (outcome: Outcome, rows: readonly Row[], room: number): Block => ({
  outcome,
  title: outcome.toUpperCase(),
  rows,
  entries: [['ids', idLines(rows, room)]],
});

function blockText({ outcome, title, rows, entries }: Block, paint: Paint): string {
  const heading = `${painterOf(outcome, paint)(title)}  ${countFlowLogs(rows)}`;
  const lines = entries.flatMap(([label, texts]) =>
    texts.map(
      (text, index) =>
        paint.dim((index === 0 ? label : '').padEnd(LABEL_COLUMNS)) + printable(text),
    ),
  );
  return [heading, ...lines].join('\n');
}

/** The number of flow logs, and of their accounts where not all are of one account. */
function countFlowLogs(rows: readonly Row[]): string {
  const accounts = new Set(rows.map(({ accountId }) => accountId)).size;
  const count = `${rows.length} flow ${rows.length === 1 ? 'log' : 'logs'}`;
  return accounts > 1 ? `${count} in ${accounts} accounts` : count;
}

/** The colour of an outcome. */
export const painterOf = (outcome: Outcome, paint: Paint): ((text: string) => string) =>
  ({ blocked: paint.red, unknown: paint.yellow, deliverable: paint.green, exempt: paint.dim })[
    outcome
  ];
