import type { Cause, FailingRow } from '../../remedy/run.ts';

/**
 * The gravest flow logs, so many at most: blocked before unknown, then in the order of the causes, and a flow log of each
 * cause before the second of any.
 */
export const gravest = (causes: readonly Cause[], max: number): readonly FailingRow[] =>
  causes
    .flatMap(({ rows }) => rows.slice(0, max).map((row, nth) => ({ row, nth })))
    .sort((a, b) => gravityOf(a.row) - gravityOf(b.row) || a.nth - b.nth)
    .slice(0, max)
    .map(({ row }) => row);

const gravityOf = ({ verdict }: FailingRow): number => (verdict.outcome === 'blocked' ? 0 : 1);
