import type { Facts, Unknown } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { PolicyAnswer } from '../policy/ask-policy.ts';
import { settlingHint } from './delivery.ts';

interface Wording {
  /** False if messages must not quote the policy. */
  readonly mayQuote: boolean;
  readonly organization: Facts['organization'];
  readonly question: Question;
}

/** The reason for an answer of a policy, and the way to settle doubt. */
export function answerInWords(
  answer: PolicyAnswer,
  { mayQuote, organization, question }: Wording,
): string {
  if (answer.outcome === 'allowed') return '';
  if (!mayQuote) return withoutWords(answer);
  if (answer.outcome === 'denied') return answer.why;
  return `${answer.why}${settlingHint(answer.unsettled, question, organization)}`;
}

/** The reason without any word of the policy. */
function withoutWords(answer: PolicyAnswer): string {
  if (answer.outcome === 'unsure') return 'a statement of that policy may or may not apply';
  return answer.outcome === 'denied' && answer.forbidden
    ? 'a statement of that policy forbids it'
    : 'no statement of that policy allows it';
}

/** The reason why a policy is unknown. */
export const unreadPolicyInWords = ({ why, unquoted }: Unknown, mayQuote: boolean): string =>
  mayQuote ? why : (unquoted ?? why);
