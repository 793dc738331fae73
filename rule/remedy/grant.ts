import { deliveryService, sourceArn } from '../model/delivery-service.ts';
import { accountIn } from '../model/arn.ts';
import type { FlowLog } from '../model/facts.ts';
import type { KeyStatement, OneOrMore } from '../model/key-statement.ts';
import { deliveryActions } from '../model/kms.ts';
import type { Question } from '../model/question.ts';
import { sidOf, textsAt } from '../policy/document.ts';
import { canonical } from '../policy/canonical.ts';

/** The flow logs for which a statement lets AWS deliver: all of some accounts and Regions, or of an organization. */
export type Admitted =
  | { readonly kind: 'flow-logs'; readonly sourceArns: readonly string[] }
  | { readonly kind: 'organization'; readonly organizationId: string };

/** The content of our statement in a key policy. */
export interface Grant {
  readonly actions: readonly string[];
  readonly admitted: Admitted;
}

/** The names by which a grant admits flow logs: source ARNs, or an organization. */
export const namesAdmittedBy = ({ admitted }: Grant): readonly string[] =>
  admitted.kind === 'organization' ? [admitted.organizationId] : admitted.sourceArns;

const documentedActions = Object.keys(deliveryActions);

/** The actions of a statement: the actions AWS documents, and every other required action. */
export function actionsFor({ requiredActions }: Question): readonly string[] {
  const prefixes = documentedActions.map((action) => action.replace('*', ''));
  const others = requiredActions.filter(
    (action) => !prefixes.some((prefix) => action.startsWith(prefix)),
  );
  return [...documentedActions, ...others];
}

/** The smallest grant with which AWS can deliver these flow logs. */
export const grantFor = (
  flowLogs: readonly Pick<FlowLog, 'partition' | 'region' | 'accountId'>[],
  question: Question,
): Grant => ({
  actions: actionsFor(question),
  admitted: { kind: 'flow-logs', sourceArns: flowLogs.map(sourceArn) },
});

/** The Sid of our statements; a number follows where the Sid is taken. */
export const SID = 'FlowLogKeyRule';

/**
 * The statement for a grant: AWS can deliver, and nobody else can use the key.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html
 */
export const statementOf = ({ actions, admitted }: Grant, sid = SID): KeyStatement => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: { Service: deliveryService },
  Action: actions,
  Resource: '*',
  Condition: conditionOn(admitted),
});

function conditionOn(admitted: Admitted): KeyStatement['Condition'] {
  if (admitted.kind === 'organization')
    return { StringEquals: { 'aws:SourceOrgID': admitted.organizationId } };
  return {
    StringEquals: { 'aws:SourceAccount': oneOrMore(admitted.sourceArns.map(accountIn)) },
    ArnLike: { 'aws:SourceArn': oneOrMore(admitted.sourceArns) },
  };
}

/** Sorts the values and drops repetitions; a single value stands without a list, as policies are usually written. */
function oneOrMore(values: readonly string[]): OneOrMore {
  const [first, ...more] = [...new Set(values)].sort();
  return first === undefined || more.length > 0 ? [first ?? '', ...more] : first;
}

/** True if a stored statement equals the statement that this tool writes for the grant. */
export const isStatementOf = (grant: Grant, statement: unknown): boolean =>
  canonical(statement) === canonical(statementOf(grant, sidOf(statement)));

/** The source ARNs in our own statement; undefined for a foreign statement, and for our own after an edit. */
export function ownSourceArnsIn(
  statement: unknown,
  actions: readonly string[],
): readonly string[] | undefined {
  const sourceArns = textsAt(statement, 'Condition', 'ArnLike', 'aws:SourceArn');
  if (sourceArns.length === 0 || !sourceArns.every((arn) => OWN_ARN.test(arn))) return undefined;
  const grant: Grant = { actions, admitted: { kind: 'flow-logs', sourceArns } };
  return isStatementOf(grant, statement) ? sourceArns : undefined;
}

const OWN_ARN = /^arn:aws[a-z-]*:logs:[a-z0-9-]+:\d{12}:\*$/;
