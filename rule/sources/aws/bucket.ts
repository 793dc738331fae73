import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  S3ServiceException,
  type S3Client,
  type ServerSideEncryptionConfiguration,
} from '@aws-sdk/client-s3';
import {
  type Bucket,
  type Encryption,
  type Missing,
  type PolicyDocument,
  type Unknown,
  missing,
  unknown,
  notAsked,
} from '../../model/facts.ts';
import { keyReference } from '../../model/key-reference.ts';
import { isNamed, isRefusal } from './refusal.ts';

export interface BucketReader {
  readonly s3: (region: string) => S3Client;
  /** Where to ask first. */
  readonly region: string;
  /** Whose credentials ask. */
  readonly accountId: string;
  /** Whether the bucket policy is wanted too. */
  readonly withPolicy: boolean;
}

/**
 * Reads a bucket's Region, default encryption and, if wanted, its policy.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html
 */
export async function readBucket(
  name: string,
  reader: BucketReader,
): Promise<Bucket | Missing | Unknown> {
  try {
    const { region, encryption } = await inItsRegion(name, reader);
    return {
      kind: 'bucket',
      name,
      accountId: await ownerOf(name, region, { reader, encryption }),
      region,
      encryption,
      policy: reader.withPolicy ? await readPolicy(name, reader.s3(region)) : notAsked,
    };
  } catch (error) {
    if (isNamed(error, 'NoSuchBucket'))
      return missing(`bucket ${name} does not exist (NoSuchBucket)`);
    if (!isRefusal(error)) throw error;
    return unknown(
      `bucket ${name} cannot be read (${error.name}): allow s3:GetEncryptionConfiguration on it, or run in the account that owns it`,
    );
  }
}

/** Asks where we are, and once more where S3 says that the bucket is. */
async function inItsRegion(
  name: string,
  { s3, region }: BucketReader,
): Promise<{ readonly region: string; readonly encryption: Encryption | Unknown }> {
  try {
    return { region, encryption: await readEncryption(name, s3(region)) };
  } catch (error) {
    const elsewhere = regionIn(error);
    if (elsewhere === undefined || elsewhere === region) throw error;
    return { region: elsewhere, encryption: await readEncryption(name, s3(elsewhere)) };
  }
}

/** The Region in S3's answer that a bucket is elsewhere. */
function regionIn(error: unknown): string | undefined {
  if (!(error instanceof S3ServiceException)) return undefined;
  const headers: unknown = error.$response?.headers;
  const region =
    typeof headers === 'object' && headers !== null && 'x-amz-bucket-region' in headers
      ? headers['x-amz-bucket-region']
      : undefined;
  return typeof region === 'string' && /^[a-z0-9-]+$/.test(region) ? region : undefined;
}

async function readEncryption(name: string, s3: S3Client): Promise<Encryption | Unknown> {
  try {
    const answer = await s3.send(new GetBucketEncryptionCommand({ Bucket: name }));
    return encryptionOf(name, answer.ServerSideEncryptionConfiguration);
  } catch (error) {
    // S3 encrypts every bucket since 2023; what has no configuration has SSE-S3.
    if (isNamed(error, 'ServerSideEncryptionConfigurationNotFoundError')) return sseS3;
    throw error;
  }
}

const sseS3: Encryption = {
  kind: 'encryption',
  algorithm: 'AES256',
  keyId: undefined,
  bucketKey: undefined,
};

function encryptionOf(
  name: string,
  answer: ServerSideEncryptionConfiguration | undefined,
): Encryption | Unknown {
  const [rule, ...more] = answer?.Rules ?? [];
  const applied = rule?.ApplyServerSideEncryptionByDefault;
  if (applied?.SSEAlgorithm === undefined || more.length > 0)
    return unknown(`encryption of bucket ${name} is not one default rule in S3's answer`);
  return {
    kind: 'encryption',
    algorithm: applied.SSEAlgorithm,
    keyId: applied.KMSMasterKeyID,
    bucketKey: rule?.BucketKeyEnabled ?? false,
  };
}

/** The owner matters, and is asked for, only where the key is named by its id alone. */
async function ownerOf(
  name: string,
  region: string,
  { reader, encryption }: { reader: BucketReader; encryption: Encryption | Unknown },
): Promise<string | undefined> {
  const byId = encryption.kind === 'encryption' && keyReference(encryption.keyId).kind === 'key-id';
  if (!byId) return undefined;
  const { accountId } = reader;
  try {
    await reader
      .s3(region)
      .send(new GetBucketEncryptionCommand({ Bucket: name, ExpectedBucketOwner: accountId }));
    return accountId;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html */
async function readPolicy(name: string, s3: S3Client): Promise<PolicyDocument | Missing | Unknown> {
  try {
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket: name }));
    return { kind: 'policy', document: JSON.parse(Policy) as unknown };
  } catch (error) {
    if (isNamed(error, 'NoSuchBucketPolicy')) return missing(`bucket ${name} has no bucket policy`);
    if (error instanceof SyntaxError) return unknown(`policy of bucket ${name} is not JSON`);
    if (!isRefusal(error)) throw error;
    return unknown(
      `policy of bucket ${name} cannot be read (${error.name}): allow s3:GetBucketPolicy`,
    );
  }
}
