import { Duration, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { centralDeadLetters } from '../rule/node-function.ts';
import { type RoleOptions, writtenRole } from '../rule/written-role.ts';
import type { Names } from './names.ts';
import type { OrganizationOptions } from '../options/organization.ts';

const types = { resourceType: ['AWS::KMS::Key', 'AWS::KMS::Alias', 'AWS::S3::Bucket'] };

/**
 * Changes of keys, aliases and buckets in the records of AWS Config. A large item comes as a summary.
 * https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html
 */
export const changePattern = {
  source: ['aws.config'],
  'detail-type': ['Config Configuration Item Change'],
  detail: {
    $or: [{ configurationItem: types }, { configurationItemSummary: types }],
  },
};

/** A change that waits longer becomes a dead letter or rings an alarm. All attempts of the ripple take half an hour. */
export const LONGEST_WAIT = Duration.minutes(45);

export interface ForwardedProps {
  readonly names: Names;
  readonly central: string;
  readonly busArn: string;
  readonly roleArn: string;
}

/**
 * The rule of a member that sends changes to the central bus. EventBridge takes a dead-letter queue of another account,
 * and of the Region of the rule only, so a lost change goes to the evaluator's queue of dead letters in this Region.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function forwardChanges(
  scope: Construct,
  { names, central, busArn, roleArn }: ForwardedProps,
): CfnRule {
  const { partition, region } = Stack.of(scope);
  const queue = centralDeadLetters(names.evaluatorFunction);
  return new CfnRule(scope, 'Changes', {
    name: names.changes,
    description: 'Sends changes of keys and buckets to the central account',
    eventPattern: changePattern,
    targets: [
      {
        id: 'Central',
        arn: busArn,
        roleArn,
        deadLetterConfig: { arn: `arn:${partition}:sqs:${region}:${central}:${queue}` },
        retryPolicy: { maximumEventAgeInSeconds: LONGEST_WAIT.toSeconds() },
      },
    ],
  });
}

/** The 8,192 bytes of a queue's policy hold this many account ids beside the rest. */
const MAX_ACCOUNTS_OF_A_QUEUE = 400;

/**
 * Admits lost changes from the rules of the organization into a queue. AWS documents aws:SourceAccount for EventBridge,
 * and does not say whether EventBridge sends aws:SourceOrgID.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 */
export function admitLostChanges(
  queue: IQueue,
  { id, memberAccounts, names }: OrganizationOptions,
): void {
  const { partition, region } = Stack.of(queue);
  const admit = (sid: string, condition: Readonly<Record<string, string | string[]>>): void => {
    const statement = new PolicyStatement({
      sid,
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: {
        ArnLike: { 'aws:SourceArn': `arn:${partition}:events:${region}:*:rule/${names.changes}` },
        StringEquals: condition,
      },
    });
    queue.addToResourcePolicy(statement);
  };
  admit('ChangesOfTheOrganization', { 'aws:SourceOrgID': id });
  if (memberAccounts.length <= MAX_ACCOUNTS_OF_A_QUEUE)
    admit('ChangesOfTheseAccounts', { 'aws:SourceAccount': [...memberAccounts] });
}

export interface ForwarderRoleProps {
  readonly names: Names;
  readonly busArn: string;
  readonly options: RoleOptions;
}

/**
 * The role of the rule that sends changes. Only this rule of this account may take the role.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
 */
export function forwarderRole(
  scope: Construct,
  { names, busArn, options }: ForwarderRoleProps,
): Role {
  const { account, partition } = Stack.of(scope);
  return writtenRole(new Construct(scope, 'Forwarder'), {
    roleName: names.forwarder,
    description: 'Sends changes of keys and buckets to the central account',
    assumedBy: new ServicePrincipal('events.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:${partition}:events:*:${account}:rule/${names.changes}` },
      },
    }),
    policy: 'Forward',
    permissions: [{ sid: 'SendChanges', actions: ['events:PutEvents'], resources: [busArn] }],
    options,
  });
}
