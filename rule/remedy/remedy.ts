import { decide } from '../judge/decide.ts';
import { isUnknown, learned, type Facts } from '../model/facts.ts';
import { MAX_KEY_POLICY_BYTES } from '../model/kms.ts';
import type { Question } from '../model/question.ts';
import type { KeyStatement } from '../model/key-statement.ts';
import type { Verdict } from '../model/verdict.ts';
import { isDocument, statementsOf, textsAt } from '../policy/document.ts';
import { actionsFor, grantFor, merge, type Grant } from './grant.ts';

/** For whom a statement is asked: the flow log's account and Region, or everybody in the organization. */
export const scopes = ['flow-logs', 'organization'] as const;
export type Scope = (typeof scopes)[number];

/** The smallest change of a key policy that makes a verdict deliverable. */
export interface Remedy {
  readonly keyArn: string;
  readonly grant: Grant;
  /** As it will stand in the policy. */
  readonly statement: KeyStatement;
  /** Whether it takes the place of the statement of the same Sid. */
  readonly replaces: boolean;
  readonly before: unknown;
  readonly after: unknown;
}

/** The answer to the question for a remedy. */
export type Offer =
  | { readonly kind: 'remedy'; readonly remedy: Remedy }
  /** The key policy admits delivery, or need not: no statement is lacking. */
  | { readonly kind: 'not-needed'; readonly message: string }
  | NoRemedy;

/** No statement in the key policy settles the verdict. */
interface NoRemedy {
  readonly kind: 'none';
  /** The reason, and the next step of a person. */
  readonly message: string;
}

const none = (message: string): NoRemedy => ({ kind: 'none', message });

/** Looks for the statement that, in the key policy, makes this flow log deliverable. */
export function offerFor(facts: Facts, question: Question, scope: Scope = 'flow-logs'): Offer {
  const verdict = decide(unobserved(facts), question);
  if (verdict.outcome === 'deliverable' || verdict.outcome === 'exempt')
    return { kind: 'not-needed', message: verdict.message };
  const key = learned(facts.key);
  if (key === undefined || isUnknown(key.policy))
    return none(`${verdict.reason}: ${verdict.message}`);
  return offerForAll([facts], question, scope);
}

/** Looks for the one statement that makes all these flow logs of one key deliverable. */
export function offerForAll(
  all: readonly Facts[],
  question: Question,
  scope: Scope = 'flow-logs',
): Exclude<Offer, { kind: 'not-needed' }> {
  const key = all.map((facts) => learned(facts.key)).find((each) => each !== undefined);
  if (key === undefined || isUnknown(key.policy)) return none('key policy is not known');
  const before = key.policy.document;
  const grant = grantIn(scope, all, question);
  const merged = merge(before, grant);
  if (merged === undefined) return none(`policy of key ${key.arn} has no Statement: write it anew`);
  const { document: after, statement, replaces } = merged;
  const left = all
    .map((facts) => judgeWith(after, facts, question))
    .find(({ outcome }) => outcome !== 'deliverable');
  if (left !== undefined) return none(`${left.reason ?? left.outcome}: ${left.message}`);
  return { kind: 'remedy', remedy: { keyArn: key.arn, grant, statement, replaces, before, after } };
}

/** The same offer; none where KMS would refuse the policy with the remedy in it. */
export function acceptedByKms<O extends Offer>(offer: O): O | NoRemedy {
  const obstacle = offer.kind === 'remedy' ? obstacleTo(offer.remedy) : undefined;
  return obstacle === undefined ? offer : none(obstacle);
}

/** The statement of an offer; null where no statement settles the verdict, or none is needed. */
export const statementIn = (offer: Offer): KeyStatement | null =>
  offer.kind === 'remedy' ? offer.remedy.statement : null;

/** The verdict if this were the key policy. */
export function judgeWith(policy: unknown, facts: Facts, question: Question): Verdict {
  return decide(unobserved(withPolicy(policy, facts)), question);
}

/** The facts as if this were the key policy, where there is a key. */
export function withPolicy(document: unknown, facts: Facts): Facts {
  const key = learned(facts.key);
  return key === undefined
    ? facts
    : { ...facts, key: { ...key, policy: { kind: 'policy', document } } };
}

/** What AWS observed came of the policy as it was, and says nothing of what another would do. */
const unobserved = (facts: Facts): Facts => ({
  ...facts,
  flowLog: { ...facts.flowLog, observed: { status: undefined, error: undefined } },
});

/** Throws where the organization is asked for and nobody said which. */
function grantIn(scope: Scope, all: readonly Facts[], question: Question): Grant {
  if (scope === 'flow-logs')
    return grantFor(
      all.map(({ flowLog }) => flowLog),
      question,
    );
  const { organizationId } = question;
  if (organizationId === undefined) throw new Error('scope organization needs the organization id');
  return { actions: actionsFor(question), admitted: { organizationId } };
}

/** Why KMS would not take the policy with the remedy in it; undefined where nothing is in the way. */
export function obstacleTo({ after, grant, keyArn }: Remedy): string | undefined {
  const gone = principalsIn(after).filter((name) => deletedPrincipal.test(name));
  if (gone.length > 0)
    return `policy of key ${keyArn} names principals that no longer exist, and KMS refuses it with them: take out ${gone.join(', ')}`;
  const bytes = Buffer.byteLength(JSON.stringify(after));
  if (bytes <= MAX_KEY_POLICY_BYTES) return undefined;
  const next =
    'organizationId' in grant.admitted
      ? 'take out what nobody needs'
      : 'admit the whole organization instead (scope organization), or take out what nobody needs';
  return `policy of key ${keyArn} would take ${bytes} bytes, and KMS takes ${MAX_KEY_POLICY_BYTES}: ${next}`;
}

/** The users, roles and accounts that a policy names as principals, each once. */
export function principalsIn(policy: unknown): readonly string[] {
  if (!isDocument(policy)) return [];
  const names = statementsOf(policy).flatMap((statement) =>
    ['Principal', 'NotPrincipal'].flatMap((element) => textsAt(statement, element, 'AWS')),
  );
  return [...new Set(names)];
}

/** What AWS shows in a policy for a user or role that was deleted. */
const deletedPrincipal = /^A(ID|RO)A[A-Z0-9]{13,}$/;
