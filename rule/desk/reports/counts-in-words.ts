import { sum } from '../../basics/lists.ts';
import { counted, numeral } from '../../basics/text.ts';
import type { Outcome } from '../../model/verdict.ts';
import type { Row, Run } from '../../remedy/run.ts';
import { outcomeCounts } from '../../remedy/shown-run.ts';

/** The number of flow logs and of each outcome, such as "2 flow logs: 1 blocked, 1 deliverable". */
export function countsInWords(run: Run): string {
  const counts = Object.entries(outcomeCounts(run)).filter(([, count]) => count > 0);
  const total = sum(counts, ([, count]) => count);
  if (total === 0) return 'no flow log was found';
  const inWords = counts.map(([outcome, count]) => `${numeral(count)} ${outcome}`);
  return `${flowLogCount(total)}: ${inWords.join(', ')}`;
}

/** The number of flow logs, and of their accounts where not all are of one account. */
export function flowLogsInWords(rows: readonly Row[]): string {
  const accounts = new Set(rows.map(({ accountId }) => accountId)).size;
  const count = flowLogCount(rows.length);
  return accounts > 1 ? `${count} in ${numeral(accounts)} accounts` : count;
}

export const countOutcomes = (rows: readonly Row[], outcome: Outcome): number =>
  rows.filter(({ verdict }) => verdict.outcome === outcome).length;

export const flowLogCount = (count: number): string => counted(count, 'flow log');
