import {
  GetBucketEncryptionCommand,
  S3Client,
  type ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { readRegionAndEncryption } from '../../../rule/sources/aws/bucket-encryption.ts';
import { isUnknown } from '../../../rule/model/facts.ts';

const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/1';
const blocked: ServerSideEncryptionRule = { BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] } };
const sseS3: ServerSideEncryptionRule = {
  ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
};
const kms: ServerSideEncryptionRule = {
  ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn },
};

const rows: readonly [string, readonly ServerSideEncryptionRule[] | undefined, string][] = [
  ['SSE-S3', [sseS3], 'AES256 without a key'],
  ['blocked types beside SSE-S3', [{ ...sseS3, ...blocked }], 'AES256 without a key'],
  ['only blocked types', [blocked], 'AES256 without a key'],
  ['blocked types in a second rule', [sseS3, blocked], 'AES256 without a key'],
  ['a key in a second rule', [blocked, kms], `aws:kms ${keyArn}`],
  ['two defaults', [sseS3, kms], 'unknown'],
  ['an empty rule', [{}], 'unknown'],
  ['no rule', [], 'unknown'],
  ['no list of rules', undefined, 'unknown'],
  [
    'blocked types and a default without an algorithm',
    [{ ...blocked, ApplyServerSideEncryptionByDefault: { SSEAlgorithm: undefined } }],
    'unknown',
  ],
];

it.each(rows)('the encryption of a bucket with %s', async (_, rules, expected) => {
  const s3 = mockClient(S3Client);
  s3.on(GetBucketEncryptionCommand).resolves({
    ServerSideEncryptionConfiguration: { Rules: rules as ServerSideEncryptionRule[] },
  });
  const client = new S3Client({ region: 'us-east-1' });
  const { encryption } = await readRegionAndEncryption('logs', () => client, 'us-east-1');
  const words = isUnknown(encryption)
    ? encryption.kind
    : `${encryption.algorithm} ${encryption.keyId ?? 'without a key'}`;
  expect(words).toBe(expected);
});
