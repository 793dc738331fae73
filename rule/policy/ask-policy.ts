import { unsettledKeys, type Decision } from './decision.ts';
import { explanationOf } from './explanation.ts';
import { decisionOf, type Policy } from './policy.ts';
import type { Request } from './request.ts';

/** The answer of a policy to several requests together. */
export interface PolicyAnswer {
  /** The gravest of the decisions. */
  readonly outcome: Decision['outcome'];
  /** The actions with this outcome. */
  readonly actions: readonly string[];
  /** The reason for the first of the actions, in one sentence. */
  readonly why: string;
  /** Whether a Deny refuses: then no further Allow would help. */
  readonly forbidden: boolean;
  /** The condition keys to learn, to settle an unsure outcome; in the policy's own spelling. */
  readonly unsettled: readonly string[];
}

/** Asks a policy all the requests of one purpose; `caller` names the sender of the requests in the answer. */
export function askPolicy(
  policy: Policy,
  requests: readonly Request[],
  caller: string,
): PolicyAnswer {
  const answers = requests.map((request) => ({
    ...request,
    decision: decisionOf(policy, request),
  }));
  const outcome = (['denied', 'unsure', 'allowed'] as const).find((each) =>
    answers.some(({ decision }) => decision.outcome === each),
  );
  const gravest = answers.filter(({ decision }) => decision.outcome === outcome);
  const [first] = gravest;
  return {
    outcome: outcome ?? 'unsure',
    actions: gravest.map(({ action }) => action),
    why: first === undefined ? 'nothing was asked' : explanationOf(first.decision, caller),
    forbidden:
      outcome === 'denied' &&
      (first?.decision.decisive.some(({ effect }) => effect === 'Deny') ?? false),
    unsettled: [...new Set(gravest.flatMap(({ decision }) => unsettledKeys(decision)))],
  };
}
