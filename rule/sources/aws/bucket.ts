import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import {
  missing,
  unknown,
  type Bucket,
  type Missing,
  type PolicyDocument,
  type Unknown,
} from '../../model/facts.ts';
import { keyReference } from '../../model/key-reference.ts';
import { readPolicyText } from '../../model/policy-text.ts';
import { readRegionAndEncryption, type RegionAndEncryption } from './bucket-encryption.ts';
import { isErrorNamed, isLasting, stepAfter } from './refusal.ts';

export interface BucketReader {
  readonly s3: (region: string) => S3Client;
  /** The Region to ask first. */
  readonly region: string;
  /** The account of the credentials. */
  readonly accountId: string;
}

/** Reads a bucket's Region, default encryption and bucket policy. */
export async function readBucket(
  name: string,
  reader: BucketReader,
): Promise<Bucket | Missing | Unknown> {
  const { s3 } = reader;
  try {
    const found = await readRegionAndEncryption(name, s3, reader.region);
    const { region, encryption } = found;
    return {
      kind: 'bucket',
      name,
      accountId: await bucketOwner(name, reader, found),
      region,
      encryption,
      policy: await readBucketPolicy(name, s3(region)),
    };
  } catch (error) {
    if (isErrorNamed(error, 'NoSuchBucket'))
      return missing(`bucket ${name} does not exist (NoSuchBucket)`);
    if (!isLasting(error)) throw error;
    return unknown(
      `bucket ${name} cannot be read (${error.name})`,
      stepAfter(error, 's3:GetEncryptionConfiguration'),
    );
  }
}

/** The owner matters, and is asked for, only where the encryption names the key by id alone. */
async function bucketOwner(
  name: string,
  { s3, accountId }: BucketReader,
  { region, encryption }: RegionAndEncryption,
): Promise<string | undefined> {
  const byId = encryption.kind === 'encryption' && keyReference(encryption.keyId).kind === 'key-id';
  return byId && (await isBucketOwner(name, { s3: s3(region), accountId })) ? accountId : undefined;
}

/** Whether the account owns the bucket. False also where AWS does not tell this account. */
export async function isBucketOwner(
  name: string,
  { s3, accountId }: { readonly s3: S3Client; readonly accountId: string },
): Promise<boolean> {
  try {
    await s3.send(new GetBucketEncryptionCommand({ Bucket: name, ExpectedBucketOwner: accountId }));
    return true;
  } catch (error) {
    if (isLasting(error)) return false;
    throw error;
  }
}

/**
 * S3 stores no policy that is not JSON, so other text is a broken answer, which may have lost a Deny.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html
 */
async function readBucketPolicy(
  name: string,
  s3: S3Client,
): Promise<PolicyDocument | Missing | Unknown> {
  try {
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: name }));
    if (!Policy) throw new Error(`S3 answered without the policy of bucket ${name}: run again`);
    return readPolicyText(`policy of bucket ${name}`, Policy);
  } catch (error) {
    if (isErrorNamed(error, 'NoSuchBucketPolicy'))
      return missing(`bucket ${name} has no bucket policy`);
    if (error instanceof SyntaxError)
      // Without the error as cause: the error quotes the policy.
      throw new Error(`S3 answered with a policy of bucket ${name} that is not JSON: run again`);
    if (!isLasting(error)) throw error;
    return unknown(
      `policy of bucket ${name} cannot be read (${error.name})`,
      'allow s3:GetBucketPolicy',
    );
  }
}
