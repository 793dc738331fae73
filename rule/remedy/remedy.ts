import { decide } from '../judge/decide.ts';
import { isUnknown, learned, type Facts } from '../model/facts.ts';
import type { KeyStatement } from '../model/key-statement.ts';
import { mayQuotePolicy, type Question } from '../model/question.ts';
import type { Verdict } from '../model/verdict.ts';
import { actionsFor, grantFor, type Grant } from './grant.ts';
import { merge } from './merge.ts';

/** The reach of a remedy: all flow logs of the same account and Region, or of the organization. */
export const scopes = ['flow-logs', 'organization'] as const;
export type Scope = (typeof scopes)[number];

/** The smallest change of a key policy that makes a verdict deliverable. */
export interface Remedy {
  readonly keyArn: string;
  readonly grant: Grant;
  /** Our statement in the policy with the remedy. */
  readonly statement: KeyStatement;
  /** True if the statement replaces the statement of the same Sid. */
  readonly replaces: boolean;
  readonly before: unknown;
  readonly after: unknown;
  /** False if messages must not quote the policies. */
  readonly mayQuote: boolean;
}

/** The answer to the question for a remedy. */
export type Offer =
  | { readonly kind: 'remedy'; readonly remedy: Remedy }
  /** The verdict is deliverable or exempt: no statement is lacking. */
  | { readonly kind: 'not-needed'; readonly message: string }
  | NoRemedy;

/** No statement in the key policy settles the verdict. */
export interface NoRemedy {
  readonly kind: 'none';
  /** The reason, and the next step of a person. */
  readonly message: string;
}

export const noRemedy = (message: string): NoRemedy => ({ kind: 'none', message });

/** Looks for the statement with which this flow log becomes deliverable. */
export function offerFor(facts: Facts, question: Question, scope: Scope = 'flow-logs'): Offer {
  const verdict = decide(unobserved(facts), question);
  if (verdict.outcome === 'deliverable' || verdict.outcome === 'exempt')
    return { kind: 'not-needed', message: verdict.message };
  const key = learned(facts.key);
  if (key === undefined || isUnknown(key.policy))
    return noRemedy(`${verdict.reason}: ${verdict.message}`);
  return offerForAll([facts], question, scope);
}

/** Looks for a single statement with which all these flow logs of the same key become deliverable. */
export function offerForAll(
  group: readonly Facts[],
  question: Question,
  scope: Scope = 'flow-logs',
): Exclude<Offer, { kind: 'not-needed' }> {
  const key = group.map((facts) => learned(facts.key)).find((key) => key !== undefined);
  if (key === undefined || isUnknown(key.policy)) return noRemedy('key policy is not known');
  const before = key.policy.document;
  const grant = grantIn(scope, group, question);
  const merged = merge(before, grant);
  if (merged === undefined)
    return noRemedy(`policy of key ${key.arn} has no Statement: write it anew`);
  const { document: after, statement, replaces } = merged;
  const obstacle = group
    .map((facts) => judgeWith(after, facts, question))
    .find(({ outcome }) => outcome !== 'deliverable');
  if (obstacle !== undefined)
    return noRemedy(`${obstacle.reason ?? obstacle.outcome}: ${obstacle.message}`);
  const mayQuote = group.every(({ flowLog }) => mayQuotePolicy(question, key, flowLog));
  const change = { grant, statement, replaces, before, after };
  return { kind: 'remedy', remedy: { keyArn: key.arn, mayQuote, ...change } };
}

/** The statement of an offer; null where no statement settles the verdict, or none is needed. */
export const statementIn = (offer: Offer): KeyStatement | null =>
  offer.kind === 'remedy' ? offer.remedy.statement : null;

/** Judges the facts as if the key had this policy. */
export function judgeWith(policy: unknown, facts: Facts, question: Question): Verdict {
  return decide(unobserved(withPolicy(policy, facts)), question);
}

/** The facts with this policy in place of the key's own; without a known key the facts stay unchanged. */
export function withPolicy(document: unknown, facts: Facts): Facts {
  const key = learned(facts.key);
  return key === undefined
    ? facts
    : { ...facts, key: { ...key, policy: { ...key.policy, kind: 'policy', document } } };
}

/** Drops the delivery status: AWS observed the status under the old policy, and a new policy may change the status. */
const unobserved = (facts: Facts): Facts => ({
  ...facts,
  flowLog: { ...facts.flowLog, observed: { status: undefined, error: undefined } },
});

/** Throws for scope organization without an organization id. */
function grantIn(scope: Scope, group: readonly Facts[], question: Question): Grant {
  if (scope === 'flow-logs')
    return grantFor(
      group.map(({ flowLog }) => flowLog),
      question,
    );
  const { organizationId } = question;
  if (organizationId === undefined) throw new Error('scope organization needs the organization id');
  return { actions: actionsFor(question), admitted: { kind: 'organization', organizationId } };
}
