import { pageOf } from '../../model/check-page.ts';
import { gravestFinding, type Finding, type Verdict } from '../../model/verdict.ts';

/** The parts of the gravest finding. A verdict without findings has a message alone. */
export const findingParts = (verdict: Verdict): Pick<Finding, 'what' | 'where' | 'next'> =>
  gravestFinding(verdict) ?? {
    what: verdict.message,
    where: { bucket: verdict.bucket, key: verdict.keyArn },
    next: null,
  };

/** The gravest finding of a verdict in lines: cause, bucket, key, next step, remarks and the page of the check. */
export function findingLines(verdict: Verdict): readonly [string, ...string[]] {
  const { what, where, next } = findingParts(verdict);
  const more = [
    where.bucket && `bucket: ${where.bucket}`,
    where.key && `key: ${where.key}`,
    next && `next: ${next}`,
    ...verdict.advice.map((remark) => `note: ${remark}`),
    verdict.reason && `about this check: ${pageOf(verdict.reason)}`,
  ];
  return [what, ...more.filter((line) => typeof line === 'string')];
}
