import type { Stack } from 'aws-cdk-lib';
import type { ConfigParameters } from '../options/parameters.ts';
import type { Permission } from './written-role.ts';

/** Reading everything that a verdict depends on, in this account and in others; no writing. */
export const readPermissions = (
  stack: Stack,
  parameters: ConfigParameters,
): readonly Permission[] => [listFlowLogs, ...readDependencies(stack, parameters)];

/** Reading the buckets and keys of flow logs that somebody else lists. */
export const readDependencies = (
  stack: Stack,
  parameters: ConfigParameters,
): readonly Permission[] => [
  ...readBucketsAndKeys(stack),
  ...(parameters.OrganizationId === undefined ? [askOrganization] : []),
  ...readOtherAccounts(stack, parameters),
  ...readExemptions(stack, parameters.Exemptions),
];

const listFlowLogs: Permission = {
  sid: 'ListFlowLogs',
  actions: ['ec2:DescribeFlowLogs'],
  resources: ['*'],
  why: 'ec2:DescribeFlowLogs, config:PutEvaluations and config:DescribeConfigurationRecorders take no resource',
};

/** Reading the flow logs, buckets and keys of a member, whose organization is known. */
export const readAccount = (stack: Stack): readonly Permission[] => [
  listFlowLogs,
  ...readBucketsAndKeys(stack),
];

function readBucketsAndKeys(stack: Stack): readonly Permission[] {
  const { partition } = stack;
  return [
    {
      sid: 'ReadBuckets',
      actions: ['s3:GetEncryptionConfiguration', 's3:GetBucketPolicy'],
      resources: [`arn:${partition}:s3:::*`],
      why: 'A flow log may deliver to any bucket, of any account that lets us read its encryption and policy',
    },
    {
      sid: 'ReadKeys',
      actions: ['kms:DescribeKey', 'kms:ListGrants'],
      resources: [`arn:${partition}:kms:*:*:key/*`],
      why: 'A bucket may use any key, of any account that lets us describe it and list its grants',
    },
    readKeyPolicies(stack),
  ];
}

const askOrganization: Permission = {
  sid: 'AskOrganization',
  actions: ['organizations:DescribeOrganization'],
  resources: ['*'],
  why: 'organizations:DescribeOrganization takes no resource',
};

export const readKeyPolicies = ({ partition, account }: Stack): Permission => ({
  sid: 'ReadKeyPolicies',
  actions: ['kms:GetKeyPolicy'],
  resources: [`arn:${partition}:kms:*:${account}:key/*`],
  why: 'A bucket may use any key of this account, in the Region of the bucket',
});

/** Reading other accounts through the reader role, and asking the aggregator which account owns a bucket. */
function readOtherAccounts(
  stack: Stack,
  { ReaderRoleName, Aggregator, OrganizationId }: ConfigParameters,
): readonly Permission[] {
  if (ReaderRoleName === undefined) return [];
  return [
    enterAccounts(stack, [ReaderRoleName], OrganizationId),
    ...(Aggregator === undefined ? [] : [askAggregator]),
  ];
}

/** Taking the roles of these names. A known organization id limits the permission to accounts of the organization. */
export const enterAccounts = (
  { partition }: Stack,
  roleNames: readonly string[],
  organizationId: string | undefined,
): Permission => ({
  sid: 'EnterAccounts',
  actions: ['sts:AssumeRole'],
  resources: roleNames.map((name) => `arn:${partition}:iam::*:role/${name}`),
  ...(organizationId === undefined
    ? {}
    : { conditions: { StringEquals: { 'aws:ResourceOrgID': organizationId } } }),
  why: 'Any account may be asked that has the role of this name and lets us take it',
});

export const askAggregator: Permission = {
  sid: 'AskAggregator',
  actions: ['config:SelectAggregateResourceConfig'],
  resources: ['*'],
  why: 'The ARN of an aggregator ends in an id that nobody chooses',
};

/** Reading the SSM parameter with the exemptions. No permission if the operator named no parameter. */
export const readExemptions = (
  stack: Stack,
  name: string | undefined,
  region = stack.region,
): readonly Permission[] =>
  name === undefined
    ? []
    : [
        {
          sid: 'ReadExemptions',
          actions: ['ssm:GetParameter'],
          resources: [
            `arn:${stack.partition}:ssm:${region}:${stack.account}:parameter/${name.replace(/^\//, '')}`,
          ],
          ...(region === '*' ? { why: 'There is a list of this name in each Region' } : {}),
        },
      ];
