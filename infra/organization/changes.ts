import { Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { writtenRole } from '../rule/written-role.ts';
import { names } from './names.ts';

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

/** The rule of a member that sends changes to the central bus. */
export const forwardChanges = (
  scope: Construct,
  { busArn, roleArn }: { readonly busArn: string; readonly roleArn: string },
): CfnRule =>
  new CfnRule(scope, 'Changes', {
    name: names.changes,
    description: 'Sends changes of keys and buckets to the central account',
    eventPattern: changePattern,
    targets: [{ id: 'Central', arn: busArn, roleArn }],
  });

export interface ForwarderRoleProps {
  readonly busArn: string;
  readonly permissionsBoundaryArn: string | undefined;
}

/**
 * The role of the rule that sends changes. Only this rule of this account may take the role.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
 */
export function forwarderRole(
  scope: Construct,
  { busArn, permissionsBoundaryArn }: ForwarderRoleProps,
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
    permissionsBoundaryArn,
  });
}
