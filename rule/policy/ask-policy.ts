import { newBudget } from './budget.ts';
import { unsettledKeys, type Decision } from './decision.ts';
import { closest, explanationOf } from './explanation.ts';
import { decisionOf, decisiveOf, type Policy } from './policy.ts';
import type { Request } from './request.ts';
import type { Statement } from './statement.ts';

/** The answer of a policy to several requests together: the gravest of the decisions, with the actions decided so. */
export type PolicyAnswer = { readonly actions: readonly string[] } & (
  | { readonly outcome: 'allowed' }
  | {
      readonly outcome: 'denied';
      /** The reason for the first of the actions, in one sentence. */
      readonly why: string;
      /** Whether a Deny refuses: then no further Allow would help. */
      readonly forbidden: boolean;
      readonly nearest: Nearest | undefined;
    }
  | {
      readonly outcome: 'unsure';
      readonly why: string;
      /** The condition keys to learn, to settle the outcome; in the policy's own spelling. */
      readonly unsettled: readonly string[];
      readonly nearest: Nearest | undefined;
    }
);

/** The statement that the reason is about: a Deny that refuses or may refuse, or an Allow that does not apply. */
type Nearest = Pick<Statement, 'effect' | 'keys'>;

/** Asks a policy all the requests of one purpose; `caller` names the sender of the requests in the answer. */
export function askPolicy(
  policy: Policy,
  requests: readonly Request[],
  caller: string,
): PolicyAnswer {
  const outcomes = requests.map((request) => decisionOf(policy, request).outcome);
  const outcome = gravestFirst.find((each) => outcomes.includes(each)) ?? 'unsure';
  const gravest = requests.filter((_, index) => outcomes[index] === outcome);
  const actions = gravest.map(({ action }) => action);
  if (outcome === 'allowed') return { outcome, actions };
  const explained = gravest.map((request) => ({
    outcome,
    decisive: decisiveOf(policy, request),
    asked: { ...request, budget: newBudget() },
  }));
  const [first] = explained;
  const why = first === undefined ? 'nothing was asked' : explanationOf(first, caller);
  const nearest = first && closest(first.decisive, first.asked);
  if (outcome === 'denied')
    return {
      outcome,
      actions,
      why,
      nearest,
      forbidden: first?.decisive.some(({ effect }) => effect === 'Deny') ?? false,
    };
  const unsettled = explained.flatMap(({ decisive, asked }) => unsettledKeys(decisive, asked));
  return { outcome, actions, why, nearest, unsettled: [...new Set(unsettled)] };
}

/** The gravest first. */
const gravestFirst: readonly Decision['outcome'][] = ['denied', 'unsure', 'allowed'];
