import type { Outcome } from '../model/verdict.ts';
import type { Run } from '../remedy/run.ts';

/** The exit codes of every command. The gravest wins: unreadable, then blocked, then unknown. */
export const exitCodes = { fine: 0, blocked: 1, unreadable: 2, unknown: 3 } as const;

/** The exit code of `check`. `--exit-zero` forgives verdicts, never unreadable input. */
export function exitCodeOf(
  { rows, problems }: Run,
  { exitZero = false }: { readonly exitZero?: boolean },
): number {
  if (problems.length > 0) return exitCodes.unreadable;
  if (exitZero) return exitCodes.fine;
  const some = (outcome: Outcome) => rows.some(({ verdict }) => verdict.outcome === outcome);
  if (some('blocked')) return exitCodes.blocked;
  return some('unknown') ? exitCodes.unknown : exitCodes.fine;
}
