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
  const { document, name } = shared(text, () => readDocument(text));
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

/** A policy, and the name that stands twice in an object. */
interface ReadDocument {
  readonly document: unknown;
  readonly name: string | undefined;
}

/** Bounds the memory: a key policy has up to 32 KB. */
const MAX_SHARED = 500;

const shared = boundedCache<ReadDocument>(MAX_SHARED);

function readDocument(text: string): ReadDocument {
  const document: unknown = JSON.parse(text);
  return { document, name: isWrittenAs(text, document) ? undefined : repeatedName(text) };
}

/** Whether the document is written as this text: a name that stands twice in a text is written once. */
function isWrittenAs(text: string, document: unknown): boolean {
  try {
    return JSON.stringify(document) === text;
  } catch {
    // The document is nested too deep to be written.
    return false;
  }
}
