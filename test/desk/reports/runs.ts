import type { CheckCode, Outcome, Verdict } from '../../../rule/model/verdict.ts';
import type { Problem } from '../../../rule/model/problem.ts';
import { causesOf } from '../../../rule/remedy/causes.ts';
import { statementOf } from '../../../rule/remedy/grant.ts';
import type { Row, Run } from '../../../rule/remedy/run.ts';
import { account, keyArn, region } from '../../world.ts';

interface Words {
  readonly outcome: Outcome;
  readonly check?: CheckCode;
  readonly what?: string;
  readonly next?: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly advice?: readonly string[];
}

/** A verdict with one finding. */
export function verdictOf({
  outcome,
  check = 'key-policy',
  what = 'key policy refuses kms:GenerateDataKey',
  next = 'add the statement',
  bucket = 'acme-logs',
  key = keyArn,
  advice = [],
}: Words): Verdict {
  const failing = outcome === 'blocked' || outcome === 'unknown';
  const finding = {
    check,
    outcome,
    what,
    where: { bucket, key },
    next: failing ? next : null,
    message: `${what}; bucket ${bucket}, key ${key}`,
  };
  const { message } = finding;
  const reason = outcome === 'deliverable' ? null : check;
  return { outcome, reason, bucket, keyArn: key, message, findings: [finding], advice } as Verdict;
}

/** A flow log in a report. */
export const rowOf = (id: string, verdict: Verdict, changes: Partial<Row> = {}): Row => ({
  id,
  accountId: account,
  region,
  partition: 'aws',
  resourceId: 'vpc-1',
  capturedAt: undefined,
  source: null,
  verdict,
  remedy: null,
  ...changes,
});

/** A run with the statement of the account for every key. */
export function runOf(rows: readonly Row[], problems: readonly Problem[] = []): Run {
  const sourceArns = [`arn:aws:logs:${region}:${account}:*`];
  const grant = { actions: ['kms:Decrypt'], admitted: { kind: 'flow-logs', sourceArns } } as const;
  const remedy = statementOf(grant, undefined);
  const withRemedies = rows.map((row) => ({ ...row, remedy }));
  const statements = new Map(
    rows.map(({ verdict }) => [verdict.keyArn ?? '', { statement: remedy, replaces: false }]),
  );
  return { rows: withRemedies, causes: causesOf(withRemedies, statements), problems };
}
