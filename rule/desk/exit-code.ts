import type { Outcome } from '../model/verdict.ts';
import { isForTheWorse } from '../remedy/changes.ts';
import type { Run } from '../remedy/run.ts';

/** The exit codes of every command. The gravest wins: unreadable, then blocked, then unknown. */
export const exitCodes = { fine: 0, blocked: 1, unreadable: 2, unknown: 3 } as const;

/** The outcomes of `--fail-on`: the mildest that fails. */
export const failingOutcomes = ['blocked', 'unknown'] as const;

/** The options that forgive verdicts, and never unreadable input. */
export interface Forgiving {
  readonly failOn: (typeof failingOutcomes)[number];
  readonly exitZero?: boolean;
}

/** The exit code of `check`. With proposed key policies, only flow logs that would get worse count. */
export function exitCodeOf(
  { rows, problems }: Run,
  { failOn, exitZero = false }: Forgiving,
): number {
  if (problems.length > 0) return exitCodes.unreadable;
  if (exitZero) return exitCodes.fine;
  const some = (outcome: Outcome) =>
    rows.some((row) => row.verdict.outcome === outcome && isForTheWorse(row));
  if (some('blocked')) return exitCodes.blocked;
  return failOn === 'unknown' && some('unknown') ? exitCodes.unknown : exitCodes.fine;
}
