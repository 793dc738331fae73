import { complianceOf } from '../model/compliance.ts';
import type { Run } from '../model/result.ts';
import type { Outcome } from '../model/verdict.ts';

/** A run for machines: the shape is a contract, see README. */
export function json({ results, causes, problems }: Run): string {
  const count = (outcome: Outcome): number =>
    results.filter(({ verdict }) => verdict.outcome === outcome).length;
  const report = {
    flowLogs: results.map(({ verdict, remedy }) => ({
      flowLogId: verdict.flowLog.id,
      accountId: verdict.flowLog.accountId,
      region: verdict.flowLog.region,
      resourceId: verdict.flowLog.resourceId,
      bucket: verdict.bucket,
      keyArn: verdict.keyArn,
      outcome: verdict.outcome,
      compliance: complianceOf(verdict.outcome),
      reason: verdict.reason,
      message: verdict.message,
      findings: verdict.findings,
      remedy: remedy && { statement: remedy },
    })),
    summary: {
      deliverable: count('deliverable'),
      blocked: count('blocked'),
      unknown: count('unknown'),
      exempt: count('exempt'),
      causes: causes.map(({ check, results: [first, ...more] }) => ({
        check,
        keyArn: first?.verdict.keyArn ?? null,
        bucket: first?.verdict.bucket ?? null,
        flowLogIds: [first, ...more].flatMap((result) => result?.verdict.flowLog.id ?? []),
      })),
    },
    problems: problems.map(({ file, item, message }) => ({ file, item, message })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
