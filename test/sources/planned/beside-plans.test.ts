import { unknown } from '../../../rule/model/facts.ts';
import { askExisting } from '../../../rule/sources/planned/ask-existing.ts';
import { readPlans } from '../../../rule/sources/plan/source.ts';
import { document, filesOf, good, planOf, ref, type Row, type Rows } from '../plan/plan-of.ts';
import { judgeAll } from '../template/judged.ts';
import {
  admitting,
  bucketWith,
  caller,
  existingAlias,
  existingKeyArn,
  home,
  keyWith,
  policyOf,
  sourceOf,
  wellAccount,
  type ExistingAccount,
} from './existing-account.ts';

interface Case {
  readonly sentence: string;
  readonly rows: Rows;
  readonly account?: ExistingAccount;
  readonly expected: string;
  readonly message?: RegExp;
  readonly questions?: readonly string[];
}

const region = { region: home };
const to = (destination: string): Row => ({
  values: { ...region, log_destination_type: 's3', log_destination: destination },
});
const toExisting: Rows = { 'aws_flow_log.f': to('arn:aws:s3:::existing') };
const closed: ExistingAccount = { ...wellAccount, keys: { [existingKeyArn]: keyWith() } };
const encryption = 'aws_s3_bucket_server_side_encryption_configuration.s';
const encrypting = (by: object, more: Partial<Row> = {}): Row => ({
  values: {
    ...region,
    bucket: 'existing',
    rule: [{ apply_server_side_encryption_by_default: [by] }],
  },
  ...more,
});
const keyPolicy = (keyId: string, ...statements: readonly object[]): Row => ({
  values: { ...region, key_id: keyId, policy: JSON.stringify(policyOf(...statements).document) },
});
const newBucket = (more: Rows = {}): Rows => ({
  ...good,
  'aws_s3_bucket.b': { values: { ...region, bucket: 'existing' }, config: {} },
  'aws_flow_log.f': to('arn:aws:s3:::existing'),
  ...more,
});
const withoutEncryption = Object.fromEntries(
  Object.entries(newBucket()).filter(([name]) => name !== encryption),
);
const keyId = existingKeyArn.slice(-36);

const cases: readonly Case[] = [
  {
    sentence: 'an existing bucket with a key that admits delivery',
    rows: toExisting,
    expected: 'deliverable',
    questions: ['bucket existing', `key ${existingKeyArn}`],
  },
  {
    sentence: 'an existing bucket with a key that does not admit delivery',
    rows: toExisting,
    account: closed,
    expected: 'blocked key-policy',
  },
  {
    sentence: 'an existing bucket that is refused',
    rows: toExisting,
    account: { buckets: { existing: unknown('bucket existing cannot be read (AccessDenied)') } },
    expected: 'unknown bucket',
    message:
      /^bucket existing cannot be read \(AccessDenied\): look at the default encryption of the bucket in S3$/,
  },
  {
    sentence: 'a bucket that does not exist',
    rows: toExisting,
    account: {},
    expected: 'unknown bucket',
    message: /make it first/,
  },
  {
    sentence: 'a data source of a bucket that is read during apply',
    rows: {
      'data.aws_s3_bucket.d': { actions: ['read'], values: { bucket: 'existing' }, config: {} },
      'aws_flow_log.f': {
        values: { log_destination_type: 's3', ...region },
        config: { log_destination: ref('data.aws_s3_bucket.d.arn', 'data.aws_s3_bucket.d') },
      },
    },
    account: closed,
    expected: 'blocked key-policy',
    questions: ['bucket existing', `key ${existingKeyArn}`, `grants ${existingKeyArn}`],
  },
  {
    sentence: 'a new bucket with an existing key',
    rows: newBucket({
      [encryption]: encrypting({ sse_algorithm: 'aws:kms', kms_master_key_id: existingKeyArn }),
    }),
    account: closed,
    expected: 'blocked key-policy',
    questions: [`key ${existingKeyArn}`, `grants ${existingKeyArn}`],
  },
  {
    sentence: 'a new bucket with an existing alias',
    rows: newBucket({
      [encryption]: encrypting({ sse_algorithm: 'aws:kms', kms_master_key_id: existingAlias }),
    }),
    expected: 'deliverable',
    questions: [`key ${existingAlias}`],
  },
  // What a plan sets wins over what exists
  {
    sentence: 'an existing bucket that gets another key from the plan',
    rows: {
      ...toExisting,
      [encryption]: encrypting({ sse_algorithm: 'aws:kms', kms_master_key_id: existingKeyArn }),
    },
    account: { ...closed, buckets: { existing: bucketWith(undefined) } },
    expected: 'blocked key-policy',
  },
  {
    sentence: 'an existing bucket that gets SSE-S3 from the plan',
    rows: {
      ...toExisting,
      [encryption]: encrypting({ sse_algorithm: 'AES256', kms_master_key_id: '' }),
    },
    account: closed,
    expected: 'deliverable',
  },
  {
    sentence: 'an existing bucket that loses its encryption by the plan',
    rows: {
      ...toExisting,
      [encryption]: encrypting({ sse_algorithm: 'aws:kms' }, { actions: ['delete'] }),
    },
    account: { ...wellAccount, buckets: { existing: bucketWith(undefined) } },
    expected: 'unknown bucket',
    message: /is removed, and the plan does not show the rest/,
  },
  {
    sentence: 'an existing bucket that gets a Deny from the plan',
    rows: {
      ...toExisting,
      'aws_s3_bucket_policy.p': {
        values: {
          bucket: 'existing',
          policy: JSON.stringify({
            Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' }],
          }),
        },
      },
    },
    expected: 'blocked bucket-policy',
  },
  ...[existingKeyArn, keyId].map((name) => ({
    sentence: `an existing key that gets a policy from the plan by ${name}`,
    rows: { ...toExisting, 'aws_kms_key_policy.p': keyPolicy(name) },
    expected: 'blocked key-policy',
  })),
  {
    sentence: 'an existing key that admits delivery by the plan',
    rows: { ...toExisting, 'aws_kms_key_policy.p': keyPolicy(existingKeyArn, admitting()) },
    account: closed,
    expected: 'deliverable',
  },
  {
    sentence: 'an existing key, and two policies for it',
    rows: {
      ...toExisting,
      'aws_kms_key_policy.p': keyPolicy(existingKeyArn),
      'aws_kms_key_policy.q': keyPolicy(keyId, admitting()),
    },
    expected: 'unknown key-policy',
    message: /aws_kms_key_policy\.p and aws_kms_key_policy\.q both set it/,
  },
  {
    sentence: 'a policy for a key of the same id in another Region',
    rows: {
      ...toExisting,
      'aws_kms_key_policy.p': {
        values: { ...keyPolicy(keyId).values, region: 'us-east-1' },
      },
    },
    expected: 'deliverable',
  },
  {
    sentence: 'an existing key whose policy is known after apply',
    rows: {
      ...toExisting,
      'data.aws_iam_policy_document.d': document({}, null, {}),
      'aws_kms_key_policy.p': {
        values: { ...region, key_id: existingKeyArn },
        unknown: { policy: true },
        config: { policy: ref('local.x') },
      },
    },
    expected: 'unknown key-policy',
    message: /local\.x/,
  },
  {
    sentence: 'an existing alias of a key that the plan has',
    rows: {
      ...newBucket({
        [encryption]: encrypting({ sse_algorithm: 'aws:kms', kms_master_key_id: existingAlias }),
      }),
      'aws_kms_key.k': {
        actions: ['update'],
        values: {
          ...region,
          arn: existingKeyArn,
          key_id: keyId,
          policy: JSON.stringify(policyOf().document),
        },
        unknown: { arn: false, id: false },
      },
    },
    expected: 'blocked key-policy',
    message: /aws_kms_key\.k/,
  },
  ...(
    [
      ['a bucket', 'aws_s3_bucket.gone', { bucket: 'existing' }, 'unknown bucket'],
      ['a key', 'aws_kms_key.gone', { arn: existingKeyArn }, 'unknown key'],
    ] as const
  ).map(([what, name, values, expected]) => ({
    sentence: `${what} that the plan removes`,
    rows: { ...toExisting, [name]: { actions: ['delete'], values } },
    expected,
    message: /\.gone, which the plan deletes or forgets/,
  })),
  {
    sentence: 'an alias that the plan removes',
    rows: {
      ...toExisting,
      'aws_kms_alias.gone': { actions: ['delete'], values: { arn: existingAlias } },
    },
    account: { ...wellAccount, buckets: { existing: bucketWith(existingAlias) } },
    expected: 'unknown key',
  },
  // Buckets that the plan makes without encryption
  {
    sentence: 'a new bucket without encryption that exists with a key',
    rows: withoutEncryption,
    expected: 'unknown bucket',
    message: /is defined without encryption, and exists with encryption by arn:aws:kms/,
  },
  {
    sentence: 'a new bucket without encryption that does not exist',
    rows: withoutEncryption,
    account: {},
    expected: 'deliverable',
  },
  {
    sentence: 'a sensitive name, which is not sent',
    rows: {
      'aws_flow_log.f': {
        ...to('arn:aws:s3:::existing'),
        sensitive: { log_destination: true },
      },
    },
    expected: 'unknown bucket',
    questions: [],
  },
];

describe('a plan beside an account', () => {
  it.each(cases.map((each) => [each.sentence, each] as const))('%s', async (_, each) => {
    const { source, questions } = sourceOf(each.account ?? wellAccount);
    const { existing, settle } = askExisting(source);
    const input = readPlans(filesOf(planOf(each.rows)), {
      ...{ account: caller, region: undefined, existing },
    });
    const { 'aws_flow_log.f': verdict } = await settle(() => judgeAll(input));
    expect([verdict?.outcome, verdict?.reason].filter(Boolean).join(' ')).toBe(each.expected);
    expect(verdict?.message).toMatch(each.message ?? /./);
    if (each.questions !== undefined) expect(questions).toEqual(each.questions);
  });
});
