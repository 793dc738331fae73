import { accountIn } from '../model/arn.ts';
import { deliveryService, sourceArn } from '../judge/delivery.ts';
import type { FlowLog } from '../model/facts.ts';
import { deliveryActions } from '../model/kms.ts';
import type { Question } from '../model/question.ts';
import type { KeyStatement, OneOrMore } from '../model/key-statement.ts';
import { isDocument, sidOf, statementsOf, textsAt, type Document } from '../policy/document.ts';
import { canonical } from '../policy/canonical.ts';

/** Whom a statement of ours lets AWS deliver for: flow logs of an account and Region each, or an organization's. */
export type Admitted =
  { readonly sourceArns: readonly string[] } | { readonly organizationId: string };

/** What is put into a key policy, or taken back from it. */
export interface Grant {
  readonly actions: readonly string[];
  readonly admitted: Admitted;
}

const documentedActions = Object.keys(deliveryActions);

/** The actions that a statement needs: those that AWS documents, and what else is required. */
export function actionsFor({ requiredActions }: Question): readonly string[] {
  const granted = documentedActions.map((action) => action.replace('*', ''));
  const others = requiredActions.filter(
    (action) => !granted.some((prefix) => action.startsWith(prefix)),
  );
  return [...documentedActions, ...others];
}

/** What delivery of these flow logs needs, and nothing that others could use. */
export const grantFor = (
  flowLogs: readonly Pick<FlowLog, 'partition' | 'region' | 'accountId'>[],
  question: Question,
): Grant => ({
  actions: actionsFor(question),
  admitted: { sourceArns: flowLogs.map(sourceArn) },
});

/** What our statements are called, with a number after it where the name is taken. */
const SID = 'FlowLogKeyRule';

/**
 * The statement that lets AWS deliver, and nobody else use the key.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html
 */
export const statementOf = ({ actions, admitted }: Grant, sid = SID): KeyStatement => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: { Service: deliveryService },
  Action: actions,
  Resource: '*',
  Condition:
    'organizationId' in admitted
      ? { StringEquals: { 'aws:SourceOrgID': admitted.organizationId } }
      : {
          StringEquals: { 'aws:SourceAccount': oneOrMore(admitted.sourceArns.map(accountIn)) },
          ArnLike: { 'aws:SourceArn': oneOrMore(admitted.sourceArns) },
        },
});

/** Each once and in order; one alone as policies are usually written. */
function oneOrMore(values: readonly string[]): OneOrMore {
  const [first, ...more] = [...new Set(values)].sort();
  return first === undefined || more.length > 0 ? [first ?? '', ...more] : first;
}

/** A policy with a statement of ours in it. */
export interface Merged {
  readonly document: Document;
  readonly statement: KeyStatement;
  /** Whether the statement takes the place of the one of the same Sid. */
  readonly replaces: boolean;
}

/**
 * The policy that grants this too; undefined for what is no policy. A statement of ours that nobody has changed grows;
 * else another comes after all the others, which stay as they are.
 */
export function merge(policy: unknown, grant: Grant): Merged | undefined {
  if (!isDocument(policy)) return undefined;
  const statements = statementsOf(policy);
  const own = statements.map((each) => grown(each, grant));
  const at = own.findIndex((each) => each !== undefined);
  const statement = own[at] ?? statementOf(grant, freeSid(statements));
  const replaces = at >= 0;
  const Statement = replaces ? statements.with(at, statement) : [...statements, statement];
  return { document: { ...policy, Statement }, statement, replaces };
}

/** A statement of ours with this grant in it too; undefined where it is not ours, or for something else. */
function grown(statement: unknown, grant: Grant): KeyStatement | undefined {
  const { admitted, actions } = grant;
  const sid = sidOf(statement);
  if (sid === undefined || !ownSid.test(sid)) return undefined;
  if ('organizationId' in admitted) {
    const ours = statementOf(grant, sid);
    return isSame(statement, ours) ? ours : undefined;
  }
  const own = ownSourceArnsIn(statement, actions);
  return (
    own && statementOf({ actions, admitted: { sourceArns: [...own, ...admitted.sourceArns] } }, sid)
  );
}

/** The policy without what was granted under this Sid; `gone` if it is there no more, `edited` if it was changed since. */
export function withdraw(
  policy: unknown,
  { sid, grant }: { sid: string; grant: Grant },
): { readonly document: Document } | 'gone' | 'edited' {
  if (!isDocument(policy)) return 'edited';
  const statements = statementsOf(policy);
  const named = statements.flatMap((each, at) => (sidOf(each) === sid ? [at] : []));
  const [at] = named;
  if (at === undefined) return 'gone';
  if (named.length > 1) return 'edited';
  const left = without(statements[at], grant);
  if (left === 'gone' || left === 'edited') return left;
  return {
    document: {
      ...policy,
      Statement: left === undefined ? statements.toSpliced(at, 1) : statements.with(at, left),
    },
  };
}

/** What stays of our statement without the grant; undefined if that is nothing. */
function without(statement: unknown, grant: Grant): KeyStatement | undefined | 'gone' | 'edited' {
  const { admitted, actions } = grant;
  const sid = sidOf(statement);
  if ('organizationId' in admitted)
    return isSame(statement, statementOf(grant, sid)) ? undefined : 'edited';
  const own = ownSourceArnsIn(statement, actions);
  if (own === undefined) return 'edited';
  const sourceArns = own.filter((arn) => !admitted.sourceArns.includes(arn));
  if (sourceArns.length === own.length) return 'gone';
  if (sourceArns.length === 0) return undefined;
  return statementOf({ actions, admitted: { sourceArns } }, sid);
}

/** The flow logs that a statement of ours, as nobody has changed it, is for: it is what we would write for them. */
function ownSourceArnsIn(
  statement: unknown,
  actions: readonly string[],
): readonly string[] | undefined {
  const sourceArns = textsAt(statement, 'Condition', 'ArnLike', 'aws:SourceArn');
  if (sourceArns.length === 0 || !sourceArns.every((arn) => ownArn.test(arn))) return undefined;
  const ours = statementOf({ actions, admitted: { sourceArns } }, sidOf(statement));
  return isSame(statement, ours) ? sourceArns : undefined;
}

const ownSid = new RegExp(`^${SID}\\d*$`);
const ownArn = /^arn:aws[a-z-]*:logs:[a-z0-9-]+:\d{12}:\*$/;

const isSame = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

function freeSid(statements: readonly unknown[]): string {
  const taken = new Set(statements.map(sidOf));
  let sid = SID;
  for (let n = 2; taken.has(sid); n++) sid = `${SID}${n}`;
  return sid;
}
