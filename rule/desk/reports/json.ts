import { complianceOf } from '../../model/compliance.ts';
import type { Cause, Row, Run } from '../run.ts';
import type { Outcome } from '../../model/verdict.ts';
import { pieces } from './pieces.ts';

/** A run for machines, piece by piece: the shape is a contract, see README. */
export function json({ rows, causes, problems }: Run): Iterable<string> {
  const count = (outcome: Outcome): number =>
    rows.filter(({ verdict }) => verdict.outcome === outcome).length;
  return pieces({
    flowLogs: each(rows, flowLogOf),
    summary: {
      deliverable: count('deliverable'),
      blocked: count('blocked'),
      unknown: count('unknown'),
      exempt: count('exempt'),
      causes: each(causes, causeOf),
    },
    problems: each(problems, ({ file, item, message }) => ({ file, item, message })),
  });
}

const flowLogOf = ({ id, accountId, region, resourceId, verdict, remedy }: Row): object => ({
  flowLogId: id,
  accountId,
  region,
  resourceId,
  bucket: verdict.bucket,
  keyArn: verdict.keyArn,
  outcome: verdict.outcome,
  compliance: complianceOf(verdict.outcome),
  reason: verdict.reason,
  message: verdict.message,
  findings: verdict.findings,
  advice: verdict.advice,
  remedy: remedy && { statement: remedy },
});

const causeOf = ({ check, rows }: Cause): object => ({
  check,
  keyArn: rows[0]?.verdict.keyArn ?? null,
  bucket: rows[0]?.verdict.bucket ?? null,
  flowLogIds: each(rows, ({ id }) => id),
});

/** What becomes of each, made when it is written. */
function* each<T, U>(all: readonly T[], make: (one: T) => U): Generator<U> {
  for (const one of all) yield make(one);
}
