import type { Stack } from 'aws-cdk-lib';

/** Actions that a role of ours may call, on what, and when. */
export interface Permission {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Why a wildcard among the resources is right. */
  readonly why?: string;
}

/** The rule's parameters by their names. */
type Parameters = Readonly<Record<string, string>>;

/** What it takes to judge a flow log: it reads, and that is all. */
export function readPermissions(stack: Stack, parameters: Parameters): readonly Permission[] {
  const { partition, account } = stack;
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
    {
      sid: 'ReadKeyPolicies',
      actions: ['kms:GetKeyPolicy'],
      resources: [arn(`kms:*:${account}:key/*`)],
      why: 'A bucket may use any key of this account, in the Region of the bucket',
    },
    ...readAcross(stack, parameters),
    ...readExemptions(stack, parameters.Exemptions),
  ];
}

/** What it takes to look into other accounts: the role of the one name in them, and whom to ask which account. */
function readAcross(
  { partition }: Stack,
  { ReaderRoleName, Aggregator, OrganizationId }: Parameters,
): readonly Permission[] {
  if (ReaderRoleName === undefined) return [];
  const conditions =
    OrganizationId === undefined
      ? {}
      : { conditions: { StringEquals: { 'aws:ResourceOrgID': OrganizationId } } };
  return [
    {
      sid: 'EnterAccounts',
      actions: ['sts:AssumeRole'],
      resources: [`arn:${partition}:iam::*:role/${ReaderRoleName}`],
      ...conditions,
      why: 'A bucket or key may be in any account that has the role of this name and lets us take it',
    },
    ...(Aggregator === undefined
      ? []
      : [
          {
            sid: 'AskAggregator',
            actions: ['config:SelectAggregateResourceConfig'],
            resources: ['*'],
            why: 'The ARN of an aggregator ends in an id that nobody chooses',
          },
        ]),
  ];
}

/** What it takes to read the exemptions: the one parameter that has them, where there is one. */
const readExemptions = (stack: Stack, name: string | undefined): readonly Permission[] =>
  name === undefined
    ? []
    : [
        {
          sid: 'ReadExemptions',
          actions: ['ssm:GetParameter'],
          resources: [
            `arn:${stack.partition}:ssm:${stack.region}:${stack.account}:parameter/${name.replace(/^\//, '')}`,
          ],
        },
      ];

/** What a function needs for its own log group. */
export const writeLogs = (logGroupArn: string): Permission => ({
  sid: 'WriteLogs',
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: [logGroupArn],
});

export interface EvaluatorPermissionProps {
  readonly stack: Stack;
  readonly logGroupArn: string;
  readonly deadLettersArn: string;
  readonly parameters: Parameters;
  readonly detailedFindings: boolean;
}

/** All that the evaluator may do: it reads, it reports, and it writes no policy. */
export function evaluatorPermissions(props: EvaluatorPermissionProps): readonly Permission[] {
  const { stack, logGroupArn, deadLettersArn, parameters, detailedFindings } = props;
  const { partition, region, account } = stack;
  const arn = (rest: string): string => `arn:${partition}:${rest}`;
  return [
    ...readPermissions(stack, parameters),
    {
      sid: 'Report',
      actions: [
        'config:PutEvaluations',
        'config:DescribeConfigurationRecorders',
        'config:DescribeConfigurationRecorderStatus',
      ],
      resources: ['*'],
    },
    {
      sid: 'FindOldResults',
      actions: ['config:GetComplianceDetailsByConfigRule'],
      resources: [arn(`config:${region}:${account}:config-rule/*`)],
      why: 'The ARN of a rule ends in an id that exists only after the function',
    },
    writeLogs(logGroupArn),
    { sid: 'WriteDeadLetters', actions: ['sqs:SendMessage'], resources: [deadLettersArn] },
    ...(detailedFindings
      ? [
          {
            sid: 'ImportFindings',
            actions: ['securityhub:BatchImportFindings'],
            resources: [arn(`securityhub:${region}:${account}:product/${account}/default`)],
          },
          {
            sid: 'ReadFindings',
            actions: ['securityhub:GetFindings'],
            resources: [arn(`securityhub:${region}:${account}:hub/default`)],
          },
        ]
      : []),
  ];
}
