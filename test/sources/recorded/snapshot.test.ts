import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readSnapshots } from '../../../rule/sources/recorded/snapshot.ts';
import { judgeRecorded } from '../../../rule/judge/judge-recorded.ts';
import type { Judged } from '../../../rule/judge/survey.ts';
import {
  account,
  archive,
  description,
  grant,
  keyId,
  policy,
  question,
  region,
} from '../../world.ts';

const keyArn = `arn:aws:kms:${region}:${archive}:key/${keyId}`;
const aliasArn = `arn:aws:kms:${region}:${archive}:alias/logs`;
const at = (hour: number) => `2026-11-23T${String(hour).padStart(2, '0')}:00:00.000Z`;

/** An item in the encoding of events and snapshots. */
interface Item {
  readonly awsAccountId: string;
  readonly ARN: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly configuration: object;
  readonly supplementaryConfiguration: Readonly<Record<string, unknown>>;
  readonly configurationItemCaptureTime: string;
  readonly configurationItemStatus: string;
}

const item = (accountId: string, ARN: string, rest: Partial<Item>) => ({
  configurationItemVersion: '1.3',
  configurationItemCaptureTime: at(6),
  configurationItemStatus: 'OK',
  awsAccountId: accountId,
  awsRegion: region,
  resourceType: '',
  resourceId: '',
  ARN,
  configuration: {},
  supplementaryConfiguration: {},
  ...rest,
});

const flowLog = item(account, `arn:aws:ec2:${region}:${account}:vpc-flow-log/fl-1`, {
  resourceType: 'AWS::EC2::FlowLog',
  resourceId: 'fl-1',
  configuration: {
    flowLogId: 'fl-1',
    resourceId: 'vpc-1',
    logDestinationType: 's3',
    logDestination: 'arn:aws:s3:::central-logs/network/',
    deliverLogsStatus: 'SUCCESS',
  },
});
const sse = (kmsMasterKeyID: string | null, sseAlgorithm = 'aws:kms') => ({
  ServerSideEncryptionConfiguration: {
    rules: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyID },
        bucketKeyEnabled: true,
      },
    ],
  },
});
const bucket = item(archive, 'arn:aws:s3:::central-logs', {
  resourceType: 'AWS::S3::Bucket',
  resourceId: 'central-logs',
  configuration: { name: 'central-logs' },
  supplementaryConfiguration: sse(keyArn),
});
const { state, manager, usage, spec } = description;
const withPolicy = (...statements: readonly object[]) => ({
  Policy: JSON.stringify(policy(...statements).document),
});
const key = item(archive, keyArn, {
  resourceType: 'AWS::KMS::Key',
  resourceId: keyId,
  configuration: {
    keyState: state,
    keyManager: manager,
    keyUsage: usage,
    keySpec: spec,
    multiRegion: false,
  },
  supplementaryConfiguration: withPolicy(grant),
});
const alias = item(archive, aliasArn, {
  resourceType: 'AWS::KMS::Alias',
  resourceId: 'alias/logs',
  configuration: { aliasName: 'alias/logs', aliasArn, targetKeyId: keyId },
});

/** The same item in the encoding of GetResourceConfigHistory: other names, and JSON in strings. */
const asApi = ({
  ARN,
  awsAccountId,
  configurationItemVersion,
  configuration,
  supplementaryConfiguration,
  ...rest
}: ReturnType<typeof item>) => ({
  ...rest,
  arn: ARN,
  accountId: awsAccountId,
  version: configurationItemVersion,
  configuration: JSON.stringify(configuration),
  supplementaryConfiguration: Object.fromEntries(
    Object.entries(supplementaryConfiguration).map(([name, value]) => [
      name,
      JSON.stringify(value),
    ]),
  ),
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapshots-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a file: a list of items as a snapshot, any other content unchanged. */
function write(name: string, content: readonly unknown[] | string | Buffer): string {
  const file = join(folder, name);
  const isItems = Array.isArray(content);
  writeFileSync(
    file,
    isItems
      ? JSON.stringify({ fileVersion: '1.0', configurationItems: content })
      : (content as string),
  );
  return file;
}

/** Judges the flow logs in the files; a line for each flow log, and a line for each problem. */
async function judge(...files: readonly string[]) {
  const { problems, ...recorded } = await readSnapshots(files);
  const verdicts: string[] = [];
  for (const it of judgeRecorded(recorded, question)) {
    const { flowLog, verdict } = it as Judged;
    verdicts.push(`${flowLog.id} ${verdict.outcome} ${verdict.reason ?? ''}: ${verdict.message}`);
  }
  return {
    verdicts,
    problems: problems.map(
      ({ file, item: of, message }) => `${file.replace(`${folder}/`, '')} ${of ?? ''}: ${message}`,
    ),
  };
}

const good = [expect.stringMatching(/^fl-1 deliverable/)];

describe('snapshot files', () => {
  it.each([
    ['in one encoding', (it: ReturnType<typeof item>) => it],
    ['in the other', asApi],
  ])('of two accounts hold the flow log, the bucket and the key, %s', async (_, encode) => {
    const files = [flowLog, bucket, key].map((it, index) => write(`${index}.json`, [encode(it)]));
    expect(await judge(...files)).toEqual({ verdicts: good, problems: [] });
    expect(await judge(...files.reverse())).toEqual({ verdicts: good, problems: [] });
  });

  it('may be gzipped, each for itself', async () => {
    const zipped = write(
      'zipped.json.gz',
      gzipSync(JSON.stringify({ configurationItems: [bucket, key] })),
    );
    expect(await judge(write('plain.json', [flowLog]), zipped)).toEqual({
      verdicts: good,
      problems: [],
    });
  });

  const inApi = [flowLog, bucket, key].map(asApi);
  const inText = [flowLog, bucket, key].map((each) => JSON.stringify(each));
  const forms: readonly [string, content: unknown][] = [
    ['an answer of BatchGetResourceConfig', { baseConfigurationItems: inApi }],
    ['an answer of BatchGetAggregateResourceConfig', { BaseConfigurationItems: inApi }],
    ['an answer of SelectResourceConfig', { Results: inText, QueryInfo: { SelectFields: [] } }],
    ['an answer of SelectResourceConfig with objects', { Results: [flowLog, bucket, key] }],
    ['a list of items', [flowLog, bucket, key]],
    ['a list of items in strings', inText],
  ];
  it.each(forms)('may be %s', async (_, content) => {
    const file = write('answer.json', JSON.stringify(content));
    expect(await judge(file)).toEqual({ verdicts: good, problems: [] });
  });

  it.each<[string, (item: object) => unknown]>([
    ['an item', (it) => it],
    ['an answer of GetAggregateResourceConfig', (it) => ({ ConfigurationItem: it })],
    ['a message about an item', (it) => ({ configurationItem: it, messageType: 'any' })],
  ])('may be %s each', async (_, around) => {
    const files = [flowLog, bucket, key].map((each, index) =>
      write(`${index}.json`, JSON.stringify(around(each))),
    );
    expect(await judge(...files)).toEqual({ verdicts: good, problems: [] });
  });

  type Rules = readonly Readonly<Record<string, unknown>>[];
  const kms = { sseAlgorithm: 'aws:kms', kmsMasterKeyID: keyArn };
  const blocked = { blockedEncryptionTypes: { encryptionType: ['SSE-C'] } };
  const applied = (fields: object) => ({ applyServerSideEncryptionByDefault: fields });
  const encryptions: readonly [string, Rules, words: string, problems: number][] = [
    [
      'only blocked types',
      [blocked],
      'deliverable : bucket central-logs is encrypted with SSE-S3',
      0,
    ],
    [
      'blocked types and no default',
      [{ ...blocked, applyServerSideEncryptionByDefault: null, bucketKeyEnabled: false }],
      'deliverable : bucket central-logs is encrypted with SSE-S3',
      0,
    ],
    [
      'blocked types in a second rule',
      [applied({ sseAlgorithm: 'AES256' }), blocked],
      'deliverable : bucket central-logs is encrypted with SSE-S3',
      0,
    ],
    ['a key in a second rule', [blocked, applied(kms)], 'deliverable : key policy', 0],
    ['no rule', [], 'unknown bucket: item of bucket', 0],
    ['an empty rule', [{}], 'unknown bucket: item of bucket', 0],
    ['a rule with a Bucket Key only', [{ bucketKeyEnabled: true }], 'unknown bucket: item of', 0],
    [
      'a default in another spelling',
      [{ ...blocked, ApplyServerSideEncryptionByDefault: kms }],
      'unknown bucket: item of bucket',
      0,
    ],
    ['two defaults', [applied(kms), applied(kms)], 'unknown bucket: item of bucket', 0],
    ['an empty key', [applied({ ...kms, kmsMasterKeyID: '' })], 'blocked aws-managed-key', 0],
    ['a key of null', [applied({ ...kms, kmsMasterKeyID: null })], 'blocked aws-managed-key', 0],
    [
      'a key field in another spelling',
      [applied({ sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn })],
      'unknown bucket: encryption of bucket central-logs cannot be read: rules.0.applyServerSideEncryptionByDefault: has no field kmsMasterKeyID',
      1,
    ],
    [
      'two layers and no key field',
      [applied({ sseAlgorithm: 'aws:kms:dsse' })],
      'unknown bucket: encryption of bucket central-logs cannot be read',
      1,
    ],
    ['SSE-S3 and no key field', [applied({ sseAlgorithm: 'AES256' })], 'deliverable', 0],
    [
      'a key longer than any',
      [applied({ ...kms, kmsMasterKeyID: keyArn.repeat(9) })],
      'unknown bucket: encryption of bucket central-logs cannot be read',
      1,
    ],
  ];
  it.each(encryptions)(
    'tell the encryption of a bucket with %s',
    async (_, rules, words, count) => {
      const supplementaryConfiguration = { ServerSideEncryptionConfiguration: { rules } };
      const file = write('all.json', [flowLog, { ...bucket, supplementaryConfiguration }, key]);
      const { verdicts, problems } = await judge(file);
      expect(verdicts).toEqual([expect.stringContaining(`fl-1 ${words}`)]);
      expect(problems).toHaveLength(count);
    },
  );

  const missing: readonly [string, readonly object[], string][] = [
    [
      'the bucket',
      [flowLog, key],
      'fl-1 unknown bucket: bucket central-logs is not in the snapshot: add the snapshot of its account and Region',
    ],
    ['the key', [flowLog, bucket], `fl-1 unknown key: key ${keyArn} is not in the snapshot`],
    [
      'the alias',
      [flowLog, { ...bucket, supplementaryConfiguration: sse(aliasArn) }, key],
      `fl-1 unknown key: alias ${aliasArn} is not in the snapshot`,
    ],
    [
      'the encryption of an old bucket item',
      [flowLog, { ...bucket, supplementaryConfiguration: {} }, key],
      'fl-1 unknown bucket: item of bucket central-logs has no encryption recorded',
    ],
    [
      'the policy of the key',
      [flowLog, bucket, { ...key, supplementaryConfiguration: {} }],
      `fl-1 unknown key-policy: item of key ${keyArn} has no key policy recorded`,
    ],
  ];
  it.each(missing)(
    'that lack %s leave the verdict unknown, with what to supply',
    async (_, items, words) => {
      const { verdicts, problems } = await judge(write('part.json', items));
      expect(verdicts).toEqual([expect.stringContaining(words)]);
      expect(problems).toEqual([]);
    },
  );

  const judged: readonly [string, readonly object[], string][] = [
    [
      'a key behind an alias ARN',
      [flowLog, { ...bucket, supplementaryConfiguration: sse(aliasArn) }, alias, key],
      'fl-1 deliverable',
    ],
    [
      'a key by its bare id, in the account of the bucket',
      [flowLog, { ...bucket, supplementaryConfiguration: sse(keyId) }, key],
      'fl-1 unknown key-by-arn',
    ],
    [
      'a key without a key id',
      [flowLog, { ...bucket, supplementaryConfiguration: sse(null) }],
      'fl-1 blocked aws-managed-key',
    ],
    [
      'the newest of two items of a key',
      [
        flowLog,
        bucket,
        { ...key, configurationItemCaptureTime: at(8), supplementaryConfiguration: withPolicy() },
        key,
      ],
      'fl-1 blocked key-policy',
    ],
    [
      'the newest, in whatever order and encoding',
      [
        flowLog,
        bucket,
        asApi({
          ...key,
          configurationItemCaptureTime: at(4),
          supplementaryConfiguration: withPolicy(),
        }),
        key,
      ],
      'fl-1 deliverable',
    ],
    [
      'a key that was deleted later',
      [
        flowLog,
        bucket,
        key,
        { ...key, configurationItemCaptureTime: at(9), configurationItemStatus: 'ResourceDeleted' },
      ],
      `fl-1 unknown key: key ${keyArn} is recorded as deleted`,
    ],
    [
      'a key that was deleted before',
      [
        flowLog,
        bucket,
        key,
        { ...key, configurationItemCaptureTime: at(2), configurationItemStatus: 'ResourceDeleted' },
      ],
      'fl-1 deliverable',
    ],
    [
      'a destination that cannot be parsed',
      [{ ...flowLog, configuration: { ...flowLog.configuration, logDestination: 'nowhere' } }],
      'fl-1 unknown destination: destination of flow log fl-1 cannot be read: type s3, destination nowhere',
    ],
    [
      'a flow log without a type and a destination',
      [{ ...flowLog, configuration: { logGroupName: '/logs' } }],
      'fl-1 exempt destination',
    ],
  ];
  it.each(judged)('are judged by %s', async (_, items, words) => {
    const { verdicts } = await judge(write('all.json', items));
    expect(verdicts).toEqual([expect.stringContaining(words)]);
  });

  it('may hold a bucket of the name of a flow log', async () => {
    const named = { ...flowLog, resourceId: 'central-logs' };
    const { verdicts } = await judge(write('all.json', [named, bucket, key]));
    expect(verdicts).toEqual([expect.stringMatching(/^central-logs deliverable/)]);
  });

  it('tell the tags of a flow log, which not every encoding has', async () => {
    const tagged = { ...flowLog, tags: { team: 'network' } };
    const files = [write('tagged.json', [tagged]), write('untagged.json', [asApi(flowLog)])];
    const tagsIn = async (...given: readonly string[]) => {
      const { flowLogs, problems } = await readSnapshots(given);
      expect(problems).toEqual([]);
      return [...flowLogs][0]?.tags;
    };
    expect(await tagsIn(...files)).toEqual({ team: 'network' });
    expect(await tagsIn(...files.reverse())).toEqual({ team: 'network' });
    expect(await tagsIn(files[0] ?? '')).toEqual({});
  });

  it('do not hold a flow log that was deleted', async () => {
    const deleted = {
      ...flowLog,
      configurationItemCaptureTime: at(9),
      configurationItemStatus: 'ResourceDeleted',
    };
    expect(await judge(write('all.json', [flowLog, bucket, key, deleted]))).toEqual({
      verdicts: [],
      problems: [],
    });
  });
});

test('a pipe is read once, also where items have to be compared as a whole', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const twice = JSON.stringify([flowLog, flowLog, bucket, key]);
  const [judged] = await Promise.all([judge(pipe), writeFile(pipe, twice)]);
  expect(judged).toEqual({ verdicts: good, problems: [] });
});

describe('a file that cannot be read does not keep the others from being judged', () => {
  const truncated = gzipSync(JSON.stringify({ configurationItems: [flowLog] })).subarray(0, 60);
  const rows: readonly [string, readonly unknown[] | string | Buffer, string | RegExp][] = [
    ['empty', '', 'bad : is empty: give a file with items of AWS Config'],
    ['not JSON', '{"configurationItems": [', /^bad : is not JSON$/],
    ['cut off', truncated, 'bad : is a gzip file that was cut off: copy it again'],
    [
      'damaged',
      Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from('garbage garbage garbage')]),
      /^bad : is a damaged gzip file: copy it again$/,
    ],
    [
      'no snapshot',
      '{"Records": []}',
      'bad : is not an AWS Config snapshot: it has no list "configurationItems", and is no item',
    ],
    [
      'a number',
      '7',
      'bad : is not an AWS Config snapshot: it has no list "configurationItems", and is no item',
    ],
    [
      'a snapshot without a list',
      '{"Results": null}',
      'bad : is not an AWS Config snapshot: "Results" is no list',
    ],
  ];
  it.each(rows)('when it is %s', async (_, content, problem) => {
    const { verdicts, problems } = await judge(
      write('bad', content),
      write('good.json', [flowLog, bucket, key]),
    );
    expect(verdicts).toEqual(good);
    expect(problems).toEqual([
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    ]);
  });

  it('when it does not exist or is a folder', async () => {
    const { verdicts, problems } = await judge(
      join(folder, 'none.json'),
      folder,
      write('good.json', [flowLog, bucket, key]),
    );
    expect(verdicts).toEqual(good);
    expect(problems).toEqual([
      'none.json : does not exist: look at its path',
      `${folder} : is a directory, not a file: give the files in it`,
    ]);
  });
});

describe('an item that cannot be read makes what depends on it unknown', () => {
  const rows: readonly [
    string,
    readonly unknown[],
    verdict: string | undefined,
    problem: string,
  ][] = [
    [
      'a key policy that is not JSON',
      [flowLog, bucket, { ...key, supplementaryConfiguration: { Policy: '{"Version"' } }],
      `fl-1 unknown key-policy: policy of key ${keyArn} cannot be read: is not JSON`,
      `all.json ${keyArn}: policy of key ${keyArn} cannot be read: is not JSON`,
    ],
    [
      'a key policy that is a list',
      [flowLog, bucket, { ...key, supplementaryConfiguration: { Policy: '[]' } }],
      'fl-1 unknown key-policy',
      `all.json ${keyArn}: policy of key`,
    ],
    [
      'a key item without a Region',
      [flowLog, bucket, { ...key, awsRegion: undefined }],
      `fl-1 unknown key: key ${keyArn}: its item cannot be read`,
      `all.json ${keyArn}: item cannot be read`,
    ],
    [
      'an encryption of another shape',
      [
        flowLog,
        {
          ...bucket,
          supplementaryConfiguration: { ServerSideEncryptionConfiguration: { rules: 'none' } },
        },
        key,
      ],
      'fl-1 unknown bucket: encryption of bucket central-logs cannot be read',
      'all.json arn:aws:s3:::central-logs: encryption of bucket central-logs cannot be read',
    ],
    [
      'a bucket item with a bad account',
      [flowLog, { ...bucket, awsAccountId: 'me' }, key],
      'fl-1 unknown bucket: bucket central-logs: its item cannot be read',
      'all.json arn:aws:s3:::central-logs: item cannot be read',
    ],
    [
      'a flow log whose configuration is no JSON',
      [{ ...asApi(flowLog), configuration: '{' }],
      'fl-1 unknown destination: item of flow log fl-1 cannot be read',
      'vpc-flow-log/fl-1: item of flow log fl-1 cannot be read',
    ],
    [
      'a flow log without an account',
      [{ ...flowLog, awsAccountId: undefined }],
      undefined,
      'item cannot be read: no account id',
    ],
    [
      'something without a type',
      [flowLog, bucket, key, { ...key, resourceType: undefined }],
      undefined,
      'item cannot be read: resourceType',
    ],
    [
      'a policy that is a list, in the place of an object with the policy',
      [
        flowLog,
        { ...bucket, supplementaryConfiguration: { ...sse(keyArn), BucketPolicy: [1] } },
        key,
      ],
      undefined,
      'policy of bucket central-logs cannot be read: is a list',
    ],
    [
      'a bucket policy in another spelling',
      [
        flowLog,
        {
          ...bucket,
          supplementaryConfiguration: { ...sse(keyArn), BucketPolicy: { PolicyText: '{}' } },
        },
        key,
      ],
      undefined,
      'policy of bucket central-logs cannot be read: policyText: Invalid key',
    ],
    [
      'options of a flow log in a list',
      [{ ...flowLog, configuration: { ...flowLog.configuration, destinationOptions: [1] } }],
      'fl-1 unknown destination: item of flow log fl-1 cannot be read: destinationOptions: is a list',
      'item of flow log fl-1 cannot be read',
    ],
    [
      'two key items of one time, with state ids that are none',
      [
        flowLog,
        bucket,
        { ...key, configurationStateId: 'second' },
        { ...key, configurationStateId: 'first', supplementaryConfiguration: withPolicy() },
      ],
      'fl-1 unknown key',
      'another item of it differs, and neither is surely the newer',
    ],
    ['something that is no item', [7], undefined, 'all.json number 1: item cannot be read'],
    ['text that is no item', ['{'], undefined, 'all.json number 1: item cannot be read'],
  ];
  it.each(rows)('%s', async (_, items, verdict, problem) => {
    const { verdicts, problems } = await judge(write('all.json', items));
    if (verdict !== undefined) expect(verdicts).toEqual([expect.stringContaining(verdict)]);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  const later = { configurationItemCaptureTime: at(8) };
  const newest: readonly [string, readonly unknown[], string | RegExp, number][] = [
    [
      'a later bucket item without an id',
      [flowLog, bucket, { ...bucket, ...later, resourceId: undefined }, key],
      /^fl-1 unknown bucket/,
      1,
    ],
    [
      'a later key item without an ARN and a Region',
      [flowLog, bucket, key, { ...key, ...later, ARN: undefined, awsRegion: undefined }],
      /^fl-1 unknown key:/,
      1,
    ],
    [
      'a later key item whose id is a number',
      [flowLog, bucket, key, { ...key, ...later, resourceId: 7 }],
      /^fl-1 unknown key:/,
      1,
    ],
    [
      'a later key item whose time is no time',
      [flowLog, bucket, key, { ...key, configurationItemCaptureTime: 'yesterday' }],
      /^fl-1 unknown key:/,
      1,
    ],
    [
      'a later key item with a status that AWS does not have',
      [flowLog, bucket, key, { ...key, ...later, configurationItemStatus: 'Deleted' }],
      /^fl-1 unknown key:/,
      1,
    ],
    [
      'a later key item that is not recorded',
      [
        flowLog,
        bucket,
        key,
        {
          ...key,
          ...later,
          configurationItemStatus: 'ResourceNotRecorded',
          configuration: null,
          supplementaryConfiguration: null,
        },
      ],
      /^fl-1 unknown/,
      1,
    ],
    [
      'two different key items of one time',
      [flowLog, bucket, { ...key, supplementaryConfiguration: withPolicy() }, key],
      /^fl-1 unknown key:/,
      1,
    ],
    [
      'a later key item with an ARN that is none',
      [
        flowLog,
        bucket,
        key,
        { ...key, ...later, ARN: 'key/none', supplementaryConfiguration: withPolicy() },
      ],
      /^fl-1 unknown key:/,
      1,
    ],
    [
      'a later key item with an empty ARN, which is known by its id',
      [
        flowLog,
        bucket,
        key,
        { ...key, ...later, ARN: '', supplementaryConfiguration: withPolicy() },
      ],
      /^fl-1 blocked key-policy/,
      0,
    ],
    [
      'a later item without a type',
      [flowLog, bucket, key, { ...key, ...later, resourceType: undefined }],
      /^fl-1 unknown key:/,
      1,
    ],
    [
      'a later alias item without an ARN and an account',
      [
        flowLog,
        { ...bucket, supplementaryConfiguration: sse(aliasArn) },
        alias,
        key,
        { ...alias, ...later, ARN: undefined, awsAccountId: 'me' },
      ],
      /^fl-1 unknown key: alias/,
      1,
    ],
    [
      "an alias with the names of AWS Config's own schema",
      [
        flowLog,
        { ...bucket, supplementaryConfiguration: sse(aliasArn) },
        { ...alias, configuration: { AliasName: 'alias/logs', TargetKeyId: keyId } },
        key,
      ],
      /^fl-1 deliverable/,
      0,
    ],
    [
      'the same items in both encodings',
      [flowLog, bucket, key, asApi(flowLog), asApi(bucket), asApi(key)],
      /^fl-1 deliverable/,
      0,
    ],
    [
      'the same snapshot twice',
      [flowLog, bucket, key, flowLog, bucket, key],
      /^fl-1 deliverable/,
      0,
    ],
    [
      'two states of one time, by their ids',
      [
        flowLog,
        bucket,
        { ...key, configurationStateId: 2 },
        { ...key, configurationStateId: 1, supplementaryConfiguration: withPolicy() },
      ],
      /^fl-1 deliverable/,
      0,
    ],
    [
      'two key items of which one has no time',
      [
        flowLog,
        bucket,
        {
          ...key,
          configurationItemCaptureTime: undefined,
          supplementaryConfiguration: withPolicy(),
        },
        key,
      ],
      /^fl-1 unknown key:/,
      1,
    ],
    [
      'two key items without a time',
      [
        flowLog,
        bucket,
        {
          ...key,
          configurationItemCaptureTime: undefined,
          supplementaryConfiguration: withPolicy(),
        },
        { ...key, configurationItemCaptureTime: undefined },
      ],
      /^fl-1 unknown key:/,
      1,
    ],
    [
      'a deletion of the same time',
      [flowLog, bucket, { ...key, configurationItemStatus: 'ResourceDeleted' }, key],
      /^fl-1 unknown key: .* is recorded as deleted/,
      0,
    ],
    [
      'an earlier key item that is broken, which does not matter',
      [flowLog, bucket, { ...key, configurationItemCaptureTime: at(2), awsRegion: undefined }, key],
      /^fl-1 deliverable/,
      1,
    ],
    [
      'a bucket of that name in another partition',
      [flowLog, { ...bucket, ARN: 'arn:aws-cn:s3:::central-logs' }, key],
      /^fl-1 unknown bucket: bucket central-logs is not in the snapshot/,
      0,
    ],
    [
      'a key item that contradicts itself',
      [flowLog, bucket, { ...key, awsRegion: 'eu-west-1' }],
      /^fl-1 unknown key:/,
      1,
    ],
    [
      'two encryption rules',
      [
        flowLog,
        {
          ...bucket,
          supplementaryConfiguration: {
            ServerSideEncryptionConfiguration: {
              rules: [
                ...sse(null, 'AES256').ServerSideEncryptionConfiguration.rules,
                ...sse(keyArn).ServerSideEncryptionConfiguration.rules,
              ],
            },
          },
        },
        key,
      ],
      /^fl-1 unknown bucket/,
      0,
    ],
    [
      'an alias that stands for no key',
      [
        flowLog,
        { ...bucket, supplementaryConfiguration: sse(aliasArn) },
        { ...alias, configuration: {} },
        key,
      ],
      /^fl-1 unknown key: alias .* stands for no key/,
      0,
    ],
  ];
  it.each(newest)('%s', async (_, items, verdict, problems) => {
    const judged = await judge(write('all.json', items));
    expect(judged.verdicts).toEqual([expect.stringMatching(verdict)]);
    expect(judged.problems).toHaveLength(problems);
  });

  it('but two flow logs of one id in two Regions are two', async () => {
    const other = {
      ...flowLog,
      awsRegion: 'eu-west-1',
      ARN: `arn:aws:ec2:eu-west-1:${account}:vpc-flow-log/fl-1`,
    };
    expect((await judge(write('all.json', [flowLog, other, bucket, key]))).verdicts).toHaveLength(
      2,
    );
  });

  it('but not what is of no matter here', async () => {
    const items = [flowLog, bucket, key, { resourceType: 'AWS::EC2::VPC' }];
    expect(await judge(write('all.json', items))).toEqual({ verdicts: good, problems: [] });
  });
});
