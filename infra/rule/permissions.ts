import type { Stack } from 'aws-cdk-lib';
import type { ConfigParameters } from '../options/parameters.ts';

/** Actions that a role of ours may call, on what, and when. */
export interface Permission {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Why a wildcard among the resources is right. */
  readonly why?: string;
}

/** What it takes to judge a flow log where it is and elsewhere: it reads, and that is all. */
export const readPermissions = (
  stack: Stack,
  parameters: ConfigParameters,
): readonly Permission[] => [
  ...readAccount(stack, parameters),
  ...readAcross(stack, parameters),
  ...readExemptions(stack, parameters.Exemptions),
];

/** What it takes to look at the flow logs, buckets and keys of an account. */
export function readAccount(stack: Stack, parameters: ConfigParameters): readonly Permission[] {
  const { partition } = stack;
  const bucketPolicies = parameters.AlsoCheck?.includes('bucket-policy') ?? false;
  const arn = (rest: string): string => `arn:${partition}:${rest}`;
  return [
    {
      sid: 'ListFlowLogs',
      actions: ['ec2:DescribeFlowLogs'],
      resources: ['*'],
      why: 'ec2:DescribeFlowLogs, config:PutEvaluations and config:DescribeConfigurationRecorders take no resource',
    },
    {
      sid: 'ReadBuckets',
      actions: ['s3:GetEncryptionConfiguration', ...(bucketPolicies ? ['s3:GetBucketPolicy'] : [])],
      resources: [arn('s3:::*')],
      why: 'A flow log may deliver to any bucket, of any account that lets us read its encryption',
    },
    {
      sid: 'ReadKeys',
      actions: ['kms:DescribeKey'],
      resources: [arn('kms:*:*:key/*')],
      why: 'A bucket may use any key, of any account that lets us describe it',
    },
    readKeyPolicies(stack),
  ];
}

/** What it takes to read the policies of the keys of an account. */
export const readKeyPolicies = ({ partition, account }: Stack): Permission => ({
  sid: 'ReadKeyPolicies',
  actions: ['kms:GetKeyPolicy'],
  resources: [`arn:${partition}:kms:*:${account}:key/*`],
  why: 'A bucket may use any key of this account, in the Region of the bucket',
});

/** What it takes to look into other accounts: the role of the one name in them, and whom to ask which account. */
function readAcross(
  stack: Stack,
  { ReaderRoleName, Aggregator, OrganizationId }: ConfigParameters,
): readonly Permission[] {
  if (ReaderRoleName === undefined) return [];
  return [
    enterAccounts(stack, [ReaderRoleName], OrganizationId),
    ...(Aggregator === undefined ? [] : [askAggregator]),
  ];
}

/** What it takes to take the roles of these names, in accounts of the organization only where that is known. */
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

/** What it takes to ask which account has what. */
export const askAggregator: Permission = {
  sid: 'AskAggregator',
  actions: ['config:SelectAggregateResourceConfig'],
  resources: ['*'],
  why: 'The ARN of an aggregator ends in an id that nobody chooses',
};

/** What it takes to read the exemptions: the one parameter that has them, where there is one. */
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

/** What a function needs for events that it gives up. */
export const writeDeadLetters = (queueArn: string): Permission => ({
  sid: 'WriteDeadLetters',
  actions: ['sqs:SendMessage'],
  resources: [queueArn],
});

/** What a function needs for its own log group. */
export const writeLogs = (logGroupArn: string): Permission => ({
  sid: 'WriteLogs',
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: [logGroupArn],
});

/** What it takes to tell AWS Config, and Security Hub where it is told in detail, in these Regions of an account. */
export function reportPermissions(
  { partition, account }: Stack,
  { region, detailedFindings }: { readonly region: string; readonly detailedFindings: boolean },
): readonly Permission[] {
  const arn = (rest: string): string => `arn:${partition}:${rest}`;
  const why = region === '*' ? { why: 'A role serves all Regions of its account' } : {};
  return [
    {
      sid: 'Report',
      actions: [
        'config:PutEvaluations',
        'config:DescribeConfigurationRecorders',
        'config:DescribeConfigurationRecorderStatus',
      ],
      resources: ['*'],
      why: 'ec2:DescribeFlowLogs, config:PutEvaluations and config:DescribeConfigurationRecorders take no resource',
    },
    {
      sid: 'FindOldResults',
      actions: ['config:GetComplianceDetailsByConfigRule'],
      resources: [arn(`config:${region}:${account}:config-rule/*`)],
      why: 'The ARN of a rule ends in an id that exists only after the function',
    },
    ...(detailedFindings
      ? [
          {
            sid: 'ImportFindings',
            actions: ['securityhub:BatchImportFindings'],
            resources: [arn(`securityhub:${region}:${account}:product/${account}/default`)],
            ...why,
          },
          {
            sid: 'ReadFindings',
            actions: ['securityhub:GetFindings'],
            resources: [arn(`securityhub:${region}:${account}:hub/default`)],
            ...why,
          },
        ]
      : []),
  ];
}

export interface EvaluatorPermissionProps {
  readonly stack: Stack;
  readonly logGroupArn: string;
  readonly deadLettersArn: string;
  readonly parameters: ConfigParameters;
  readonly detailedFindings: boolean;
}

/** All that the evaluator may do: it reads, it reports, and it writes no policy. */
export const evaluatorPermissions = (props: EvaluatorPermissionProps): readonly Permission[] => [
  ...readPermissions(props.stack, props.parameters),
  ...reportPermissions(props.stack, {
    region: props.stack.region,
    detailedFindings: props.detailedFindings,
  }),
  writeLogs(props.logGroupArn),
  writeDeadLetters(props.deadLettersArn),
];
