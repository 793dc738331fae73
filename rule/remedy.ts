import { decide } from './decide.ts';
import { deliveryService, sourceArn } from './delivery.ts';
import {
  isUnknown,
  learned,
  type Facts,
  type FlowLog,
  type PolicyDocument,
} from './model/facts.ts';
import type { Question } from './model/question.ts';
import type { KeyStatement, OneOrMore } from './model/result.ts';

/** The actions that AWS documents for delivery. */
const documentedActions = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncrypt*',
  'kms:GenerateDataKey*',
  'kms:DescribeKey',
];

/**
 * The statement that lets AWS deliver these flow logs, and no others.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html
 */
export function statementFor(
  flowLogs: readonly FlowLog[],
  { requiredActions }: Question,
): KeyStatement {
  const granted = documentedActions.map((action) => action.replace('*', ''));
  const others = requiredActions.filter(
    (action) => !granted.some((prefix) => action.startsWith(prefix)),
  );
  return {
    Sid: 'FlowLogKeyRule',
    Effect: 'Allow',
    Principal: { Service: deliveryService },
    Action: [...documentedActions, ...others],
    Resource: '*',
    Condition: {
      StringEquals: { 'aws:SourceAccount': oneOrMore(flowLogs.map(({ accountId }) => accountId)) },
      ArnLike: { 'aws:SourceArn': oneOrMore(flowLogs.map(sourceArn)) },
    },
  };
}

/** Each once and in order; one alone as policies are usually written. */
function oneOrMore(values: readonly string[]): OneOrMore {
  const [first, ...more] = [...new Set(values)].sort();
  return first === undefined || more.length > 0 ? [first ?? '', ...more] : first;
}

/** The statement that, added to the key policy, makes this flow log deliverable; null where no statement does. */
export function remedyFor(facts: Facts, question: Question): KeyStatement | null {
  const key = learned(facts.key);
  if (key === undefined || isUnknown(key.policy)) return null;
  // What AWS observed came of the policy as it was, and says nothing of what a statement would do.
  const flowLog = { ...facts.flowLog, observed: { status: undefined, error: undefined } };
  const deliverable = (policy: PolicyDocument): boolean =>
    decide({ ...facts, flowLog, key: { ...key, policy } }, question).outcome === 'deliverable';
  const statement = statementFor([flowLog], question);
  const mended = withStatement(key.policy, statement);
  if (mended === undefined || deliverable(key.policy)) return null;
  return deliverable(mended) ? statement : null;
}

/** The policy with the statement after all the others; undefined for what is no policy. */
function withStatement(
  { document }: PolicyDocument,
  statement: KeyStatement,
): PolicyDocument | undefined {
  if (typeof document !== 'object' || document === null || !('Statement' in document))
    return undefined;
  const { Statement: present } = document;
  const statements: unknown[] = Array.isArray(present) ? present : [present];
  return { document: { ...document, Statement: [...statements, statement] } };
}
