import { repeatedName } from '../basics/repeated-name.ts';
import { unknown, type PolicyDocument, type Unknown } from './facts.ts';

/**
 * The policy in a text; unknown where a name stands twice: AWS does not document which of the two counts. `subject` names
 * the policy. Throws a SyntaxError for a text that is not JSON.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function readPolicyText(subject: string, text: string): PolicyDocument | Unknown {
  const document: unknown = JSON.parse(text);
  const name = repeatedName(text);
  if (name === undefined) return { kind: 'policy', document };
  const saying = (named: string): string =>
    `${subject} has ${named} twice in one object, and AWS does not document which of the two counts`;
  const next = 'edit the policy by hand, so that the name stands once';
  return {
    ...unknown(saying(`the name "${name.slice(0, MAX_SHOWN)}"`), next),
    unquoted: `${saying('a name')}: ${next}`,
  };
}

const MAX_SHOWN = 64;
