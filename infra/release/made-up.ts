import type { Context } from './choices.ts';

/** The frequency of the template with everything. */
export const baseFrequency = 'TwentyFour_Hours';

const account = '123456789012';
const arn = (rest: string): string => `arn:aws-made-up:${rest}`;
/** Two items, because some properties have a list for two items only. */
const twice = (item: string): readonly [string, string] => [item, `${item}-too`];

/** The made-up home Region of an organization. */
export const homeRegion = 'mm-made-up-1';

const topic = arn(`sns:${homeRegion}:${account}:alarm-topic`);
const approvalTopic = arn(`sns:made-up-1:${account}:Automation-approvals`);
const boundary = arn(`iam::${account}:policy/boundary`);
const approvers = twice(arn(`iam::${account}:role/approver`));
const keys = [
  arn(`kms:made-up-1:${account}:key/mrk-${'0'.repeat(32)}`),
  arn(`kms:made-up-1:${account}:key/mrk-${'1'.repeat(32)}`),
] as const;

const plainKey = arn(`kms:made-up-1:${account}:key/22222222-2222-4222-8222-222222222222`);
const subnets = ['subnet-00000001', 'subnet-00000002'] as const;
const securityGroups = ['sg-00000003', 'sg-00000004'] as const;

/** The end of the ARN of a made-up multi-Region key. */
const replica = `:${account}:key/mrk-${'3'.repeat(32)}`;
export const multiRegionKey = { arn: arn(`kms:made-up-1${replica}`), end: replica };

/**
 * Made-up options, as CDK context. All parts of the template are there, and each value is unlike every other value, so
 * parameters can take their place.
 */
export const madeUpOptions = {
  ruleName: 'rule-name-made-up',
  frequency: baseFrequency,
  requiredActions: 'kms:GetKeyLastUsage',
  alsoCheck: 'customer-key',
  unknownAs: 'NOT_APPLICABLE',
  organizationId: 'o-madeupmadeup',
  exemptions: '/exemptions/made-up',
  readerRoleName: 'reader-role-made-up',
  ownerAccounts: '210987654321',
  aggregator: 'aggregator-made-up',
  detailedFindings: 'true',
  reservedConcurrency: '997',
  callsAtOnce: '97',
  hook: 'fail',
  alarmTopicArn: topic,
  unknownThreshold: '918273',
  logRetentionDays: '3653',
  remediation: 'automatic',
  remediationKeys: keys.join(','),
  remediationApprovers: approvers.join(','),
  remediationApprovalTopicArn: approvalTopic,
  remediationAttempts: '23',
  remediationRetrySeconds: '1234567',
  remediationConcurrency: '89',
  remediationScope: 'flow-logs',
  remediationAccounts: '321098765432',
  remediationTable: 'new',
  permissionsBoundaryArn: boundary,
  rolePath: '/path-made-up/',
  roleNamePrefix: 'made-role-',
  encryptionKeyArn: plainKey,
  subnetIds: subnets.join(','),
  securityGroupIds: securityGroups.join(','),
  logLevel: 'TRACE',
} as const satisfies Context;

/** The made-up first characters of the names of an organization. */
export const namePrefix = 'made-name-';

/** Regions without a type have templates of their own, made for these Regions. */
export const regionsWithout = { hook: 'us-gov-west-1', remediation: 'ap-east-2' } as const;

/** The made-up name of the stack. */
export const STACK = 'StackMadeUp';

/** The made-up place of the functions. */
export const madeUpCode = { bucketName: 'code-bucket-made-up', prefix: 'code-prefix-made-up/' };

export const madeUpTag = { name: 'tag-name-made-up', value: 'tag-value-made-up' };

/** Lists of the template, and the parameters with the items. */
export const lists: readonly (readonly [readonly string[], string])[] = [
  [keys, 'RemediationKeyArns'],
  [approvers, 'RemediationApprovers'],
  [subnets, 'SubnetIds'],
  [securityGroups, 'SecurityGroupIds'],
];
