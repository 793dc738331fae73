import type { Facts } from '../../rule/model/facts.ts';
import { missing, notAsked, unknown } from '../../rule/model/facts.ts';
import type { Question } from '../../rule/model/question.ts';
import type { CheckCode } from '../../rule/model/verdict.ts';
import {
  account,
  admittingBucketPolicy,
  archive,
  bucket,
  deny,
  description,
  encryption,
  flowLog,
  grant,
  key,
  keyArn,
  question,
  withPolicy,
  world,
} from '../world.ts';

/** A world with another cause for a flow log to fail, or to be exempt. */
export interface FailingWorld {
  readonly name: string;
  readonly check: CheckCode;
  readonly facts: Facts;
  readonly question: Question;
}

const encrypted = (changed: object): Facts => ({
  ...world,
  bucket: { ...bucket, encryption: { ...encryption, ...changed } },
});
const described = (changed: object): Facts => ({
  ...world,
  key: { ...key, description: { ...description, ...changed } },
});
const granted = (Condition: object): Facts => withPolicy({ ...grant, Condition });
const denied = (Condition: object): Facts => withPolicy(grant, { ...deny, Condition });
const bucketPolicy = (...statements: readonly object[]): Facts => ({
  ...world,
  bucket: { ...bucket, policy: { kind: 'policy', document: { Statement: statements } } },
});
const admitting = (JSON.parse(admittingBucketPolicy(bucket.name)) as { Statement: object[] })
  .Statement;
const alias = `arn:aws:kms:us-east-1:${account}:alias/flow-logs`;

const rows: readonly (readonly [CheckCode, string, Facts, Partial<Question>?])[] = [
  [
    'destination',
    'an unreadable destination',
    {
      flowLog: { ...flowLog, destination: unknown('destination of flow log fl-1 cannot be read') },
      bucket: notAsked,
      key: notAsked,
    },
  ],
  [
    'exemption',
    'an exemption',
    world,
    {
      exemptions: [
        { pattern: { account }, reason: 'moves soon', owner: 'network', expires: '2027-01-31' },
      ],
    },
  ],
  [
    'bucket',
    'no bucket',
    { ...world, bucket: missing('bucket example-flow-logs does not exist (NoSuchBucket)') },
  ],
  [
    'bucket',
    'a bucket that may not be read',
    {
      ...world,
      key: notAsked,
      bucket: unknown(
        'bucket example-flow-logs cannot be read (AccessDenied)',
        'allow s3:GetEncryptionConfiguration on it, or run in the account that owns it',
      ),
    },
  ],
  ['bucket', 'an algorithm that nobody knows', encrypted({ algorithm: 'aws:quantum' })],
  [
    'customer-key',
    'SSE-S3, where a key was asked for',
    { ...encrypted({ algorithm: 'AES256', keyId: undefined }), key: notAsked },
    { alsoCheck: ['customer-key'] },
  ],
  ['aws-managed-key', 'no key', { ...encrypted({ keyId: undefined }), key: notAsked }],
  ['aws-managed-key', 'a key that AWS manages', described({ manager: 'AWS' })],
  ['key-by-arn', 'an alias by name', { ...encrypted({ keyId: 'alias/logs' }), key: notAsked }],
  ['key-by-arn', 'a key by id', encrypted({ keyId: keyArn.split('/')[1] })],
  ['key-by-arn', 'no key at all', { ...encrypted({ keyId: 'arn:aws:s3:::logs' }), key: notAsked }],
  ['key', 'no such key', { ...world, key: missing(`key ${keyArn} does not exist (NotFound)`) }],
  [
    'key',
    'an alias that may not be read',
    {
      ...encrypted({ keyId: alias }),
      key: unknown(`key ${alias} cannot be read (AccessDenied)`, 'allow kms:DescribeKey on it'),
    },
  ],
  ['key-region', 'a key of another Region', { ...world, key: { ...key, region: 'eu-west-1' } }],
  ['key-state', 'a disabled key', described({ state: 'Disabled' })],
  ['key-state', 'a key that will be deleted', described({ state: 'PendingDeletion' })],
  ['key-state', 'a state that is not told', described({ state: undefined })],
  ['key-usage', 'a key for signing', described({ usage: 'SIGN_VERIFY', spec: 'RSA_2048' })],
  ['key-policy', 'the default key policy', withPolicy()],
  [
    'key-policy',
    'a statement for the wrong service',
    withPolicy({ ...grant, Principal: { Service: 'vpc-flow-logs.amazonaws.com' } }),
  ],
  ['key-policy', 'no GenerateDataKey', withPolicy({ ...grant, Action: 'kms:Decrypt' })],
  [
    'key-policy',
    'another Region',
    granted({ ArnLike: { 'aws:SourceArn': `arn:aws:logs:eu-west-1:${account}:*` } }),
  ],
  ['key-policy', 'another account', granted({ StringEquals: { 'aws:SourceAccount': archive } })],
  [
    'key-policy',
    'an organization',
    granted({ StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } }),
  ],
  [
    'key-policy',
    'a Deny on all but an endpoint',
    denied({ StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } }),
  ],
  [
    'key-policy',
    'a Deny on an address',
    denied({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
  ],
  [
    'key-policy',
    'a key policy that may not be read',
    {
      ...world,
      key: {
        ...key,
        policy: unknown(
          `policy of key ${keyArn} cannot be read (AccessDeniedException)`,
          'allow kms:GetKeyPolicy on it, or run in the account that owns it',
        ),
      },
    },
  ],
  [
    'bucket-policy',
    'a bucket policy with a Deny on all but an endpoint',
    bucketPolicy(...admitting, {
      ...deny,
      Action: 's3:*',
      Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } },
    }),
  ],
  ['bucket-policy', 'a bucket policy for nobody', bucketPolicy()],
  [
    'delivery-status',
    'a failure that the policies do not explain',
    { ...world, flowLog: { ...flowLog, observed: { status: 'FAILED', error: 'Access error' } } },
  ],
];

export const failingWorlds: readonly FailingWorld[] = rows.map(
  ([check, name, facts, changed = {}]) => ({
    ...{ name, check, facts },
    question: { ...question, ...changed },
  }),
);
