import { cacheOf } from '../basics/memory.ts';
import { kmsArn, parseArn } from './arn.ts';
import {
  isUnknown,
  notAsked,
  unknown,
  type Bucket,
  type Encryption,
  type NotAsked,
  type Unknown,
} from './facts.ts';

/** How a bucket's default encryption names its KMS key. */
export type KeyReference =
  /** No key is named: S3 uses `aws/s3`. */
  | { readonly kind: 'none' }
  | { readonly kind: 'key-arn'; readonly arn: string }
  | { readonly kind: 'alias-arn'; readonly arn: string }
  /** The id of a key in the bucket's own account and Region. */
  | { readonly kind: 'key-id'; readonly id: string }
  /** The name of an alias in the account of the caller. */
  | { readonly kind: 'alias-name'; readonly name: string }
  | { readonly kind: 'unreadable'; readonly text: string };

const KEY_ID = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id */
export function keyReference(text: string | undefined): KeyReference {
  if (text === undefined || text === '') return { kind: 'none' };
  if (text.startsWith('alias/')) return { kind: 'alias-name', name: text };
  if (KEY_ID.test(text)) return { kind: 'key-id', id: text };
  const arn = parseArn(text);
  if (arn?.service !== 'kms' || !/^\d{12}$/.test(arn.accountId) || !/^[a-z0-9-]+$/.test(arn.region))
    return { kind: 'unreadable', text };
  if (arn.resource.startsWith('key/')) return { kind: 'key-arn', arn: text };
  if (arn.resource.startsWith('alias/')) return { kind: 'alias-arn', arn: text };
  return { kind: 'unreadable', text };
}

/** The key reference of a bucket; undefined where the bucket is not encrypted with KMS, or the encryption is unknown. */
export function keyReferenceOf(bucket: Bucket | undefined): KeyReference | undefined {
  return bucket === undefined || isUnknown(bucket.encryption)
    ? undefined
    : referenceIn(bucket.encryption);
}

/** Read once for each bucket: every check of every flow log asks again. */
const referenceIn = cacheOf(({ algorithm, keyId }: Encryption) =>
  algorithm.startsWith('aws:kms') ? keyReference(keyId) : undefined,
);

/** The Region in the reference; undefined where the reference is no ARN. */
export function regionOf(reference: KeyReference): string | undefined {
  switch (reference.kind) {
    case 'key-arn':
    case 'alias-arn':
      return parseArn(reference.arn)?.region;
    case 'none':
    case 'key-id':
    case 'alias-name':
    case 'unreadable':
      return undefined;
  }
}

/** The ARN of the bucket's key or alias, to look the key up. Undefined where the bucket names no key for S3 to use. */
export function keyArnOf(bucket: Bucket, partition: string): string | Unknown | undefined {
  const reference = keyReferenceOf(bucket);
  if (reference?.kind === 'key-arn' || reference?.kind === 'alias-arn')
    return bucket.region === regionOf(reference) || isUnknown(bucket.region)
      ? reference.arn
      : undefined;
  if (reference?.kind !== 'key-id') return undefined;
  const { accountId, region } = bucket;
  if (isUnknown(region)) return region;
  if (accountId === undefined)
    return unknown(
      `key ${reference.id} is in the account of bucket ${bucket.name}, which is not known`,
      'run in that account',
    );
  return kmsArn({ partition, region, accountId }, `key/${reference.id}`);
}

/**
 * The key of a bucket, by a look-up with the ARN of the key or alias. Not asked where the bucket is not known, or names no
 * key for S3 to use.
 */
export function keyBehind<T>(
  bucket: Bucket | undefined,
  partition: string,
  find: (arn: string) => T,
): T | Unknown | NotAsked {
  const arn = bucket && keyArnOf(bucket, partition);
  return typeof arn === 'string' ? find(arn) : (arn ?? notAsked);
}
