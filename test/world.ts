import {
  notAsked,
  type Bucket,
  type Encryption,
  type Facts,
  type FlowLog,
  type Key,
  type KeyDescription,
} from '../rule/model/facts.ts';
import type { Question } from '../rule/model/question.ts';

/** An account where all is well; each row of a table changes one thing. */
export const account = '111122223333';
export const archive = '444455556666';
export const region = 'us-east-1';
export const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
export const keyArn = `arn:aws:kms:${region}:${account}:key/${keyId}`;

const rootStatement = {
  Sid: 'Enable IAM User Permissions',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'kms:*',
  Resource: '*',
};

export const grant = {
  Sid: 'LogDelivery',
  Effect: 'Allow',
  Principal: { Service: 'delivery.logs.amazonaws.com' },
  Action: [
    'kms:Encrypt',
    'kms:Decrypt',
    'kms:ReEncrypt*',
    'kms:GenerateDataKey*',
    'kms:DescribeKey',
  ],
  Resource: '*',
  Condition: {
    StringEquals: { 'aws:SourceAccount': account },
    ArnLike: { 'aws:SourceArn': `arn:aws:logs:${region}:${account}:*` },
  },
};

export const deny = {
  Sid: 'Guard',
  Effect: 'Deny',
  Principal: '*',
  Action: 'kms:*',
  Resource: '*',
};

export const policy = (...statements: readonly object[]) => ({
  kind: 'policy' as const,
  document: { Version: '2012-10-17', Statement: [rootStatement, ...statements] },
});

export const flowLog: FlowLog = {
  id: 'fl-01234567890abcdef',
  accountId: account,
  region,
  partition: 'aws',
  resourceId: 'vpc-01234567890abcdef',
  destination: { kind: 's3', bucket: 'example-flow-logs', folder: '' },
  tags: {},
  hivePrefixes: false,
  observed: { status: 'SUCCESS', error: undefined },
};

export const encryption: Encryption = {
  kind: 'encryption',
  algorithm: 'aws:kms',
  keyId: keyArn,
  bucketKey: true,
};

export const bucket: Bucket = {
  kind: 'bucket',
  name: 'example-flow-logs',
  accountId: account,
  region,
  encryption,
  policy: notAsked,
};

export const description: KeyDescription = {
  kind: 'description',
  state: 'Enabled',
  manager: 'CUSTOMER',
  usage: 'ENCRYPT_DECRYPT',
  spec: 'SYMMETRIC_DEFAULT',
  origin: 'AWS_KMS',
  multiRegion: false,
};

export const key: Key = {
  kind: 'key',
  arn: keyArn,
  accountId: account,
  region,
  description,
  policy: policy(grant),
};

export const world: Facts = { flowLog, bucket, key };

export const question: Question = {
  requiredActions: ['kms:GenerateDataKey', 'kms:Decrypt'],
  alsoCheck: [],
  organizationId: undefined,
  exemptions: [],
  now: new Date('2026-11-23T12:00:00Z'),
};

/** The world with these statements in the key policy, after the statement for the account. */
export const withPolicy = (...statements: readonly object[]): Facts => ({
  ...world,
  key: { ...key, policy: policy(...statements) },
});

/** A bucket policy that admits delivery of every flow log, as text: wider than the policy that AWS attaches. */
export const admittingBucketPolicy = (bucketName: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AWSLogDeliveryWrite',
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: `arn:aws:s3:::${bucketName}/*`,
      },
      {
        Sid: 'AWSLogDeliveryAclCheck',
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: 's3:GetBucketAcl',
        Resource: `arn:aws:s3:::${bucketName}`,
      },
    ],
  });
