import type { Unknown } from '../model/facts.ts';
import type { CheckAnswer } from '../model/verdict.ts';

/** The answer of a check where a fact is unknown. `otherwise` is the next step where the source knows none. */
export function unknownAnswer({ why, next }: Unknown, otherwise: string): CheckAnswer<'unknown'> {
  const outcome = 'unknown';
  return next === undefined
    ? { outcome, what: why, next: otherwise }
    : { outcome, what: why.slice(0, -`: ${next}`.length), next };
}
