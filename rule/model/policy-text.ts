import { boundedCache } from '../basics/memory.ts';
import { repeatedName } from '../basics/repeated-name.ts';
import { unknown, type PolicyDocument, type Unknown } from './facts.ts';

/**
 * The policy in a text; unknown where a name stands twice: AWS does not document which of the two counts. `subject` names
 * the policy. Throws a SyntaxError for a text that is not JSON. Equal texts share a document: then the policy that many keys
 * have is compiled once.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function readPolicyText(subject: string, text: string): PolicyDocument | Unknown {
  const { document, name } = shared(text, () => readText(text));
  if (name === undefined) return { kind: 'policy', document };
  const saying = (named: string): string =>
    `${subject} has ${named} twice in one object, and AWS does not document which of the two counts: edit the policy by hand, so that the name stands once`;
  return {
    ...unknown(saying(`the name "${name.slice(0, MAX_SHOWN)}"`)),
    unquoted: saying('a name'),
  };
}

const MAX_SHOWN = 64;

/** A policy, and the name that stands twice in an object. */
interface ReadText {
  readonly document: unknown;
  readonly name: string | undefined;
}

/** Bounds the memory: a key policy has up to 32 KB. */
const MAX_SHARED = 500;

const shared = boundedCache<ReadText>(MAX_SHARED);

function readText(text: string): ReadText {
  const document: unknown = JSON.parse(text);
  // A name that stood twice would be missing in the text anew.
  const isWhole = JSON.stringify(document) === text;
  return { document, name: isWhole ? undefined : repeatedName(text) };
}
