import type { Outcome } from '../../model/verdict.ts';
import type { Row, Run } from '../../remedy/run.ts';
import { outcomeCounts } from '../../remedy/shown-run.ts';

/** The number of flow logs and of each outcome, such as "2 flow logs: 1 blocked, 1 deliverable". */
export function countsInWords(run: Run): string {
  const counts = Object.entries(outcomeCounts(run)).filter(([, count]) => count > 0);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
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

/** A number with a noun, such as "1 key" or "1,254 flow logs". */
export const counted = (count: number, noun: string): string =>
  `${numeral(count)} ${noun}${count === 1 ? '' : 's'}`;

export const numeral = (count: number): string => count.toLocaleString('en-US');
