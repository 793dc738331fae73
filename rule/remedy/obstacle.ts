import { MAX_KEY_POLICY_BYTES } from '../model/kms.ts';
import { isDocument, statementsOf, textsAt } from '../policy/document.ts';
import { isObject } from '../policy/json.ts';
import { noRemedy, type NoRemedy, type Offer, type Remedy } from './remedy.ts';

/** Returns the offer, or no remedy where KMS would refuse the policy with the remedy. */
export function acceptedByKms<O extends Offer>(offer: O): O | NoRemedy {
  const obstacle = offer.kind === 'remedy' ? obstacleTo(offer.remedy) : undefined;
  return obstacle === undefined ? offer : noRemedy(obstacle);
}

/** The reason for which KMS would refuse the policy with the remedy; undefined where KMS would accept the policy. */
export function obstacleTo({ after, grant, keyArn, mayQuote }: Remedy): string | undefined {
  const lacking = elementsLackingIn(after);
  if (lacking.length > 0)
    return `policy of key ${keyArn} has a statement without ${lacking.join(', and one without ')}: KMS keeps such old statements, which have no effect, and accepts no new policy that has one: complete it or take it out`;
  const [character] = REFUSED_CHARACTER.exec(JSON.stringify(after)) ?? [];
  if (character !== undefined)
    return `policy of key ${keyArn} has ${mayQuote ? `the character ${codePointOf(character)}` : 'a character of another kind'}, and KMS accepts printable ASCII and Latin-1 only: write it otherwise`;
  const deleted = principalsIn(after).filter((name) => DELETED_PRINCIPAL.test(name));
  if (deleted.length > 0)
    return `policy of key ${keyArn} names principals that no longer exist, so KMS refuses the policy: take out ${mayQuote ? deleted.join(', ') : 'these principals of that policy'}`;
  const bytes = Buffer.byteLength(JSON.stringify(after));
  if (bytes <= MAX_KEY_POLICY_BYTES) return undefined;
  const next =
    grant.admitted.kind === 'organization'
      ? 'take out statements that nobody needs'
      : 'admit the whole organization instead (scope organization), or take out statements that nobody needs';
  return `policy of key ${keyArn} would take ${bytes} bytes, and KMS takes ${MAX_KEY_POLICY_BYTES}: ${next}`;
}

/** The elements that some statement lacks. Since August 2025 KMS refuses a new policy with such a statement. */
function elementsLackingIn(policy: unknown): readonly string[] {
  const statements = isDocument(policy) ? statementsOf(policy).filter(isObject) : [];
  return ['Action', 'Resource'].filter((element) =>
    statements.some((each) => each[element] === undefined && each[`Not${element}`] === undefined),
  );
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html#KMS-PutKeyPolicy-request-Policy */
const REFUSED_CHARACTER = /[^\t\n\r\u0020-\u00ff]/u;

const codePointOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** The users, roles and accounts that a policy names as principals, each once. */
export function principalsIn(policy: unknown): readonly string[] {
  if (!isDocument(policy)) return [];
  const names = statementsOf(policy).flatMap((statement) =>
    ['Principal', 'NotPrincipal'].flatMap((element) => textsAt(statement, element, 'AWS')),
  );
  return [...new Set(names)];
}

/** The id in place of a deleted user or role: AWS shows the id where the policy had an ARN. */
const DELETED_PRINCIPAL = /^A(ID|RO)A[A-Z0-9]{13,}$/;
