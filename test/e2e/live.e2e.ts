import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  credentials,
  runAgainst,
  startAws,
  type Account,
  type Aws,
  type Ended,
  type FlowLog,
} from './aws-stand-in.ts';

const accountId = '111122223333';

const sample = 'examples/workload-111122223333-us-east-1.json';

const allow = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: service }, Action: 'kms:*', Resource: '*' },
    ],
  });

const forOrganization = (id: string): string =>
  allow('delivery.logs.amazonaws.com').replace(
    '"Resource":"*"',
    `"Resource":"*","Condition":{"StringEquals":{"aws:SourceOrgID":"${id}"}}`,
  );

const keyArn = (name: string, region = 'us-east-1'): string =>
  `arn:aws:kms:${region}:${accountId}:key/${name}`;

const bucketWith = (keyId: string, region = 'us-east-1') => ({
  region,
  encryption: { algorithm: 'aws:kms', keyId },
});

const flowLog = (id: string, bucket: string, region = 'us-east-1'): FlowLog => ({
  id,
  region,
  type: 's3',
  destination: `arn:aws:s3:::${bucket}`,
});

/** Flow logs in three Regions, in no order, all of which AWS will be able to write. */
const world: Account = {
  accountId,
  regions: ['us-west-2', 'us-east-1', 'eu-west-1'],
  flowLogs: [
    flowLog('fl-3', 'archive'),
    flowLog('fl-1', 'archive'),
    flowLog('fl-2', 'plain'),
    flowLog('fl-5', 'archive', 'us-west-2'),
    flowLog('fl-4', 'european', 'eu-west-1'),
  ],
  flowLogsPerPage: 2,
  buckets: {
    archive: bucketWith(keyArn('open')),
    plain: { region: 'us-east-1', encryption: { algorithm: 'AES256' } },
    european: bucketWith(keyArn('open', 'eu-west-1'), 'eu-west-1'),
  },
  keys: {
    [keyArn('open')]: { policy: allow('delivery.logs.amazonaws.com') },
    [keyArn('open', 'eu-west-1')]: { policy: allow('delivery.logs.amazonaws.com') },
  },
  aliases: {},
  rules: {},
  untaken: {},
  faults: [],
};

const blocked: Partial<Account> = {
  buckets: { ...world.buckets, plain: bucketWith(keyArn('closed')) },
  keys: { ...world.keys, [keyArn('closed')]: { policy: allow('other.amazonaws.com') } },
};
const unknown: Partial<Account> = {
  faults: [
    {
      operation: 'GetBucketEncryption',
      about: 'plain',
      answer: { status: 403, code: 'AccessDenied' },
    },
  ],
};
const refusedRegion: Account['faults'][number] = {
  operation: 'DescribeFlowLogs',
  region: 'eu-west-1',
  answer: { status: 403, code: 'UnauthorizedOperation' },
};

/** Profiles whose SSO session is not there. */
const ssoHome = mkdtempSync(join(tmpdir(), 'sso-'));
const ssoConfig = join(ssoHome, 'config');
writeFileSync(
  ssoConfig,
  `[profile session]
sso_session = acme
sso_account_id = 111122223333
sso_role_name = reader
region = us-east-1
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = us-east-1
[profile old]
sso_start_url = https://acme.awsapps.com/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = reader
region = us-east-1
`,
);

interface Row {
  readonly account?: Partial<Account>;
  readonly options?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly exitCode: number;
  /** What standard output has, in its order; without any it is empty. */
  readonly flowLogs?: readonly string[];
  /** Each line of standard error. */
  readonly complaints?: readonly RegExp[];
  /** How often each operation is called, where that matters. */
  readonly calls?: Readonly<Record<string, number>>;
}

const homeOnly = ['fl-1 deliverable', 'fl-2 deliverable', 'fl-3 deliverable'];
const oneIs = (outcome: string) => ['fl-1 deliverable', `fl-2 ${outcome}`, 'fl-3 deliverable'];

const rows: [string, Row][] = [
  ['all deliverable', { exitCode: 0, flowLogs: homeOnly }],
  ['one blocked', { account: blocked, exitCode: 1, flowLogs: oneIs('blocked') }],
  ['one unknown', { account: unknown, exitCode: 3, flowLogs: oneIs('unknown') }],
  [
    'one blocked, which is not to fail the command',
    { account: blocked, options: ['--exit-zero'], exitCode: 0, flowLogs: oneIs('blocked') },
  ],
  [
    'one whose key asks for the organization, which is asked for once for all Regions',
    {
      account: {
        organization: 'o-a1b2c3d4e5',
        keys: {
          [keyArn('open')]: { policy: forOrganization('o-a1b2c3d4e5') },
          [keyArn('open', 'eu-west-1')]: { policy: forOrganization('o-zzzzzzzzzz') },
        },
      },
      options: ['--regions', 'all'],
      exitCode: 1,
      flowLogs: ['fl-4 blocked', ...homeOnly, 'fl-5 deliverable'],
      calls: { DescribeOrganization: 1 },
    },
  ],
  [
    'no flow logs at all',
    { account: { flowLogs: [] }, exitCode: 0, flowLogs: [], complaints: [/no flow log was found/] },
  ],
  [
    'every Region',
    {
      options: ['--regions', 'all'],
      exitCode: 0,
      flowLogs: ['fl-4 deliverable', ...homeOnly, 'fl-5 deliverable'],
    },
  ],
  [
    'two Regions, and none of them in the environment',
    {
      options: ['--regions', 'us-west-2,eu-west-1'],
      env: { ...credentials },
      exitCode: 0,
      flowLogs: ['fl-4 deliverable', 'fl-5 deliverable'],
    },
  ],
  [
    'one Region, named twice',
    { options: ['--regions', 'us-east-1', 'us-east-1'], exitCode: 0, flowLogs: homeOnly },
  ],
  [
    'one Region by the other name of the option, with a new number',
    {
      options: ['--region', 'us-east-1 us-east-9'],
      exitCode: 0,
      flowLogs: homeOnly,
      complaints: [/Region us-east-9 is newer than this version/],
    },
  ],
  [
    'one flow log of many, without a question about others',
    {
      account: blocked,
      options: ['fl-00000002', '--bucket', 'plain'],
      exitCode: 2,
      complaints: [/no flow log matches fl-00000002, --bucket plain/],
      calls: { GetBucketEncryption: 0 },
    },
  ],
  [
    'a bucket, without a question about others',
    {
      account: unknown,
      options: ['--bucket', 'archive'],
      exitCode: 0,
      flowLogs: ['fl-1 deliverable', 'fl-3 deliverable'],
      calls: { GetBucketEncryption: 1 },
    },
  ],
  [
    'a key',
    {
      account: blocked,
      options: ['--key', 'closed'],
      exitCode: 1,
      flowLogs: ['fl-2 blocked'],
    },
  ],
  [
    'all, to show one outcome: the exit code is for all',
    {
      account: blocked,
      options: ['--only', 'deliverable'],
      exitCode: 1,
      flowLogs: ['fl-1 deliverable', 'fl-3 deliverable'],
    },
  ],
  [
    'every Region, which AWS does not tell',
    {
      account: {
        faults: [
          {
            operation: 'DescribeRegions',
            answer: { status: 403, code: 'UnauthorizedOperation' },
          },
        ],
      },
      options: ['--regions', 'all'],
      exitCode: 2,
      complaints: [/UnauthorizedOperation: .*: allow ec2:DescribeRegions, or name the Regions/],
    },
  ],
  [
    'credentials that AWS does not know',
    {
      account: {
        faults: [
          {
            operation: 'GetCallerIdentity',
            answer: { status: 403, code: 'InvalidClientTokenId' },
          },
        ],
      },
      exitCode: 2,
      complaints: [/InvalidClientTokenId: .*: renew the credentials, or name an enabled Region$/],
    },
  ],
  ...(['session', 'old'] as const).map((profile): [string, Row] => [
    `an SSO session that has expired, of a profile in the form "${profile}"`,
    {
      env: { AWS_PROFILE: profile, AWS_CONFIG_FILE: ssoConfig, HOME: ssoHome },
      exitCode: 2,
      complaints: [
        RegExp(
          `^flow-log-key: the SSO session of profile ${profile} has expired or never began: run aws sso login --profile ${profile} `,
        ),
      ],
    },
  ]),
  [
    'a Region whose flow logs AWS does not tell',
    {
      account: { faults: [refusedRegion] },
      options: ['--regions', 'all'],
      exitCode: 2,
      flowLogs: [...homeOnly, 'fl-5 deliverable'],
      complaints: [/eu-west-1: UnauthorizedOperation/],
    },
  ],
  [
    'a Region whose flow logs AWS does not tell, beside one that is blocked',
    {
      account: { ...blocked, faults: [refusedRegion] },
      options: ['--regions', 'all', '--exit-zero'],
      exitCode: 2,
      flowLogs: [...oneIs('blocked'), 'fl-5 deliverable'],
      complaints: [/eu-west-1: UnauthorizedOperation/],
    },
  ],
  [
    'a Region whose listing breaks off',
    {
      account: { faults: [{ ...refusedRegion, region: 'us-east-1', after: 1 }] },
      exitCode: 2,
      flowLogs: ['fl-1 deliverable', 'fl-3 deliverable'],
      complaints: [/us-east-1: UnauthorizedOperation/],
    },
  ],
  [
    'a bucket for which S3 fails',
    {
      account: {
        faults: [
          {
            operation: 'GetBucketEncryption',
            about: 'plain',
            answer: { status: 409, code: 'BadDay' },
          },
        ],
      },
      exitCode: 2,
      flowLogs: ['fl-1 deliverable', 'fl-3 deliverable'],
      complaints: [/fl-2.*BadDay/],
    },
  ],
  [
    'no credentials',
    {
      env: { AWS_REGION: 'us-east-1' },
      exitCode: 2,
      complaints: [/credentials.*(AWS_PROFILE|AWS_ACCESS_KEY_ID|aws configure|aws sso login)/i],
    },
  ],
  [
    'no Region',
    { env: { ...credentials }, exitCode: 2, complaints: [/Region.*(--regions|AWS_REGION)/i] },
  ],
  [
    'credentials that have expired',
    {
      account: {
        faults: [{ operation: 'GetCallerIdentity', answer: { status: 403, code: 'ExpiredToken' } }],
      },
      exitCode: 2,
      complaints: [/^flow-log-key: ExpiredToken: .*: run aws sso login, or renew the credentials$/],
    },
  ],
  [
    'a clock that is wrong',
    {
      account: {
        faults: [
          {
            operation: 'GetCallerIdentity',
            answer: { status: 403, code: 'SignatureDoesNotMatch' },
          },
        ],
      },
      exitCode: 2,
      complaints: [/^flow-log-key: SignatureDoesNotMatch: .*: set the clock of this machine, or/],
    },
  ],
  [
    'a profile that does not exist',
    {
      env: { AWS_REGION: 'us-east-1', AWS_PROFILE: 'nobody' },
      exitCode: 2,
      complaints: [
        /^flow-log-key: profile nobody has no credentials: .*aws configure list-profiles/,
      ],
    },
  ],
  ...(['http://127.0.0.1:1', 'http://nowhere.invalid'] as const).map((url): [string, Row] => [
    `no network to ${url}`,
    {
      env: { ...credentials, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_STS: url },
      exitCode: 2,
      complaints: [/^flow-log-key: AWS STS cannot be reached \(.*\): look at the network/],
    },
  ]),
  [
    'a Region that never lists its flow logs',
    {
      account: { faults: [{ operation: 'DescribeFlowLogs', answer: 'never' }] },
      env: {
        ...credentials,
        AWS_REGION: 'us-east-1',
        FLOW_LOG_KEY_REQUEST_MS: '100',
        FLOW_LOG_KEY_RETRY_MS: '150',
      },
      exitCode: 2,
      flowLogs: [],
      complaints: [/EC2 in us-east-1 has not answered/, /no flow log was found/],
    },
  ],
];

interface Report {
  readonly flowLogs: readonly Readonly<Record<'flowLogId' | 'region' | 'outcome', string>>[];
  readonly summary: Readonly<Record<'deliverable' | 'blocked' | 'unknown' | 'exempt', number>>;
  readonly problems: readonly Readonly<Record<'file' | 'message', string>>[];
}

const reportIn = ({ stdout }: Ended): Report => JSON.parse(stdout) as Report;

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

const home = { ...credentials, AWS_REGION: 'us-east-1' };

const unpacked = mkdtempSync(join(tmpdir(), 'flow-log-key-'));
beforeAll(() => {
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', unpacked], {
    stdio: 'ignore',
  });
  const [tarball = ''] = readdirSync(unpacked);
  execFileSync('tar', ['-xzf', tarball], { cwd: unpacked });
});
afterAll(() => {
  rmSync(unpacked, { recursive: true });
  rmSync(ssoHome, { recursive: true });
});

describe.each([
  ['a checkout', resolve('bin/flow-log-key.js')],
  ['the npm package', join(unpacked, 'package/bin/flow-log-key.js')],
])('check --live from %s', (_, bin) => {
  const check = (aws: Aws, options: readonly string[] = [], env: NodeJS.ProcessEnv = home) =>
    runAgainst(aws, [process.execPath, bin, 'check', '--live', ...options], { env });

  it.each(rows)('%s', async (_, { account, options = [], env, exitCode, ...expected }) => {
    const { flowLogs, complaints = [], calls = {} } = expected;
    const aws = await startAws({ ...world, ...account });
    try {
      const ended = await check(aws, ['--format', 'json', ...options], env);
      expect(linesOf(ended.stderr)).toEqual(
        complaints.map((each) => expect.stringMatching(each) as string),
      );
      expect(ended.exitCode).toBe(exitCode);
      if (flowLogs === undefined) expect(ended.stdout).toBe('');
      else {
        const report = reportIn(ended);
        const told = report.flowLogs.map((each) => `${each.flowLogId} ${each.outcome}`);
        expect(told).toEqual(flowLogs);
      }
      const changes = aws.calls.filter(
        ({ operation }) => !/^(Get|Describe)|^ListGrants$/.test(operation),
      );
      expect(changes).toEqual([]);
      for (const [name, count] of Object.entries(calls))
        expect(aws.calls.filter(({ operation }) => operation === name)).toHaveLength(count);
      const asked = aws.calls
        .filter(({ service }) => service === 's3' || service === 'kms')
        .map((call) => JSON.stringify(call));
      expect(asked).toEqual([...new Set(asked)]);
    } finally {
      await aws.close();
    }
  });

  it('names the Region that AWS does not tell of among the problems', async () => {
    const aws = await startAws({ ...world, faults: [refusedRegion] });
    try {
      const { problems, summary } = reportIn(
        await check(aws, ['--format', 'json', '--regions', 'all']),
      );
      expect(problems).toEqual([
        {
          file: 'eu-west-1',
          item: null,
          message: expect.stringContaining('UnauthorizedOperation') as string,
        },
      ]);
      expect(summary).toMatchObject({ deliverable: 4, blocked: 0, unknown: 0, exempt: 0 });
    } finally {
      await aws.close();
    }
  });

  it('prints a table without colours where nobody looks', async () => {
    const aws = await startAws({ ...world, ...blocked });
    try {
      const { stdout, stderr, exitCode } = await check(aws);
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 1 });
      expect(stdout).toContain('fl-2');
      expect(stdout).not.toContain('\u001b');
    } finally {
      await aws.close();
    }
  });
});

describe('the npm package', () => {
  it('has bundles of the command line, of the functions and for CDK apps, and neither sources nor dependencies', () => {
    const all = readdirSync(join(unpacked, 'package'), { recursive: true, encoding: 'utf8' });
    const scripts = all.filter(
      (name) => /\.(js|cjs|mjs|ts)$/.test(name) && !name.endsWith('.d.ts'),
    );
    expect(scripts.sort()).toEqual([
      'bin/flow-log-key.js',
      'dist/cdk/index.cjs',
      'dist/cdk/index.js',
      'dist/desk/aws.js',
      'dist/desk/completion.js',
      'dist/desk/existing.js',
      'dist/desk/explain-planned.js',
      'dist/desk/explain.js',
      'dist/desk/html.js',
      'dist/desk/index.js',
      'dist/desk/planned.js',
      'dist/desk/reports.js',
      'dist/evaluate/findings.cjs',
      'dist/evaluate/index.cjs',
      'dist/evaluate/organization.cjs',
      'dist/evaluate/roles.cjs',
      'dist/evaluate/runs.cjs',
      'dist/evaluate/ssm.cjs',
      'dist/gate/index.cjs',
      'dist/gate/organization.cjs',
      'dist/gate/roles.cjs',
      'dist/gate/ssm.cjs',
      'dist/mend/index.cjs',
      'dist/mend/organization.cjs',
      'dist/mend/roles.cjs',
      'dist/mend/ssm.cjs',
      'dist/ripple/index.cjs',
      'dist/ripple/roles.cjs',
    ]);
    expect(all).toContain('dist/cdk/index.d.ts');
    expect(all).toContain('dist/cdk/index.d.cts');
    expect(all).toContain('schema/report.schema.json');
    expect(all.filter((name) => name.includes('node_modules'))).toEqual([]);
  });

  // The SDK imports node:https, and nothing else does.
  it.each<[string, readonly string[], boolean]>([
    ['help', ['--help'], false],
    ['help on a command', ['remedy', '--help'], false],
    ['a snapshot', ['check', '--snapshot', sample], false],
    ['a report', ['check', '--snapshot', sample, '--format', 'markdown'], false],
    ['a page', ['check', '--snapshot', sample, '--format', 'html'], false],
    ['a template', ['check', '--template', sample], false],
    ['completion', ['completion', 'bash'], false],
    ['an account', ['check', '--live'], true],
  ])('loads the SDK only for AWS: %s', (_, args, loads) => {
    const program = `process.on('exit', () => process.stderr.write('\\n' + process.moduleLoadList.includes('NativeModule https')))`;
    const tell = `data:text/javascript,${encodeURIComponent(program)}`;
    const command = join(unpacked, 'package/bin/flow-log-key.js');
    const { stderr } = spawnSync(process.execPath, ['--import', tell, command, ...args], {
      encoding: 'utf8',
      env: { AWS_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true' },
    });
    expect(stderr.split('\n').at(-1)).toBe(String(loads));
  });
});
