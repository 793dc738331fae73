import { checks, decide } from '../../rule/judge/decide.ts';
import type { Exemption } from '../../rule/model/exemption.ts';
import { notAsked, type Bucket, type Facts, unknown, missing } from '../../rule/model/facts.ts';
import type { Question } from '../../rule/model/question.ts';
import { verdictLine, checkCodes, type CheckCode, type Outcome } from '../../rule/model/verdict.ts';
import {
  account,
  archive,
  bucket,
  deny,
  description,
  encryption,
  flowLog,
  grant,
  key,
  keyId,
  policy,
  question,
  withPolicy,
  world,
} from '../world.ts';

/** A row without words expects any message; with words the verdict must contain the words. */
type Row = [name: string, facts: Facts, outcome: Outcome, reason: CheckCode | null, words?: string];
type QuestionRow = [
  name: string,
  changed: Partial<Question>,
  facts: Facts,
  outcome: Outcome,
  reason: CheckCode | null,
];

const withEncryption = (changed: object): Facts => ({
  ...world,
  bucket: { ...bucket, encryption: { ...encryption, ...changed } },
});
const withDescription = (changed: object): Facts => ({
  ...world,
  key: { ...key, description: { ...description, ...changed } },
});
const noKey = (keyIdInBucket: string | undefined): Facts => ({
  ...withEncryption({ keyId: keyIdInBucket }),
  key: notAsked,
});
const bucketArn = `arn:aws:s3:::${bucket.name}`;
const observed = (status: string | undefined, error?: string) => ({
  ...flowLog,
  observed: { status, error },
});
const failed = observed('FAILED', 'Access error');

const rows: readonly Row[] = [
  [
    'everything as AWS documents it',
    world,
    'deliverable',
    null,
    'admits delivery.logs.amazonaws.com',
  ],

  [
    'a destination that is not S3',
    {
      ...world,
      flowLog: { ...flowLog, destination: { kind: 'elsewhere', type: 'cloud-watch-logs' } },
      bucket: notAsked,
      key: notAsked,
    },
    'exempt',
    'destination',
    'cloud-watch-logs',
  ],
  [
    'a destination that cannot be read',
    {
      ...world,
      flowLog: { ...flowLog, destination: unknown('destination cannot be read') },
      bucket: notAsked,
      key: notAsked,
    },
    'unknown',
    'destination',
  ],

  [
    'a bucket that does not exist',
    { ...world, bucket: missing('bucket b does not exist'), key: notAsked },
    'blocked',
    'bucket',
    'does not exist',
  ],
  [
    'a bucket that cannot be read',
    { ...world, bucket: unknown('bucket b cannot be read'), key: notAsked },
    'unknown',
    'bucket',
  ],
  [
    'an encryption that is not recorded',
    { ...world, bucket: { ...bucket, encryption: unknown('not recorded') }, key: notAsked },
    'unknown',
    'bucket',
  ],
  [
    'SSE-S3',
    { ...withEncryption({ algorithm: 'AES256', keyId: undefined }), key: notAsked },
    'deliverable',
    null,
    'SSE-S3',
  ],
  [
    'an algorithm that nobody knows',
    { ...withEncryption({ algorithm: 'aws:quantum' }), key: notAsked },
    'unknown',
    'bucket',
    'aws:quantum',
  ],
  [
    'dual-layer encryption',
    withEncryption({ algorithm: 'aws:kms:dsse' }),
    'deliverable',
    null,
    'aws:kms:dsse',
  ],

  ['KMS without a key', noKey(undefined), 'blocked', 'aws-managed-key', 'cannot be edited'],
  [
    'a key that AWS manages',
    withDescription({ manager: 'AWS' }),
    'blocked',
    'aws-managed-key',
    `(${key.arn})`,
  ],
  ['the alias name of aws/s3', noKey('alias/aws/s3'), 'blocked', 'aws-managed-key', '(aws/s3)'],
  ['another alias of AWS', noKey('alias/aws/ebs'), 'blocked', 'aws-managed-key', '(aws/ebs)'],
  [
    'the alias ARN of aws/s3, unreadable',
    {
      ...withEncryption({ keyId: `arn:aws:kms:us-east-1:${archive}:alias/aws/s3` }),
      key: unknown('refused'),
    },
    'blocked',
    'aws-managed-key',
    '(aws/s3)',
  ],

  ['a bare alias', noKey('alias/logs'), 'blocked', 'key-by-arn', "requester's account"],
  [
    'a bare key id of a good key',
    withEncryption({ keyId }),
    'unknown',
    'key-by-arn',
    'set the key ARN',
  ],
  [
    'a bare key id of a multi-Region key',
    withEncryption({ keyId: 'mrk-1234abcd12ab34cd56ef1234567890ab' }),
    'unknown',
    'key-by-arn',
  ],
  [
    'a bare key id of a bad key',
    { ...withEncryption({ keyId }), key: { ...key, policy: policy() } },
    'blocked',
    'key-policy',
  ],
  [
    'an alias ARN',
    withEncryption({ keyId: 'arn:aws:kms:us-east-1:111122223333:alias/logs' }),
    'deliverable',
    null,
  ],
  [
    'a key reference that is neither',
    noKey('arn:aws:s3:::not-a-key'),
    'unknown',
    'key-by-arn',
    'arn:aws:s3:::not-a-key',
  ],

  [
    'a key that does not exist',
    { ...world, key: missing('key k does not exist') },
    'blocked',
    'key',
  ],
  [
    'a key that cannot be read',
    { ...world, key: unknown('key k cannot be read') },
    'unknown',
    'key',
  ],
  [
    'a key that nobody looked up',
    { ...world, key: notAsked },
    'unknown',
    'key',
    'was not looked up',
  ],

  [
    'a key of another Region',
    { ...world, key: { ...key, region: 'eu-west-1' } },
    'blocked',
    'key-region',
    'eu-west-1',
  ],
  [
    'a bucket whose Region is unknown',
    { ...world, bucket: { ...bucket, region: unknown('no Region') } },
    'unknown',
    'key-region',
  ],

  ['a disabled key', withDescription({ state: 'Disabled' }), 'blocked', 'key-state', 'is Disabled'],
  [
    'a key that will be deleted',
    withDescription({ state: 'PendingDeletion' }),
    'blocked',
    'key-state',
    'cancel its deletion',
  ],
  ['a key that is being updated', withDescription({ state: 'Updating' }), 'deliverable', null],
  [
    'a state that is not told',
    withDescription({ state: undefined }),
    'unknown',
    'key-state',
    'is not told: look at the key in AWS KMS',
  ],
  [
    'a description that is refused',
    { ...world, key: { ...key, description: unknown('DescribeKey refused') } },
    'unknown',
    'key-state',
  ],
  [
    'a disabled key whose policy cannot be read',
    {
      ...world,
      key: {
        ...key,
        description: { ...description, state: 'Disabled' },
        policy: unknown('refused'),
      },
    },
    'blocked',
    'key-state',
  ],

  ['an asymmetric key', withDescription({ spec: 'RSA_2048' }), 'blocked', 'key-usage', 'RSA_2048'],
  ['a key for signing', withDescription({ usage: 'SIGN_VERIFY' }), 'blocked', 'key-usage'],
  ['a spec that is not known', withDescription({ spec: undefined }), 'unknown', 'key-usage'],
  [
    'a usage that is not known, of the spec with one usage',
    withDescription({ usage: undefined }),
    'deliverable',
    null,
  ],

  [
    'the default key policy',
    withPolicy(),
    'blocked',
    'key-policy',
    'no statement is for delivery.logs.amazonaws.com',
  ],
  [
    'a statement for another service',
    withPolicy({ ...grant, Principal: { Service: 'vpc-flow-logs.amazonaws.com' } }),
    'blocked',
    'key-policy',
    'vpc-flow-logs.amazonaws.com writes to CloudWatch Logs, not to S3; no statement is for delivery.logs.amazonaws.com, statement `LogDelivery` is for',
  ],
  [
    'a statement for the log group of a Region',
    withPolicy({ ...grant, Principal: { Service: 'logs.us-east-1.amazonaws.com' } }),
    'blocked',
    'key-policy',
    'logs.us-east-1.amazonaws.com writes to CloudWatch Logs, not to S3; no statement is for',
  ],
  [
    'a condition of the delivery service, and a statement for another service',
    withPolicy(
      { ...grant, Condition: { StringEquals: { 'aws:SourceAccount': archive } } },
      { ...grant, Principal: { Service: 'vpc-flow-logs.amazonaws.com' } },
    ),
    'blocked',
    'key-policy',
    'in statement `LogDelivery`; vpc-flow-logs.amazonaws.com writes to CloudWatch Logs',
  ],
  [
    'an encryption context of a Bucket Key, where objects have keys of their own',
    {
      ...withPolicy({
        ...grant,
        Condition: { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': bucketArn } },
      }),
      bucket: { ...bucket, encryption: { ...encryption, bucketKey: false } },
    },
    'blocked',
    'key-policy',
    'or turn the Bucket Key on',
  ],
  [
    'a deny on the encryption context of a Bucket Key',
    withPolicy(grant, {
      ...deny,
      Condition: { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': bucketArn } },
    }),
    'blocked',
    'key-policy',
    'to it, or turn the Bucket Key off',
  ],
  [
    'a deny on AWS services',
    withPolicy(grant, { ...deny, Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' } } }),
    'blocked',
    'key-policy',
    'its condition aws:PrincipalIsAWSService forbids these',
  ],
  [
    'a statement without GenerateDataKey',
    withPolicy({ ...grant, Action: ['kms:Decrypt'] }),
    'blocked',
    'key-policy',
    'Action wants kms:Decrypt, delivery sends kms:GenerateDataKey, in statement `LogDelivery`; key policy refuses kms:GenerateDataKey:',
  ],
  [
    'a statement without Decrypt',
    withPolicy({ ...grant, Action: ['kms:GenerateDataKey*'] }),
    'blocked',
    'key-policy',
    'refuses kms:Decrypt:',
  ],
  [
    'a statement with just what is required',
    withPolicy({ ...grant, Action: ['kms:GenerateDataKey', 'kms:Decrypt'] }),
    'deliverable',
    null,
    'AWS also documents kms:Encrypt, kms:ReEncrypt*, kms:GenerateDataKey*, kms:DescribeKey',
  ],
  [
    'the wrong Region in SourceArn',
    withPolicy({
      ...grant,
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:logs:eu-west-1:111122223333:*' } },
    }),
    'blocked',
    'key-policy',
    'ArnLike aws:SourceArn wants arn:aws:logs:eu-west-1:111122223333:*, delivery sends arn:aws:logs:us-east-1:111122223333:*, in statement `LogDelivery`',
  ],
  [
    "the bucket's account in SourceAccount",
    withPolicy({ ...grant, Condition: { StringEquals: { 'aws:SourceAccount': archive } } }),
    'blocked',
    'key-policy',
    `StringEquals aws:SourceAccount wants ${archive}, delivery sends 111122223333`,
  ],
  [
    'everybody of an organization by principal',
    withPolicy({
      ...grant,
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    }),
    'blocked',
    'key-policy',
    'aws:PrincipalOrgID wants o-a1b2c3d4e5, delivery sends none',
  ],
  [
    'everybody of an organization by source',
    withPolicy({ ...grant, Condition: { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } } }),
    'unknown',
    'key-policy',
    'to be settled by aws:SourceOrgID; key policy may or may not allow kms:GenerateDataKey and kms:Decrypt: give the organization id',
  ],
  [
    'a deny beside the grant',
    withPolicy(grant, deny),
    'blocked',
    'key-policy',
    'Deny statement `Guard` forbids it',
  ],
  [
    'a deny on all but an endpoint',
    withPolicy(grant, { ...deny, Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
    'blocked',
    'key-policy',
    'Deny where StringNotEquals aws:SourceVpce wants vpce-1, delivery sends none, in statement `Guard`; key policy refuses kms:GenerateDataKey and kms:Decrypt: exempt AWS services from that Deny',
  ],
  [
    'a deny on all but an endpoint and services',
    withPolicy(grant, {
      ...deny,
      Condition: {
        StringNotEquals: { 'aws:SourceVpce': 'vpce-1' },
        Bool: { 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
    'deliverable',
    null,
  ],
  [
    'a deny on all but one role',
    withPolicy(grant, {
      ...deny,
      Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Admin' } },
    }),
    'blocked',
    'key-policy',
  ],
  [
    'a deny on one role',
    withPolicy(grant, {
      ...deny,
      Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Intern' } },
    }),
    'deliverable',
    null,
  ],
  [
    'the via-service pattern of AWS managed keys',
    withPolicy({
      ...grant,
      Principal: { AWS: '*' },
      Condition: {
        StringEquals: {
          'kms:CallerAccount': '111122223333',
          'kms:ViaService': 's3.us-east-1.amazonaws.com',
        },
      },
    }),
    'unknown',
    'key-policy',
    'kms:CallerAccount',
  ],
  [
    'an encryption context of the bucket',
    withPolicy({
      ...grant,
      Condition: {
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::example-flow-logs*' },
      },
    }),
    'deliverable',
    null,
  ],
  [
    'an encryption context of another bucket',
    withPolicy({
      ...grant,
      Condition: { StringLike: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::other*' } },
    }),
    'blocked',
    'key-policy',
    'delivery sends arn:aws:s3:::example-flow-logs',
  ],
  [
    'a key policy that cannot be read',
    { ...world, key: { ...key, policy: unknown('GetKeyPolicy refused') } },
    'unknown',
    'key-policy',
  ],
  [
    'a key policy that is no policy',
    { ...world, key: { ...key, policy: { kind: 'policy', document: 'nonsense' } } },
    'unknown',
    'key-policy',
  ],

  [
    'a key of another Region that could not be read',
    {
      ...withEncryption({ keyId: `arn:aws:kms:eu-west-1:${archive}:alias/logs` }),
      key: notAsked,
    },
    'blocked',
    'key-region',
  ],
  [
    'a variable that AWS cannot fill in, negated',
    withPolicy({
      ...grant,
      Condition: { StringNotEquals: { 'aws:SourceAccount': '${aws:username}' } },
    }),
    'deliverable',
    null,
  ],
  [
    'such a variable beside the right value',
    withPolicy({
      ...grant,
      Condition: { StringEquals: { 'aws:SourceAccount': [account, '${aws:PrincipalTag/x}'] } },
    }),
    'deliverable',
    null,
  ],
  [
    'such a variable in a resource beside the right one',
    withPolicy({ ...grant, Resource: ['*', 'arn:aws:kms:us-east-1:1:key/${aws:username}'] }),
    'unknown',
    'key-policy',
  ],
  [
    'a partition where delivery is not verified',
    { ...world, flowLog: { ...flowLog, partition: 'aws-eusc', region: 'eusc-de-east-1' } },
    'unknown',
    'key-policy',
    'partition aws-eusc is not verified',
  ],
  [
    'a delivery that AWS reports as failed',
    { ...world, flowLog: failed },
    'unknown',
    'delivery-status',
    'resource control policies',
  ],
  [
    'a failed delivery into SSE-S3',
    { ...withEncryption({ algorithm: 'AES256' }), key: notAsked, flowLog: failed },
    'unknown',
    'delivery-status',
  ],
  [
    'a failed delivery with a refusing policy',
    { ...withPolicy(), flowLog: failed },
    'blocked',
    'key-policy',
  ],
  [
    'a failed delivery that is unknown before',
    { ...world, flowLog: failed, key: unknown('refused') },
    'unknown',
    'key',
  ],
  [
    'a failure that AWS does not know the reason of',
    { ...world, flowLog: observed('FAILED', 'Unknown error') },
    'unknown',
    'delivery-status',
    'Unknown error',
  ],
  [
    'a delivery that is only rate limited',
    { ...world, flowLog: observed('FAILED', 'Rate limited') },
    'deliverable',
    null,
  ],
  [
    'an error of delivery without a status',
    { ...world, flowLog: observed(undefined, 'Access error') },
    'unknown',
    'delivery-status',
    'delivery is reported without a status (Access error)',
  ],
  [
    'a status of delivery that AWS does not document',
    { ...world, flowLog: observed('IMPAIRED') },
    'unknown',
    'delivery-status',
    'delivery is reported IMPAIRED (no reason given)',
  ],
  [
    'an error from before a success',
    { ...world, flowLog: observed('SUCCESS', 'Access error') },
    'deliverable',
    null,
  ],
];

const exemption: Exemption = {
  pattern: { account },
  reason: 'sandbox',
  owner: 'platform',
  expires: '2026-12-31',
};

const withBucketPolicy = (policy: Bucket['policy'], more: Partial<Bucket> = {}): Facts => ({
  ...world,
  bucket: { ...bucket, policy, ...more },
});
const [writesToOther, guarded, doubtful] = [
  bucketPolicy({ Resource: 'arn:aws:s3:::example-flow-logs/other/*' }),
  bucketPolicyAnd({ ...deny, Action: 's3:*' }),
  bucketPolicy({ Condition: { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } } }),
];
/** A flow log and a bucket, recorded at these times. */
const recordedAt = (
  times: { readonly createdAt?: number; readonly capturedAt?: number },
  bucketCapturedAt: number,
): Facts => ({
  ...withBucketPolicy(missing('bucket b has no bucket policy'), { capturedAt: bucketCapturedAt }),
  flowLog: { ...flowLog, ...times },
});

/** The bucket policy without AlsoCheck: only a sure refusal counts. */
const bucketPolicyRows: readonly Row[] = [
  ['a bucket policy as AWS writes it', withBucketPolicy(bucketPolicy()), 'deliverable', null],
  [
    'a bucket without a bucket policy',
    withBucketPolicy(missing('none')),
    'blocked',
    'bucket-policy',
    'bucket example-flow-logs has no bucket policy',
  ],
  [
    'a bucket policy for another folder',
    withBucketPolicy(writesToOther),
    'blocked',
    'bucket-policy',
    'bucket policy refuses s3:PutObject',
  ],
  [
    'a bucket policy with a Deny',
    withBucketPolicy(guarded),
    'blocked',
    'bucket-policy',
    'exempt AWS services from that Deny',
  ],
  [
    'a refusing bucket policy with SSE-S3',
    {
      ...withBucketPolicy(writesToOther, {
        encryption: { ...encryption, algorithm: 'AES256', keyId: undefined },
      }),
      key: notAsked,
    },
    'blocked',
    'bucket-policy',
  ],
  ['a bucket policy in doubt', withBucketPolicy(doubtful), 'deliverable', null],
  ['a bucket policy that AWS does not show', withBucketPolicy(unknown('no')), 'deliverable', null],
  ['a bucket policy that nobody asked for', withBucketPolicy(notAsked), 'deliverable', null],
  [
    'a bucket recorded before the flow log was made',
    recordedAt({ createdAt: 20, capturedAt: 30 }, 10),
    'deliverable',
    null,
  ],
  [
    'a bucket recorded after the flow log was made',
    recordedAt({ createdAt: 20, capturedAt: 40 }, 30),
    'blocked',
    'bucket-policy',
  ],
  [
    'a bucket recorded before the flow log, made at a time not known',
    recordedAt({ capturedAt: 40 }, 30),
    'deliverable',
    null,
  ],
  [
    'a bucket recorded after the flow log, made at a time not known',
    recordedAt({ capturedAt: 40 }, 40),
    'blocked',
    'bucket-policy',
  ],
  ['a recorded bucket and a flow log without times', recordedAt({}, 40), 'deliverable', null],
  [
    'a recorded bucket without a time',
    recordedAt({ createdAt: 20 }, -Infinity),
    'deliverable',
    null,
  ],
];

/** Facts of the account where all is well, judged by another question. */
const questionRows: readonly QuestionRow[] = [
  [
    'the organization id settles SourceOrgID',
    { organizationId: 'o-a1b2c3d4e5' },
    withPolicy({ ...grant, Condition: { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } } }),
    'deliverable',
    null,
  ],
  [
    'another organization id settles it the other way',
    { organizationId: 'o-zzzzzzzzzz' },
    withPolicy({ ...grant, Condition: { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } } }),
    'blocked',
    'key-policy',
  ],
  [
    'the organization id settles paths below the whole of it',
    { organizationId: 'o-a1b2c3d4e5' },
    withPolicy({
      ...grant,
      Condition: { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-a1b2c3d4e5/*' } },
    }),
    'deliverable',
    null,
  ],
  [
    'but not paths below a unit',
    { organizationId: 'o-a1b2c3d4e5' },
    withPolicy({
      ...grant,
      Condition: {
        'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-a1b2c3d4e5/r-ab12/ou-1/*' },
      },
    }),
    'unknown',
    'key-policy',
  ],
  [
    'a further required action is required',
    { requiredActions: ['kms:GenerateDataKey', 'kms:CreateGrant'] },
    world,
    'blocked',
    'key-policy',
  ],
  [
    'DescribeKey has no encryption context',
    { requiredActions: ['kms:DescribeKey'] },
    withPolicy({
      ...grant,
      Condition: { StringLike: { 'kms:EncryptionContext:aws:s3:arn': '*' } },
    }),
    'blocked',
    'key-policy',
  ],
  [
    'customer-key asks for a key where there is none',
    { alsoCheck: ['customer-key'] },
    { ...withEncryption({ algorithm: 'AES256' }), key: notAsked },
    'blocked',
    'customer-key',
  ],
  [
    'customer-key is content with a key',
    { alsoCheck: ['customer-key'] },
    world,
    'deliverable',
    null,
  ],
  [
    'an exemption counts whatever the key policy says',
    { exemptions: [exemption] },
    withPolicy(),
    'exempt',
    'exemption',
  ],
  [
    'bucket-policy that was not looked up',
    { alsoCheck: ['bucket-policy'] },
    world,
    'unknown',
    'bucket-policy',
  ],
  [
    'bucket-policy without a policy',
    { alsoCheck: ['bucket-policy'] },
    { ...world, bucket: { ...bucket, policy: missing('none') } },
    'blocked',
    'bucket-policy',
  ],
  [
    'bucket-policy as AWS writes it',
    { alsoCheck: ['bucket-policy'] },
    { ...world, bucket: { ...bucket, policy: bucketPolicy() } },
    'deliverable',
    null,
  ],
  [
    'bucket-policy for another folder',
    { alsoCheck: ['bucket-policy'] },
    {
      ...world,
      bucket: {
        ...bucket,
        policy: bucketPolicy({ Resource: 'arn:aws:s3:::example-flow-logs/other/*' }),
      },
    },
    'blocked',
    'bucket-policy',
  ],
  [
    'bucket-policy of a bucket recorded before the flow log',
    { alsoCheck: ['bucket-policy'] },
    recordedAt({ createdAt: 20 }, 10),
    'unknown',
    'bucket-policy',
  ],
  [
    'bucket-policy in doubt',
    { alsoCheck: ['bucket-policy'] },
    withBucketPolicy(doubtful),
    'unknown',
    'bucket-policy',
  ],
  [
    'bucket-policy that is refused',
    { alsoCheck: ['bucket-policy'] },
    { ...world, bucket: { ...bucket, policy: unknown('refused') } },
    'unknown',
    'bucket-policy',
  ],
];

/** The outcomes of each check: the compiler asks for the outcomes of a new check, and a test for a row of each. */
const outcomesOf: Readonly<Record<CheckCode, readonly Outcome[]>> = {
  destination: ['exempt', 'unknown'],
  exemption: ['exempt'],
  bucket: ['blocked', 'deliverable', 'unknown'],
  'customer-key': ['blocked'],
  'aws-managed-key': ['blocked'],
  'key-by-arn': ['blocked', 'unknown'],
  key: ['blocked', 'unknown'],
  'key-region': ['blocked', 'unknown'],
  'key-state': ['blocked', 'unknown'],
  'key-usage': ['blocked', 'unknown'],
  'key-policy': ['blocked', 'deliverable', 'unknown'],
  'bucket-policy': ['blocked', 'unknown'],
  'delivery-status': ['unknown'],
};

/** The findings that decide the verdicts of all rows. */
const decisiveFindings = [
  ...rows.map(([, facts]) => decide(facts, question)),
  ...questionRows.map(([, changed, facts]) => decide(facts, { ...question, ...changed })),
].flatMap(({ outcome, findings }) => findings.find((each) => each.outcome === outcome) ?? []);

describe('decide', () => {
  it.each([...rows, ...bucketPolicyRows])('%s', (_, facts, outcome, reason, words = '') => {
    const verdict = decide(facts, question);
    expect({ outcome: verdict.outcome, reason: verdict.reason }).toEqual({ outcome, reason });
    expect(verdictLine(verdict)).toContain(words);
  });

  it.each(questionRows)('when asked: %s', (_, changed, facts, outcome, reason) => {
    const verdict = decide(facts, { ...question, ...changed });
    expect({ outcome: verdict.outcome, reason: verdict.reason }).toEqual({ outcome, reason });
  });

  it('keeps every finding, in the order of the checks', () => {
    const verdict = decide(
      {
        ...world,
        key: {
          ...key,
          region: 'eu-west-1',
          policy: policy(),
          description: { ...description, state: 'Disabled' },
        },
        flowLog: failed,
      },
      question,
    );
    expect(verdict.findings.map(({ check }) => check)).toEqual([
      'key-region',
      'key-state',
      'key-policy',
      'delivery-status',
    ]);
    expect(verdict.reason).toBe('key-region');
  });

  it.each(checkCodes)('has a row for each outcome of the check %s', (code) => {
    const outcomes = decisiveFindings.flatMap(({ check, outcome }) =>
      check === code ? [outcome] : [],
    );
    expect([...new Set(outcomes)].sort()).toEqual(outcomesOf[code]);
  });

  it('has the checks in the order of their codes', () => {
    expect(checks.map(({ code }) => code)).toEqual([...checkCodes]);
  });
});

function bucketPolicy(write: object = {}) {
  const condition = {
    StringEquals: { 'aws:SourceAccount': flowLog.accountId },
    ArnLike: { 'aws:SourceArn': 'arn:aws:logs:us-east-1:111122223333:*' },
  };
  const service = { Effect: 'Allow', Principal: { Service: 'delivery.logs.amazonaws.com' } };
  return {
    kind: 'policy' as const,
    document: {
      Version: '2012-10-17',
      Statement: [
        {
          ...service,
          Sid: 'AWSLogDeliveryWrite',
          Action: 's3:PutObject',
          Resource: 'arn:aws:s3:::example-flow-logs/AWSLogs/111122223333/*',
          Condition: {
            ...condition,
            StringEquals: {
              ...condition.StringEquals,
              's3:x-amz-acl': 'bucket-owner-full-control',
            },
          },
          ...write,
        },
        {
          ...service,
          Sid: 'AWSLogDeliveryAclCheck',
          Action: 's3:GetBucketAcl',
          Resource: 'arn:aws:s3:::example-flow-logs',
          Condition: condition,
        },
      ],
    },
  };
}

function bucketPolicyAnd(statement: object): Bucket['policy'] {
  const { document } = bucketPolicy();
  return {
    kind: 'policy',
    document: { ...document, Statement: [...document.Statement, statement] },
  };
}

describe('the next step after a Deny', () => {
  const exempt = { 'aws:PrincipalIsAWSService': 'false' };
  const conditions: readonly object[] = [
    {},
    { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } },
    { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
    { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Admin' } },
    { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  ];
  it.each(conditions.map((condition) => [JSON.stringify(condition), condition] as const))(
    'mends a Deny with the condition %s',
    (_, condition) => {
      const verdictWith = (Condition: object) =>
        decide(withPolicy(grant, { ...deny, Condition }), question);
      expect(verdictWith(condition).findings[0]?.next).toContain(
        'add BoolIfExists aws:PrincipalIsAWSService "false" to it',
      );
      const { BoolIfExists = {} } = condition as { BoolIfExists?: object };
      const mended = { ...condition, BoolIfExists: { ...BoolIfExists, ...exempt } };
      expect(verdictWith(mended).outcome).toBe('deliverable');
    },
  );
});
