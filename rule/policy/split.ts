import { knownOf, withKey } from './context.ts';
import type { Decision } from './decision.ts';
import { casesOf } from './known.ts';
import type { Request } from './request.ts';

/** The splits of a question: real policies need two at most. */
const MAX_SPLITS = 32;

interface Decider {
  readonly decide: (request: Request) => Decision;
  /** The condition keys to learn, to settle an unsure decision. */
  readonly unsettled: (decision: Decision, request: Request) => readonly string[];
}

/**
 * Settles an unsure decision by cases: where a key has a short list of cases, each case is decided, and an outcome
 * of all cases holds.
 */
export const outcomeByCases = (
  request: Request,
  decision: Decision,
  decider: Decider,
): Decision['outcome'] => split(request, decision, { ...decider, left: MAX_SPLITS });

interface Splits extends Decider {
  left: number;
}

function split(request: Request, decision: Decision, splits: Splits): Decision['outcome'] {
  const { context } = request;
  const hasCases = (name: string): boolean =>
    !name.endsWith('*') && casesOf(knownOf(context, name)).length > 1;
  const key = splits.unsettled(decision, request).find(hasCases);
  if (key === undefined || splits.left-- <= 0) return 'unsure';
  let common: Decision['outcome'] | undefined;
  for (const known of casesOf(knownOf(context, key))) {
    const narrowed = { ...request, context: withKey(context, key, known) };
    const each = splits.decide(narrowed);
    const outcome = each.outcome === 'unsure' ? split(narrowed, each, splits) : each.outcome;
    if (outcome === 'unsure' || (common !== undefined && common !== outcome)) return 'unsure';
    common = outcome;
  }
  return common ?? 'unsure';
}
