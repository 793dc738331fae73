import { complianceOf } from '../../model/compliance.ts';
import type { Outcome } from '../../model/verdict.ts';
import { outcomeChanges, type OutcomeChange } from '../../remedy/changes.ts';
import type { Cause, Row, Run } from '../../remedy/run.ts';
import { pieces } from './pieces.ts';

/** The JSON report, in pieces. The README documents the shape, and other tools rely on the shape. */
export function json({ rows, causes, problems }: Run): Iterable<string> {
  const count = (outcome: Outcome): number =>
    rows.filter(({ verdict }) => verdict.outcome === outcome).length;
  const changes = outcomeChanges(rows);
  return pieces({
    schemaVersion: 1,
    flowLogs: lazily(rows, rowJson),
    summary: {
      deliverable: count('deliverable'),
      blocked: count('blocked'),
      unknown: count('unknown'),
      exempt: count('exempt'),
      causes: lazily(causes, causeJson),
      ...(changes && { changes: lazily(changes, changeJson) }),
    },
    problems: lazily(problems, ({ file, item, message }) => ({ file, item, message })),
  });
}

const rowJson = (row: Row): object => ({
  flowLogId: row.id,
  accountId: row.accountId === '' ? null : row.accountId,
  region: row.region === '' ? null : row.region,
  resourceId: row.resourceId,
  bucket: row.verdict.bucket,
  keyArn: row.verdict.keyArn,
  source: row.source,
  outcome: row.verdict.outcome,
  ...(row.presentOutcome && { presentOutcome: row.presentOutcome }),
  compliance: complianceOf(row.verdict.outcome),
  reason: row.verdict.reason,
  message: row.verdict.message,
  findings: row.verdict.findings,
  advice: row.verdict.advice,
  remedy: row.remedy && { statement: row.remedy },
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
