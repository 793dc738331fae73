import { knownOf, withKey } from './context.ts';
import { unsettledKeys, type Decision } from './decision.ts';
import { casesOf } from './known.ts';
import type { Request } from './request.ts';

/** The splits of a question: real policies need two at most. */
const MAX_SPLITS = 32;

type Decide = (request: Request) => Decision;

/**
 * Settles an unsure decision by cases: where a key has a short list of cases, each case is decided, and an outcome
 * of all cases holds.
 */
export const outcomeByCases = (
  decide: Decide,
  request: Request,
  decision: Decision,
): Decision['outcome'] => split(request, decision, { decide, left: MAX_SPLITS });

interface SplitBudget {
  readonly decide: Decide;
  left: number;
}

function split(request: Request, decision: Decision, budget: SplitBudget): Decision['outcome'] {
  const { context } = request;
  const hasCases = (name: string): boolean =>
    !name.endsWith('*') && casesOf(knownOf(context, name)).length > 1;
  const key = unsettledKeys(decision).find(hasCases);
  if (key === undefined || budget.left-- <= 0) return 'unsure';
  let common: Decision['outcome'] | undefined;
  for (const known of casesOf(knownOf(context, key))) {
    const narrowed = { ...request, context: withKey(context, key, known) };
    const each = budget.decide(narrowed);
    const outcome = each.outcome === 'unsure' ? split(narrowed, each, budget) : each.outcome;
    if (outcome === 'unsure' || (common !== undefined && common !== outcome)) return 'unsure';
    common = outcome;
  }
  return common ?? 'unsure';
}
