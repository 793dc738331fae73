import { credentials, runAgainst, type Account, type Bucket, type Ended } from './aws-stand-in.ts';
import { functionCommand } from './function-command.ts';
import type { Organization, OrganizationAws } from './organization-stand-in.ts';

export const region = 'us-east-1';
export const central = '999988887777';
export const member = '111122223333';
export const archive = '444455556666';
export const security = '777788889999';

/** The roles in every account, of one name each. */
export const reader = 'flow-log-key-rule-reader';
export const reporter = 'flow-log-key-rule-reporter';
export const mender = 'flow-log-key-rule-mender';
export const executionReader = 'flow-log-key-rule-execution-reader';

/** All that each role may do: whatever else is called is refused. */
export const may: Readonly<Record<string, readonly string[]>> = {
  [reader]: [
    'DescribeFlowLogs',
    'GetBucketEncryption',
    'GetBucketPolicy',
    'DescribeKey',
    'GetKeyPolicy',
  ],
  [reporter]: [
    'PutEvaluations',
    'GetComplianceDetailsByConfigRule',
    'DescribeConfigurationRecorders',
    'DescribeConfigurationRecorderStatus',
  ],
  [mender]: ['GetKeyPolicy', 'PutKeyPolicy', 'GetItem', 'UpdateItem'],
  [executionReader]: ['GetAutomationExecution'],
};

/** The role of this name in each of the accounts. */
export const roleIn = (
  name: string,
  ...accounts: readonly string[]
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(accounts.map((each) => [`${each}/${name}`, may[name] ?? []]));

export const flowLogId = 'fl-0123456789abcdef0';
export const keyOf = (accountId: string): string =>
  `arn:aws:kms:${region}:${accountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const keyArn = keyOf(security);

export const policyFor = (service: string, accountId = member): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'kms:*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
      },
    ],
  });
export const admits = policyFor('delivery.logs.amazonaws.com');
export const refuses = policyFor('other.amazonaws.com');

export const bucketOf = (keyId: string): Bucket => ({
  region,
  encryption: { algorithm: 'aws:kms', keyId },
});

export const account = (accountId: string, has: Partial<Account> = {}): Account => ({
  accountId,
  regions: [region],
  flowLogs: [],
  flowLogsPerPage: 100,
  buckets: {},
  keys: {},
  aliases: {},
  rules: {},
  untaken: {},
  faults: [],
  ...has,
});

/** What has the rule and one flow log into this bucket. */
export const memberWith = (accountId: string, bucket: string): Account =>
  account(accountId, {
    flowLogs: [{ id: flowLogId, region, type: 's3', destination: `arn:aws:s3:::${bucket}` }],
    rules: { rule: [] },
  });

/** With this operation refused, as by a policy that denies it to all. */
export const refusing = (
  from: Account,
  operation: string,
  code = 'AccessDeniedException',
): Account => ({
  ...from,
  faults: [{ operation, answer: { status: code === 'AccessDenied' ? 403 : 400, code } }],
});

/** Everything is where it should be, and every role can be taken. */
export const world: Organization = {
  own: central,
  may: [],
  accounts: [
    account(central),
    memberWith(member, 'central-logs'),
    account(archive, { buckets: { 'central-logs': bucketOf(keyArn) } }),
    account(security, { keys: { [keyArn]: { policy: admits } } }),
  ],
  roles: { ...roleIn(reader, member, archive, security), ...roleIn(reporter, member) },
  shared: [],
};

export const without = (...roles: readonly string[]): Organization => ({
  ...world,
  roles: Object.fromEntries(Object.entries(world.roles).filter(([name]) => !roles.includes(name))),
});

export const having = (...changed: readonly Account[]): Organization => ({
  ...world,
  accounts: world.accounts.map(
    (each) => changed.find(({ accountId }) => accountId === each.accountId) ?? each,
  ),
});

// The evaluator ------------------------------------------------------------------------------------------------------

/** AWS Config's schedule in an account, for a rule with these parameters. */
export const scheduleIn = (
  accountId: string,
  parameters: Readonly<Record<string, string>> = { OwnerAccounts: `${security},${archive}` },
): object => ({
  version: '1.0',
  accountId,
  configRuleName: 'rule',
  configRuleId: 'config-rule-abcdef',
  configRuleArn: `arn:aws:config:${region}:${accountId}:config-rule/config-rule-abcdef`,
  executionRoleArn: `arn:aws:iam::${accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
  evaluationMode: 'DETECTIVE',
  eventLeftScope: false,
  resultToken: 'the-token',
  invokingEvent: JSON.stringify({
    messageType: 'ScheduledNotification',
    notificationCreationTime: '2026-11-23T04:05:06.789Z',
  }),
  ruleParameters: JSON.stringify({ ReaderRoleName: reader, ...parameters }),
});

/** Runs the built evaluator of the central account; several events one after the other, whatever becomes of each. */
export const evaluate = (
  aws: Pick<OrganizationAws, 'url'>,
  events: readonly object[],
): Promise<Ended> =>
  runAgainst(aws, functionCommand('evaluate'), {
    env: { ...credentials, AWS_REGION: region, REPORTER_ROLE_NAME: reporter },
    input: JSON.stringify({
      events,
      context: {
        awsRequestId: '0e7b7b6c-0000-4000-8000-000000000000',
        functionName: 'flow-log-key-rule',
        functionVersion: '$LATEST',
        invokedFunctionArn: `arn:aws:lambda:${region}:${central}:function:flow-log-key-rule`,
        memoryLimitInMB: '512',
      },
      milliseconds: 60_000,
    }),
  });

/** The results that an account was told. */
export const resultsIn = (aws: OrganizationAws, accountId: string) =>
  aws
    .of(accountId)
    .evaluations.map(({ ComplianceType, Annotation }) => [ComplianceType, Annotation]);
