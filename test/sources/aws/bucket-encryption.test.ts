import {
  GetBucketEncryptionCommand,
  S3Client,
  S3ServiceException,
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

describe('a bucket of another Region', () => {
  const refusal = (name: string, more: object): S3ServiceException =>
    Object.assign(
      new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: 400 } }),
      more,
    );
  const headers = { 'x-amz-bucket-region': 'eu-west-1' };

  it.each([
    ['a header', refusal('PermanentRedirect', { $response: { headers } })],
    [
      'the body, without a header',
      refusal('AuthorizationHeaderMalformed', { $response: { headers: {} }, Region: 'eu-west-1' }),
    ],
  ])('is asked there after S3 names the Region in %s', async (_, error) => {
    const s3 = mockClient(S3Client);
    s3.on(GetBucketEncryptionCommand)
      .rejectsOnce(error)
      .resolves({ ServerSideEncryptionConfiguration: { Rules: [sseS3] } });
    const asked: string[] = [];
    const client = (region: string): S3Client => {
      asked.push(region);
      return new S3Client({ region });
    };
    const found = await readRegionAndEncryption('logs', client, 'us-east-1');
    expect(found).toMatchObject({ region: 'eu-west-1', encryption: { algorithm: 'AES256' } });
    expect(asked).toEqual(['us-east-1', 'eu-west-1']);
  });

  it('is not asked again where the text is no Region', async () => {
    mockClient(S3Client)
      .on(GetBucketEncryptionCommand)
      .rejects(refusal('AuthorizationHeaderMalformed', { Region: 'eu-west-1.example.com' }));
    const client = (region: string): S3Client => new S3Client({ region });
    await expect(readRegionAndEncryption('logs', client, 'us-east-1')).rejects.toThrow();
  });
});
