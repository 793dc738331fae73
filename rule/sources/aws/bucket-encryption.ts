import {
  GetBucketEncryptionCommand,
  S3ServiceException,
  type S3Client,
  type ServerSideEncryptionConfiguration,
  type ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';
import { defaultEncryptionBy, sseS3, type EncryptionRule } from '../../model/encryption-rules.ts';
import { unknown, type Encryption, type Unknown } from '../../model/facts.ts';
import { isErrorNamed } from './refusal.ts';

/** The Region and the default encryption of a bucket. */
export interface RegionAndEncryption {
  readonly region: string;
  readonly encryption: Encryption | Unknown;
}

/**
 * Asks S3 in the given Region, and once more where S3's answer names another Region as the bucket's.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html
 */
export async function readRegionAndEncryption(
  name: string,
  s3: (region: string) => S3Client,
  region: string,
): Promise<RegionAndEncryption> {
  try {
    return { region, encryption: await readEncryption(name, s3(region)) };
  } catch (error) {
    const bucketRegion = regionInAnswer(error);
    if (bucketRegion === undefined || bucketRegion === region) throw error;
    return { region: bucketRegion, encryption: await readEncryption(name, s3(bucketRegion)) };
  }
}

/** The bucket's Region in an error of S3: in a header, or where the host led elsewhere than the signature, in the body. */
function regionInAnswer(error: unknown): string | undefined {
  if (!(error instanceof S3ServiceException)) return undefined;
  const region =
    propertyOf(error.$response?.headers, 'x-amz-bucket-region') ?? propertyOf(error, 'Region');
  return typeof region === 'string' && /^[a-z0-9-]+$/.test(region) ? region : undefined;
}

const propertyOf = (object: unknown, name: string): unknown =>
  typeof object === 'object' && object !== null
    ? (object as Readonly<Record<string, unknown>>)[name]
    : undefined;

async function readEncryption(name: string, s3: S3Client): Promise<Encryption | Unknown> {
  try {
    const answer = await s3.send(new GetBucketEncryptionCommand({ Bucket: name }));
    const configuration = answer.ServerSideEncryptionConfiguration;
    if (configuration === undefined)
      throw new Error(`S3 answered without the encryption of bucket ${name}: run again`);
    return defaultEncryption(name, configuration);
  } catch (error) {
    // S3 encrypts every bucket since 2023: a bucket without a configuration has SSE-S3.
    if (isErrorNamed(error, 'ServerSideEncryptionConfigurationNotFoundError')) return sseS3;
    throw error;
  }
}

function defaultEncryption(
  name: string,
  answer: ServerSideEncryptionConfiguration,
): Encryption | Unknown {
  return (
    defaultEncryptionBy((answer.Rules ?? []).map(liveEncryptionRule)) ??
    unknown(
      `encryption of bucket ${name} is not one default rule in S3's answer`,
      'look at it in S3',
    )
  );
}

function liveEncryptionRule(rule: ServerSideEncryptionRule): EncryptionRule {
  const { ApplyServerSideEncryptionByDefault: applied, BucketKeyEnabled: bucketKey = false } = rule;
  return {
    defaultEncryption: applied?.SSEAlgorithm && {
      kind: 'encryption',
      algorithm: applied.SSEAlgorithm,
      keyId: applied.KMSMasterKeyID,
      bucketKey,
    },
    blocksTypes: applied === undefined && rule.BlockedEncryptionTypes !== undefined,
  };
}
