import { boundedCache } from '../../basics/memory.ts';
import { complianceOf } from '../../model/compliance.ts';
import type { Verdict } from '../../model/verdict.ts';
import { outcomeChanges, type OutcomeChange } from '../../remedy/changes.ts';
import type { Cause, Row, Run } from '../../remedy/run.ts';
import { outcomeCounts } from '../../remedy/shown-run.ts';
import { membersAsText, pieces, writtenObject, type WrittenJson } from './pieces.ts';

/** The JSON report, in pieces. docs/command-line.md documents the shape, and other tools rely on the shape. */
export function json(run: Run): Iterable<string> {
  const { rows, causes, problems } = run;
  const { deliverable, blocked, unknown, exempt } = outcomeCounts(run);
  const changes = outcomeChanges(rows);
  return pieces({
    schemaVersion: 1,
    flowLogs: written(rows),
    summary: {
      deliverable,
      blocked,
      unknown,
      exempt,
      causes: lazily(causes, causeJson),
      ...(changes && { changes: lazily(changes, changeJson) }),
    },
    problems: lazily(problems, ({ file, item, message }) => ({ file, item, message })),
  });
}

/** Bounds the memory: neighbours are of one account, and share few verdicts. */
const MAX_TEXTS = 1000;

/** The line break before a row. */
const LINE_BREAK = '\n    ';

const text = (members: object): string => membersAsText(members, LINE_BREAK);

/** Writes each row. The text about a verdict or statement is made once for neighbours. */
function* written(rows: readonly Row[]): Generator<WrittenJson> {
  const places = boundedCache<string>(MAX_TEXTS);
  const answers = boundedCache<string>(MAX_TEXTS);
  const sources = boundedCache<string>(MAX_TEXTS);
  const remedies = boundedCache<string>(MAX_TEXTS);
  for (const row of rows) {
    const { verdict, remedy, source, presentOutcome } = row;
    yield writtenObject(LINE_BREAK, [
      text(flowLogJson(row)),
      places(verdict, () => text({ bucket: verdict.bucket, keyArn: verdict.keyArn })),
      sources(source, () => text({ source })),
      ...(presentOutcome === undefined ? [] : [text({ presentOutcome })]),
      answers(verdict, () => text(answerJson(verdict))),
      remedies(remedy, () => text({ remedy: remedy && { statement: remedy } })),
    ]);
  }
}

const flowLogJson = ({ id, accountId, region, resourceId }: Row): object => ({
  flowLogId: id,
  accountId: accountId === '' ? null : accountId,
  region: region === '' ? null : region,
  resourceId,
});

const answerJson = ({ outcome, reason, message, findings, advice }: Verdict): object => ({
  outcome,
  compliance: complianceOf(outcome),
  reason,
  message,
  findings,
  advice,
});

const causeJson = ({ check, keyArn, bucket, rows }: Cause): object => ({
  check,
  keyArn,
  bucket,
  flowLogIds: lazily(rows, ({ id }) => id),
});

const changeJson = ({ from, to, rows }: OutcomeChange): object => ({
  from,
  to,
  flowLogIds: lazily(rows, ({ id }) => id),
});

/** Makes each value only when a reader takes the value, to save the memory of a million values. */
function* lazily<T, U>(values: readonly T[], make: (value: T) => U): Generator<U> {
  for (const value of values) yield make(value);
}
