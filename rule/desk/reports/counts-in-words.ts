import type { Run } from '../../remedy/run.ts';
import { outcomeCounts } from '../../remedy/shown-run.ts';

/** The number of flow logs and of each outcome, such as "2 flow logs: 1 blocked, 1 deliverable". */
export function countsInWords(run: Run): string {
  const counts = Object.entries(outcomeCounts(run)).filter(([, count]) => count > 0);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return 'no flow log was found';
  return `${flowLogCount(total)}: ${counts.map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`;
}

export const flowLogCount = (count: number): string =>
  `${count} flow ${count === 1 ? 'log' : 'logs'}`;
