import type { Facts, Unknown } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { PolicyAnswer } from '../policy/ask-policy.ts';
import { settlingHint, settlingStep } from './delivery.ts';

/** An answer that needs words. */
export type Refusal = Exclude<PolicyAnswer, { outcome: 'allowed' }>;

interface Wording {
  /** False if messages must not quote the policy. */
  readonly mayQuote: boolean;
  readonly organization: Facts['organization'];
  readonly question: Question;
}

/** The reason for an answer of a policy. */
export function answerInWords(answer: Refusal, { mayQuote }: Pick<Wording, 'mayQuote'>): string {
  if (!mayQuote) return withoutWords(answer);
  return answer.outcome === 'denied' ? answer.why : answer.why + settlingHint(answer.unsettled);
}

/** The reason without any word of the policy. */
function withoutWords(answer: Refusal): string {
  if (answer.outcome === 'unsure') return 'a statement of that policy may or may not apply';
  return answer.forbidden
    ? 'a statement of that policy forbids it'
    : 'no statement of that policy allows it';
}

/**
 * The next step after a refusal or doubt: a Deny has to exempt AWS services, and a lacking Allow has to be added, by the
 * step `toAllow`.
 */
export function nextStep(
  { nearest, ...answer }: Refusal,
  toAllow: string,
  { mayQuote, organization, question }: Wording,
): string {
  if (nearest?.effect === 'unreadable')
    return 'write the statement anew, as AWS documents statements';
  const settling =
    answer.outcome === 'unsure' && mayQuote
      ? settlingStep(answer.unsettled, question, organization)
      : undefined;
  if (settling !== undefined) return settling;
  return nearest?.effect === 'Deny' ? exemptServices(nearest.keys) : toAllow;
}

/** A Deny with this condition beside the others applies to people and roles as before, and never to an AWS service. */
function exemptServices(keys: readonly string[]): string {
  return keys.some((key) => /^aws:PrincipalIsAWSService$/i.test(key))
    ? 'exempt AWS services from that Deny: its condition aws:PrincipalIsAWSService forbids these'
    : 'exempt AWS services from that Deny: add BoolIfExists aws:PrincipalIsAWSService "false" to it';
}

/** A policy that is unknown, without the words of the policy where nobody may quote these. */
export const unreadPolicy = (policy: Unknown, mayQuote: boolean): Unknown =>
  mayQuote ? policy : { ...policy, why: policy.unquoted ?? policy.why };
