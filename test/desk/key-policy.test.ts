import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv';
import { flowLogKey } from './command-line.ts';
import { samples } from './reports/samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'key-policy-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const keyOf = (digit: number, account = '111122223333'): string =>
  `arn:aws:kms:us-east-1:${account}:key/${String(digit).repeat(8)}-aaaa-4bbb-8ccc-1234567890ab`;

const allow = (service: string, condition: object = {}) => ({
  Effect: 'Allow',
  Principal: { Service: service },
  Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
  Resource: '*',
  ...condition,
});
const policyOf = (...statements: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: statements,
});
const open = policyOf(allow('delivery.logs.amazonaws.com'));
const closed = policyOf(allow('other.amazonaws.com'));
const doubtful = policyOf(
  allow('delivery.logs.amazonaws.com', {
    Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
  }),
);

function fileOf(content: unknown): string {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const put = (arn: string, content: unknown): readonly string[] => [
  '--key-policy',
  `${arn}=${fileOf(content)}`,
];

const check = (...args: readonly string[]) => flowLogKey('check', ...samples.account, ...args);

interface Report {
  readonly flowLogs: readonly {
    readonly flowLogId: string;
    readonly outcome: string;
    readonly presentOutcome?: string;
    readonly advice: readonly string[];
  }[];
  readonly summary: {
    readonly changes: readonly { from: string; to: string; flowLogIds: readonly string[] }[];
  };
}

/** The changes of a run, each as `FROM TO IDS`. */
async function changesBy(...args: readonly string[]) {
  const { code, out } = await check(...args, '--format', 'json');
  const { summary } = JSON.parse(out) as Report;
  const changes = summary.changes.map(({ from, to, flowLogIds }) =>
    [from, to, ...flowLogIds.map((id) => id.replace(/(?<=^fl-...).*(?=.$)/, ''))].join(' '),
  );
  return { code, changes };
}

describe('check --key-policy', () => {
  it.each([
    [
      'the policy of a key that refuses, opened',
      put(keyOf(1), open),
      ['blocked deliverable fl-01a1 fl-01a2 fl-01a3'],
      0,
    ],
    [
      'the policy of a key that admits, closed',
      put(keyOf(2), closed),
      ['deliverable blocked fl-02b1'],
      1,
    ],
    [
      'the policy of a key that admits, in doubt',
      put(keyOf(2), doubtful),
      ['deliverable unknown fl-02b1'],
      3,
    ],
    [
      'doubt that only blocked flow logs shall fail',
      [...put(keyOf(2), doubtful), '--fail-on', 'blocked'],
      ['deliverable unknown fl-02b1'],
      0,
    ],
    [
      'a worse policy, forgiven',
      [...put(keyOf(2), closed), '--exit-zero'],
      ['deliverable blocked fl-02b1'],
      0,
    ],
    ['the policy of a key that refuses, refusing as before', put(keyOf(1), closed), [], 0],
    ['the policy of a disabled key, opened', put(keyOf(7), open), [], 0],
    [
      'a policy that admits no longer, and another that now admits',
      [...put(keyOf(2), closed), ...put(keyOf(1), open)],
      ['deliverable blocked fl-02b1', 'blocked deliverable fl-01a1 fl-01a2 fl-01a3'],
      1,
    ],
    [
      "the policy of another account's key, which leaves doubt, closed",
      put(keyOf(9, '444455556666'), closed),
      ['unknown blocked fl-08b2'],
      1,
    ],
    [
      "the policy of another account's key, which leaves doubt, opened",
      put(keyOf(9, '444455556666'), open),
      ['unknown deliverable fl-08b2'],
      0,
    ],
  ])('tells the changes by %s', async (_, args, changes, code) => {
    expect(await changesBy(...args)).toEqual({ code, changes });
  });

  it('judges a key that the snapshot lacks by the proposed policy alone', async () => {
    const items: unknown = JSON.parse(readFileSync(samples.account[1] ?? '', 'utf8'));
    const { configurationItems } = items as { configurationItems: { resourceType: string }[] };
    const withoutKeys = configurationItems.filter((each) => each.resourceType !== 'AWS::KMS::Key');
    const file = fileOf({ configurationItems: withoutKeys });
    const judge = async (policy: object) => {
      const { code, out } = await flowLogKey(
        'check',
        '--snapshot',
        file,
        '--format',
        'json',
        ...put(keyOf(2), policy),
      );
      const { summary } = JSON.parse(out) as Report;
      return { code, changes: summary.changes.map(({ from, to }) => `${from} ${to}`) };
    };
    expect(await judge(closed)).toEqual({ code: 1, changes: ['unknown blocked'] });
    expect(await judge(open)).toEqual({ code: 0, changes: [] });
  });

  it('shows people the changes after the report, the gravest first', async () => {
    const { out } = await check(...put(keyOf(2), closed), ...put(keyOf(1), open));
    expect(out.slice(out.indexOf('13 flow logs'))).toBe(
      `13 flow logs: 6 blocked, 1 unknown, 5 deliverable, 1 exempt
5 keys and 1 bucket to change, 6 flow logs; 1 key to look into, 1 flow log

With the proposed key policy:
  1 deliverable would become blocked
    111122223333 us-east-1: fl-02b00000000000001
  3 blocked would become deliverable
    111122223333 us-east-1: fl-01a00000000000001 fl-01a00000000000002 fl-01a00000000000003
  9 would stay as they are
`,
    );
  });

  it('has a remark on each change for every format, and fields that the schema describes', async () => {
    const { out } = await check(...put(keyOf(2), closed), '--format', 'json');
    const report = JSON.parse(out) as Report;
    const changed = report.flowLogs.filter((each) => each.outcome !== each.presentOutcome);
    expect(changed.map(({ advice }) => advice.at(-1))).toEqual([
      'deliverable with the present key policy',
    ]);
    const ajv = new Ajv();
    ajv.validate(JSON.parse(readFileSync('schema/report.schema.json', 'utf8')) as object, report);
    expect(ajv.errors).toBeNull();
    const csv = await check(...put(keyOf(2), closed), '--format', 'csv');
    expect(csv.out).toContain('deliverable with the present key policy');
  });

  it('leaves reports as they were without the option', async () => {
    const { out } = await check('--format', 'json');
    expect(out).not.toMatch(/presentOutcome|changes/);
  });
});

describe('check --key-policy before a deployment', () => {
  const arn = keyOf(5);
  const template = (policy: object) => ({
    Resources: {
      Logs: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn } },
            ],
          },
        },
      },
      FlowLog: {
        Type: 'AWS::EC2::FlowLog',
        Properties: {
          ResourceType: 'VPC',
          ResourceId: 'vpc-1',
          LogDestinationType: 's3',
          LogDestination: { 'Fn::GetAtt': ['Logs', 'Arn'] },
        },
      },
      ...policy,
    },
  });

  it.each([
    ['that refuses every account', closed, ['unknown blocked'], 1],
    [
      'that admits an account, which may be the account of the deployment or not',
      policyOf(
        allow('delivery.logs.amazonaws.com', {
          Condition: { StringEquals: { 'aws:SourceAccount': '777788889999' } },
        }),
      ),
      [],
      0,
    ],
  ])('judges a template whose key exists, with a policy %s', async (_, policy, changes, code) => {
    const file = fileOf(template({}));
    const ended = await flowLogKey(
      'check',
      '--template',
      file,
      '--region',
      'us-east-1',
      '--format',
      'json',
      ...put(arn, policy),
    );
    const { summary } = JSON.parse(ended.out) as Report;
    expect(summary.changes.map(({ from, to }) => `${from} ${to}`)).toEqual(changes);
    expect(ended.code).toBe(code);
  });
});

describe('bad usage of --key-policy', () => {
  const unrelated = 'arn:aws:kms:us-east-1:111122223333:key/0000aaaa-aaaa-4bbb-8ccc-1234567890ab';
  it.each([
    [
      'no file',
      ['--key-policy', keyOf(1)],
      /^flow-log-key: --key-policy: .*"arn:.*" is not KEY_ARN=FILE/,
    ],
    [
      'no ARN',
      ['--key-policy', 'logs=policy.json'],
      /^flow-log-key: --key-policy: .*"logs" is not the ARN of a key, which looks like arn:aws:kms:/,
    ],
    [
      'an alias',
      ['--key-policy', 'arn:aws:kms:us-east-1:111122223333:alias/logs=policy.json'],
      /^flow-log-key: --key-policy: .*alias\/logs" is not the ARN of a key/,
    ],
    [
      'the ARN of a bucket',
      ['--key-policy', 'arn:aws:s3:::logs=policy.json'],
      /^flow-log-key: --key-policy: .*is not the ARN of a key/,
    ],
    [
      'a key twice',
      [...put(keyOf(1), open), ...put(keyOf(1), open)],
      /^flow-log-key: --key-policy: .*key arn:.* is given twice: give it once/,
    ],
    [
      'standard input twice',
      ['--key-policy', `${keyOf(1)}=-`, '--key-policy', `${keyOf(2)}=-`],
      /^flow-log-key: "-" is given twice: standard input can be read once, so give a file\n$/,
    ],
    [
      'a file that does not exist',
      ['--key-policy', `${keyOf(1)}=nowhere.json`],
      /^flow-log-key: --key-policy nowhere\.json: does not exist: look at its path\n$/,
    ],
    [
      'a folder',
      ['--key-policy', `${keyOf(1)}=examples`],
      /--key-policy examples: is a directory, not a file: give the files in it\n$/,
    ],
    ['an empty file', put(keyOf(1), ' '), /: is empty: give the key policy as JSON\n$/],
    ['a text', put(keyOf(1), 'secret words'), /json: is not JSON\n$/],
    [
      'another JSON',
      put(keyOf(1), { Policy: '{}' }),
      /: has no Statement: give the key policy itself, as KMS shows it\n$/,
    ],
    [
      'a policy that KMS refuses',
      put(keyOf(1), policyOf({ ...allow('a'), Sid: 'x'.repeat(40_000) })),
      /: takes 40\d+ bytes, and KMS takes 32768: make the policy shorter\n$/,
    ],
    [
      'a name twice',
      put(keyOf(1), '{"Statement":[],"Statement":[]}'),
      /: key policy has the name "Statement" twice in one object/,
    ],
    [
      'a key of no flow log',
      put(unrelated, open),
      /^flow-log-key: no flow log depends on key arn:.*0000aaaa.* of --key-policy: give the ARN of a key that encrypts/,
    ],
  ])('%s ends with 2 and one sentence', async (_, args, complaint) => {
    const { code, out, err } = await check(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(complaint);
    expect(err).not.toContain('secret');
  });
});
