import type { Outcome } from '../../model/verdict.ts';
import type { Row } from '../../remedy/run.ts';

/** The number of flow logs and of each outcome, such as "2 flow logs: 1 blocked, 1 deliverable". */
export function countsInWords(rows: readonly Row[]): string {
  if (rows.length === 0) return 'no flow log was found';
  const counts = (['blocked', 'unknown', 'deliverable', 'exempt'] satisfies Outcome[])
    .map((outcome) => [rows.filter(({ verdict }) => verdict.outcome === outcome).length, outcome])
    .filter(([count]) => count !== 0)
    .map((count) => count.join(' '));
  return `${flowLogCount(rows.length)}: ${counts.join(', ')}`;
}

export const flowLogCount = (count: number): string =>
  `${count} flow ${count === 1 ? 'log' : 'logs'}`;
