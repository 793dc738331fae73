import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { credentials, runAgainst, type Account, type Bucket, type Ended } from './aws-stand-in.ts';
import { sessionKey, startOrganization, type Organization } from './organization-stand-in.ts';

const region = 'us-east-1';
const central = '999988887777';
const member = '111122223333';
const archive = '444455556666';
const security = '777788889999';
const reader = 'flow-log-key-rule-reader';
const reporter = 'flow-log-key-rule-reporter';

const keyArn = `arn:aws:kms:${region}:${security}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const policyFor = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'kms:*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': member } },
      },
    ],
  });
const admits = policyFor('delivery.logs.amazonaws.com');
const refuses = policyFor('other.amazonaws.com');

const bucketOf = (keyId: string): Bucket => ({
  region,
  encryption: { algorithm: 'aws:kms', keyId },
});

const account = (accountId: string, has: Partial<Account> = {}): Account => ({
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

const withFlowLog = account(member, {
  flowLogs: [{ id: 'fl-1', region, type: 's3', destination: 'arn:aws:s3:::central-logs' }],
  rules: { rule: [] },
});
const withBucket = account(archive, { buckets: { 'central-logs': bucketOf(keyArn) } });
const withKey = account(security, { keys: { [keyArn]: { policy: admits } } });

/** Everything is where it should be, and every role can be taken. */
const world: Organization = {
  own: central,
  accounts: [account(central), withFlowLog, withBucket, withKey],
  roles: [
    `${member}/${reader}`,
    `${archive}/${reader}`,
    `${security}/${reader}`,
    `${member}/${reporter}`,
  ],
  shared: [],
};

const without = (role: string): Organization => ({
  ...world,
  roles: world.roles.filter((each) => each !== role),
});
const having = (...changed: readonly Account[]): Organization => ({
  ...world,
  accounts: world.accounts.map(
    (each) => changed.find(({ accountId }) => accountId === each.accountId) ?? each,
  ),
});
const refusing = (from: Account, operation: string, code: string): Account => ({
  ...from,
  faults: [{ operation, answer: { status: code === 'AccessDenied' ? 403 : 400, code } }],
});

const node24 = execFileSync(process.execPath, ['build/node24.js'], { encoding: 'utf8' }).trim();

/** The built evaluator in the central account, asked by a rule of this account. */
async function judged(organization: Organization, asking = member) {
  const aws = await startOrganization(organization);
  try {
    const event = {
      version: '1.0',
      accountId: asking,
      configRuleName: 'rule',
      configRuleId: 'config-rule-abcdef',
      configRuleArn: `arn:aws:config:${region}:${asking}:config-rule/config-rule-abcdef`,
      executionRoleArn: `arn:aws:iam::${asking}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
      evaluationMode: 'DETECTIVE',
      eventLeftScope: false,
      resultToken: 'the-token',
      invokingEvent: JSON.stringify({
        messageType: 'ScheduledNotification',
        notificationCreationTime: '2026-11-23T04:05:06.789Z',
      }),
      ruleParameters: JSON.stringify({
        ReaderRoleName: reader,
        OwnerAccounts: `${security},${archive}`,
      }),
    };
    const context = {
      awsRequestId: '0e7b7b6c-0000-4000-8000-000000000000',
      functionName: 'flow-log-key-rule',
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:${region}:${central}:function:flow-log-key-rule`,
      memoryLimitInMB: '512',
    };
    const ended: Ended = await runAgainst(
      aws,
      [node24, resolve('test/e2e/invoke.cjs'), resolve('dist/handler/index.cjs')],
      {
        env: { ...credentials, AWS_REGION: region, REPORTER_ROLE_NAME: reporter },
        input: JSON.stringify({ events: [event], context, milliseconds: 60_000 }),
      },
    );
    const calls = (accountId: string) =>
      aws.of(accountId).calls.map(({ operation, accessKeyId }) => ({ operation, accessKeyId }));
    return {
      ended,
      roles: [...aws.roles],
      evaluations: aws
        .of(member)
        .evaluations.map(({ ComplianceType, Annotation }) => [ComplianceType, Annotation]),
      calls: {
        central: calls(central),
        member: calls(member),
        archive: calls(archive),
        security: calls(security),
      },
    };
  } finally {
    await aws.close();
  }
}

const compliant: readonly unknown[] = [
  'COMPLIANT',
  expect.stringMatching(/^deliverable: key policy admits/),
];
const not = (annotation: RegExp): readonly unknown[] => [
  'NON_COMPLIANT',
  expect.stringMatching(annotation),
];

const verdicts: readonly [string, Organization, readonly unknown[]][] = [
  ['everything is there', world, compliant],
  [
    'the key policy refuses',
    having(account(security, { keys: { [keyArn]: { policy: refuses } } })),
    not(/^key-policy: key policy refuses/),
  ],
  [
    'the bucket may be read from everywhere, though no role is in its account',
    { ...without(`${archive}/${reader}`), shared: ['central-logs'] },
    compliant,
  ],
  [
    'the reader role of the archive is missing',
    without(`${archive}/${reader}`),
    not(
      /^bucket: bucket central-logs cannot be read from here, and: role flow-log-key-rule-reader of account 444455556666 cannot be assumed/,
    ),
  ],
  [
    'the reader role of the archive may not read the bucket',
    having(refusing(withBucket, 'GetBucketEncryption', 'AccessDenied')),
    not(/^bucket: .* account 777788889999 may not read it; account 444455556666 may not read it$/),
  ],
  [
    'the bucket does not exist',
    having(account(archive)),
    not(/^bucket: .*does not exist \(NoSuchBucket\)/),
  ],
  [
    'the reader role of the key is missing',
    without(`${security}/${reader}`),
    not(/^key-(state|policy): .*cannot be (read|assumed)/),
  ],
  [
    'the reader role of the key may describe it, and not read its policy',
    having(refusing(withKey, 'GetKeyPolicy', 'AccessDeniedException')),
    not(/^key-policy: policy of key .* cannot be read \(AccessDeniedException\)/),
  ],
  [
    'the key does not exist',
    having(account(security)),
    not(/^key: .*does not exist \(NotFoundException\)/),
  ],
  [
    'the key is disabled, and its policy may not be read',
    having(
      refusing(
        account(security, { keys: { [keyArn]: { policy: admits, state: 'Disabled' } } }),
        'GetKeyPolicy',
        'AccessDeniedException',
      ),
    ),
    not(/^key-state: /),
  ],
  [
    'neither the archive nor the key can be read',
    { ...world, roles: [`${member}/${reader}`, `${member}/${reporter}`] },
    not(/^bucket: bucket central-logs cannot be read/),
  ],
];

describe('a flow log, its bucket and its key in three accounts, judged from a fourth, where', () => {
  it.each(verdicts)('%s', async (_, organization, expected) => {
    const { ended, evaluations } = await judged(organization);
    expect(evaluations).toEqual([expected]);
    expect(ended.exitCode).toBe(0);
  });

  it('each account is asked with its own role, which is taken once', async () => {
    const { calls, roles } = await judged(world);
    expect(calls.central).toEqual([]);
    expect(new Set(calls.archive.map(({ accessKeyId }) => accessKeyId))).toEqual(
      new Set([sessionKey(archive, reader)]),
    );
    expect(new Set(calls.security.map(({ accessKeyId }) => accessKeyId))).toEqual(
      new Set([sessionKey(security, reader)]),
    );
    expect(roles.toSorted()).toEqual(
      world.roles
        .map((each) => {
          const [accountId = '', name = ''] = each.split('/');
          return `arn:aws:iam::${accountId}:role/${name}`;
        })
        .toSorted(),
    );
  });

  it('evaluations are put with the credentials of the member that asks', async () => {
    const { calls } = await judged(world);
    const put = calls.member.filter(({ operation }) => operation === 'PutEvaluations');
    expect(put).toEqual([
      { operation: 'PutEvaluations', accessKeyId: sessionKey(member, reporter) },
    ]);
  });
});

describe('an event is refused', () => {
  it('where its account has no reporter role for us, and nothing is put', async () => {
    const { ended, evaluations } = await judged(without(`${member}/${reporter}`));
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain(
      'event of account 111122223333 refused: role flow-log-key-rule-reporter of account 111122223333 cannot be assumed (AccessDenied)',
    );
    expect(evaluations).toEqual([]);
  });

  it('where its flow logs may not be read, and nothing is put', async () => {
    const { ended, evaluations } = await judged(without(`${member}/${reader}`));
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('flow logs cannot be listed: role flow-log-key-rule-reader');
    expect(evaluations).toEqual([]);
  });
});
