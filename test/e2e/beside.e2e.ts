import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { credentials, runAgainst, startAws, type Account } from './aws-stand-in.ts';
import { account as emptyAccount } from './organization-world.ts';

const accountId = '111122223333';
const region = 'eu-west-1';
const keyArn = `arn:aws:kms:${region}:${accountId}:key/0a1b2c3d-1111-2222-3333-444455556666`;
const alias = `arn:aws:kms:${region}:${accountId}:alias/logs`;
const bucket = (keyId: string) => ({ region, encryption: { algorithm: 'aws:kms', keyId } });
const policy = (service: string, condition = {}): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
        Resource: '*',
        Condition: condition,
      },
    ],
  });

/** An account with a bucket that is encrypted with a key: all is well. */
const well: Account = {
  ...emptyAccount(accountId, { flowLogsPerPage: 5 }),
  regions: [region],
  buckets: { existing: bucket(keyArn) },
  keys: { [keyArn]: { policy: policy('delivery.logs.amazonaws.com') } },
  aliases: { [alias]: keyArn },
};
const closed = { keys: { [keyArn]: { policy: policy('other.amazonaws.com') } } };
const refusing = (operation: string, code = 'AccessDenied', about?: string) => ({
  faults: [{ operation, ...(about === undefined ? {} : { about }), answer: { status: 403, code } }],
});

const flowLog = (destination: unknown, rest: object = {}) => ({
  ...rest,
  Resources: {
    FlowLog: {
      Type: 'AWS::EC2::FlowLog',
      Properties: {
        ResourceId: 'vpc-0a1b2c3d4e5f60718',
        ResourceType: 'VPC',
        LogDestinationType: 's3',
        LogDestination: destination,
      },
    },
    ...(rest as { Resources?: object }).Resources,
  },
});
const toExisting = flowLog('arn:aws:s3:::existing');
const withBucket = (properties: object) =>
  flowLog('arn:aws:s3:::existing', {
    Resources: {
      LogBucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'existing', ...properties } },
    },
  });
const encryptedBy = (KMSMasterKeyID: string) =>
  withBucket({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } },
      ],
    },
  });
const imported = flowLog({ 'Fn::ImportValue': 'net:Bucket' });
const exporting = {
  exports: {
    [`${region} a`]: 'a',
    [`${region} b`]: 'b',
    [`${region} net:Bucket`]: 'arn:aws:s3:::existing',
    'us-east-1 net:Bucket': 'arn:aws:s3:::another',
  },
};
const stored = flowLog(
  { Ref: 'P' },
  { Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/net/bucket' } } },
);
const storing = { parameters: { '/net/bucket': 'arn:aws:s3:::existing' } };
const told = ['--account', accountId, '--region', region];

const plan = (type: 'managed' | 'data') => ({
  format_version: '1.2',
  resource_changes: [
    ...(type === 'data'
      ? [
          {
            ...{ address: 'data.aws_s3_bucket.d', mode: 'data', type: 'aws_s3_bucket', name: 'd' },
            change: {
              ...{ actions: ['read'], before: null, after: { bucket: 'existing' } },
              after_unknown: { arn: true, id: true },
            },
          },
        ]
      : []),
    {
      ...{ address: 'aws_flow_log.f', mode: 'managed', type: 'aws_flow_log', name: 'f' },
      change: {
        actions: ['create'],
        before: null,
        after: {
          region,
          log_destination_type: 's3',
          ...(type === 'managed' && { log_destination: 'arn:aws:s3:::existing' }),
        },
        after_unknown: { id: true, ...(type === 'data' && { log_destination: true }) },
      },
    },
  ],
  configuration: {
    root_module: {
      resources: [
        {
          ...{ mode: 'managed', type: 'aws_flow_log', name: 'f' },
          expressions: {
            log_destination: { references: ['data.aws_s3_bucket.d.arn', 'data.aws_s3_bucket.d'] },
          },
        },
        { mode: 'data', type: 'aws_s3_bucket', name: 'd', expressions: {} },
      ],
    },
  },
});

interface Case {
  readonly input?: object;
  readonly form?: '--template' | '--plan';
  readonly account?: Partial<Account>;
  readonly options?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly exitCode: number;
  /** What the message of the flow log says. */
  readonly says?: RegExp;
  readonly complains?: RegExp;
}

const cases: Readonly<Record<string, Case>> = {
  'an existing bucket with a key that admits delivery': { exitCode: 0 },
  'an existing bucket with a key that does not': {
    account: closed,
    exitCode: 1,
    says: /^no statement is for delivery\.logs\.amazonaws\.com.*; key policy refuses/,
  },
  'a key that does not, and a grant that may': {
    account: {
      keys: {
        [keyArn]: {
          policy: policy('other.amazonaws.com'),
          grants: [
            {
              GrantId: 'g-1',
              GranteeServicePrincipal: 'delivery.logs.amazonaws.com',
              Operations: ['GenerateDataKey', 'Decrypt'],
            },
          ],
        },
      },
    },
    exitCode: 3,
    says: /^grant g-1 may admit/,
  },
  'a key that does not, and grants that are refused': {
    account: { ...closed, ...refusing('ListGrants', 'AccessDeniedException') },
    exitCode: 1,
  },
  'a key that admits the organization': {
    account: {
      organization: 'o-a1b2c3d4e5',
      keys: {
        [keyArn]: {
          policy: policy('delivery.logs.amazonaws.com', {
            StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' },
          }),
        },
      },
    },
    options: told,
    exitCode: 0,
  },
  'a bucket that is refused': {
    account: refusing('GetBucketEncryption'),
    exitCode: 3,
    says: /^bucket existing cannot be read \(AccessDenied\): allow s3:GetEncryptionConfiguration/,
  },
  'a key that is refused': {
    account: refusing('GetKeyPolicy', 'AccessDeniedException'),
    exitCode: 3,
    says: /allow kms:GetKeyPolicy/,
  },
  'a bucket that does not exist': {
    account: { buckets: {} },
    exitCode: 3,
    says: /^bucket existing does not exist \(NoSuchBucket\): make it first/,
  },
  'a key that does not exist': { account: { keys: {} }, exitCode: 3, says: /make it first/ },
  'an alias of a key': { account: { buckets: { existing: bucket(alias) } }, exitCode: 0 },
  'an alias of a key that does not admit delivery': {
    account: { ...closed, buckets: { existing: bucket(alias) } },
    exitCode: 1,
  },
  'a new bucket with an existing key': {
    input: encryptedBy(keyArn),
    account: { buckets: {} },
    options: told,
    exitCode: 0,
  },
  'a new bucket with an existing key that does not admit delivery': {
    input: encryptedBy(keyArn),
    account: { ...closed, buckets: {} },
    options: told,
    exitCode: 1,
  },
  'a new bucket with an existing alias': {
    input: encryptedBy(alias),
    account: { buckets: {} },
    options: told,
    exitCode: 0,
  },
  'a bucket without encryption that exists with a key': {
    input: withBucket({}),
    exitCode: 3,
    says: /is defined without encryption, and exists with encryption/,
  },
  'a bucket without encryption that does not exist': {
    input: withBucket({}),
    account: { buckets: {} },
    exitCode: 0,
  },
  'an export on the second page': {
    input: imported,
    account: exporting,
    options: told,
    exitCode: 0,
    says: /import net:Bucket is taken as it is now/,
  },
  'an export of a bucket with a closed key': {
    input: imported,
    account: { ...exporting, ...closed },
    options: told,
    exitCode: 1,
  },
  'an export, and nobody tells the account': {
    input: imported,
    account: exporting,
    options: ['--region', region],
    exitCode: 3,
    says: /give --account and --region/,
  },
  'exports that are refused': {
    input: imported,
    account: refusing('ListExports'),
    options: told,
    exitCode: 3,
    says: /cannot be read \(AccessDenied\): allow cloudformation:ListExports/,
  },
  'an export that does not exist': {
    input: imported,
    options: told,
    exitCode: 3,
    says: /account 111122223333 has no export net:Bucket in eu-west-1: make it first/,
  },
  'a parameter of Systems Manager': {
    input: stored,
    account: storing,
    options: told,
    exitCode: 0,
    says: /SSM parameter \/net\/bucket is taken as it is now/,
  },
  'a SecureString': {
    input: stored,
    account: { ...storing, secureParameters: ['/net/bucket'] },
    options: told,
    exitCode: 3,
    says: /is a SecureString, which is not read/,
  },
  'a parameter that is refused': {
    input: stored,
    account: refusing('GetParameter', 'AccessDeniedException'),
    options: told,
    exitCode: 3,
    says: /allow ssm:GetParameter on it/,
  },
  'a plan with the name of an existing bucket': {
    form: '--plan',
    input: plan('managed'),
    account: closed,
    exitCode: 1,
  },
  'a plan with a data source that is read during apply': {
    form: '--plan',
    input: plan('data'),
    account: closed,
    exitCode: 1,
  },
  'another account than that of the credentials': {
    options: ['--account', '444455556666'],
    exitCode: 2,
    complains:
      /--account 444455556666 is not the account of your credentials, 111122223333: use credent/,
  },
  'Regions to list': {
    options: ['--regions', 'all'],
    exitCode: 2,
    complains: /--regions does not go with --template and --plan: give --region/,
  },
  'no credentials': {
    env: { AWS_REGION: region },
    exitCode: 2,
    complains: /no AWS credentials were found/,
  },
  'no Region': { env: credentials, exitCode: 2, complains: /give --region, or set AWS_REGION/ },
  'a bucket about which S3 never answers': {
    account: { faults: [{ operation: 'GetBucketEncryption', answer: 'never' }] },
    env: { ...credentials, AWS_REGION: region, FLOW_LOG_KEY_FLOW_LOG_MS: '300' },
    exitCode: 2,
    says: /^bucket existing has not answered for 0.3 s/,
    complains: /AWS: bucket existing has not answered for 0.3 s/,
  },
};

const command = resolve('bin/flow-log-key.js');

describe('check --live beside templates and plans', () => {
  const folder = mkdtempSync(join(tmpdir(), 'beside-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(Object.entries(cases))('%s', async (_, each) => {
    const { input = toExisting, form = '--template', account = {}, options = [] } = each;
    const file = join(folder, 'input.json');
    writeFileSync(file, JSON.stringify(input));
    const aws = await startAws({ ...well, ...account });
    try {
      const { exitCode, stdout, stderr } = await runAgainst(
        aws,
        [process.execPath, command, 'check', form, file, '--live', '--format', 'json', ...options],
        { env: each.env ?? { ...credentials, AWS_REGION: region } },
      );
      const report = (stdout === '' ? { flowLogs: [] } : JSON.parse(stdout)) as {
        flowLogs: readonly { message: string }[];
      };
      expect({ exitCode, stderr: each.complains ? '' : stderr }).toEqual({
        exitCode: each.exitCode,
        stderr: '',
      });
      expect(stderr).toMatch(each.complains ?? /^$/);
      if (each.says !== undefined) expect(report.flowLogs[0]?.message).toMatch(each.says);
      const operations = aws.calls.map(({ operation }) => operation);
      expect(operations).not.toContain('DescribeFlowLogs');
      expect(operations.filter((name) => !/^(Get|Describe|List)/.test(name))).toEqual([]);
    } finally {
      await aws.close();
    }
  });

  it('prints the statement for an existing key as JSON: no template makes the key', async () => {
    const file = join(folder, 'stack.yaml');
    writeFileSync(
      file,
      'Resources:\n  FlowLog:\n    Type: AWS::EC2::FlowLog\n    Properties: {LogDestinationType: s3, LogDestination: arn:aws:s3:::existing}\n',
    );
    const aws = await startAws({ ...well, ...closed });
    try {
      const { stdout, exitCode } = await runAgainst(
        aws,
        [process.execPath, command, 'check', '--template', file, '--live', ...told],
        { env: { ...credentials, AWS_REGION: region } },
      );
      expect(stdout).toContain(`key ${keyArn}`);
      expect(stdout).toContain('"Service": "delivery.logs.amazonaws.com"');
      expect(stdout).toContain(`"aws:SourceAccount": "${accountId}"`);
      expect(exitCode).toBe(1);
    } finally {
      await aws.close();
    }
  });

  it('asks nobody, and loads no client of AWS, without --live', async () => {
    const copy = join(folder, 'package');
    for (const part of ['bin', 'dist/desk', 'package.json'])
      cpSync(part, join(copy, part), { recursive: true });
    rmSync(join(copy, 'dist/desk/existing.js'));
    const file = join(folder, 'input.json');
    writeFileSync(file, JSON.stringify(toExisting));
    const aws = await startAws(well);
    try {
      const { exitCode, stderr } = await runAgainst(
        aws,
        [process.execPath, join(copy, 'bin/flow-log-key.js'), 'check', '--template', file],
        { env: { ...credentials, AWS_REGION: region } },
      );
      expect({ exitCode, stderr, calls: aws.calls }).toEqual({
        exitCode: 3,
        stderr: '',
        calls: [],
      });
    } finally {
      await aws.close();
    }
  });
});
