import type { Outcome } from '../model/verdict.ts';
import type { Run } from './run.ts';

/** The part of a run with these outcomes. The counts stay the counts of all judged flow logs. */
export function shownRun(run: Run, only: readonly Outcome[] | undefined): Run {
  if (only === undefined) return run;
  return {
    ...run,
    rows: run.rows.filter(({ verdict }) => only.includes(verdict.outcome)),
    causes: run.causes.filter(({ outcome }) => only.includes(outcome)),
    judged: outcomeCounts(run),
  };
}

/** The number of judged flow logs with each outcome. */
export function outcomeCounts({ rows, judged }: Run): Readonly<Record<Outcome, number>> {
  if (judged !== undefined) return judged;
  const counts = { blocked: 0, unknown: 0, deliverable: 0, exempt: 0 };
  for (const { verdict } of rows) counts[verdict.outcome]++;
  return counts;
}
