import * as v from 'valibot';
import { kmsArn, parseArn, partitionOf } from '../model/arn.ts';
import { keyReference, keyReferenceOf } from '../model/key-reference.ts';
import { bucketNameOf, isUnknown, type Bucket } from '../model/facts.ts';
import type { Place } from '../model/place.ts';
import { select, type Aggregator } from '../sources/aggregator/select.ts';
import { arnOf, readItem } from '../sources/recorded/item.ts';
import { readDestination } from '../model/destination.ts';
import { recordedBucket } from '../sources/recorded/bucket.ts';
import { optionalPath, readBy } from '../sources/recorded/fields.ts';
import { decodedJson } from '../sources/recorded/json-field.ts';
import { recordedAliasTarget } from '../sources/recorded/key.ts';

/** An aggregator with the partition of its resources. */
export interface PartitionAggregator extends Aggregator {
  readonly partition: string;
}

type RowsByName<T> = ReadonlyMap<string, readonly T[]>;

/**
 * Rows by name, for the names asked for. An unreadable row is listed under every name, because the row may belong to any.
 * A row of another name is left out. Queries find too much: `_` in a pattern matches any character, and two Regions may have the
 * same key id.
 */
function rowsByName<T>(
  rows: readonly (readonly [name: string | undefined, row: T])[],
  names: readonly string[],
): RowsByName<T> {
  const found = new Map<string, T[]>(names.map((name) => [name, []]));
  for (const [name, row] of rows)
    if (name === undefined) for (const list of found.values()) list.push(row);
    else found.get(name)?.push(row);
  return found;
}

/** The ARNs of aliases by the ARN of the key. AWS Config records the id of a key; the query covers the ARN too, to be safe. */
export async function aliasesOfKeys(
  aggregator: Aggregator,
  arns: readonly string[],
): Promise<RowsByName<string>> {
  const keys = arns.filter((arn) => keyReference(arn).kind === 'key-arn');
  const rows = await select(aggregator, {
    start:
      "SELECT resourceId, resourceType, accountId, awsRegion, configuration WHERE resourceType = 'AWS::KMS::Alias' AND configuration.TargetKeyId IN (",
    names: keys,
    worded: (arn) => `'${keyIdOrAliasName(arn)}', '${arn}'`,
    between: ', ',
    end: ')',
  });
  const aliases = rows.map((row) => {
    const item = readItem(row);
    const target = recordedAliasTarget(item);
    return [isUnknown(target) ? undefined : target, arnOf(item)] as const;
  });
  return rowsByName(aliases, keys);
}

/** `KEY_ID` of a key, `alias/NAME` of an alias. */
const keyIdOrAliasName = (arn: string): string =>
  parseArn(arn)?.resource.replace(/^key\//, '') ?? '';

const KEY_OF_BUCKET =
  'supplementaryConfiguration.ServerSideEncryptionConfiguration.rules.applyServerSideEncryptionByDefault.kmsMasterKeyID';

/** The names of buckets by the ARN of the key or alias in their default encryption, named by ARN, id or alias name. */
export async function bucketsEncryptedWith(
  aggregator: Aggregator,
  arns: readonly string[],
): Promise<RowsByName<string>> {
  const rows = await select(aggregator, {
    start: `SELECT resourceId, resourceType, accountId, awsRegion, supplementaryConfiguration.ServerSideEncryptionConfiguration WHERE resourceType = 'AWS::S3::Bucket' AND ${KEY_OF_BUCKET} IN (`,
    names: arns,
    worded: (arn) => `'${arn}', '${keyIdOrAliasName(arn)}'`,
    between: ', ',
    end: ')',
  });
  const buckets = rows.map((row) => recordedBucket(readItem(row)));
  return rowsByName(
    buckets.map((bucket) => [encryptionKeyArn(bucket), bucket.name] as const),
    arns,
  );
}

/** The ARN of the key or alias in a bucket's default encryption. A bare id or alias name means the bucket's own place. */
function encryptionKeyArn(bucket: Bucket): string | undefined {
  const { accountId = '', region } = bucket;
  const reference = keyReferenceOf(bucket);
  if (isUnknown(region) || reference === undefined) return undefined;
  const place = { partition: partitionOf(region), region, accountId };
  switch (reference.kind) {
    case 'key-arn':
    case 'alias-arn':
      return reference.arn;
    case 'key-id':
      return kmsArn(place, `key/${reference.id}`);
    case 'alias-name':
      return kmsArn(place, reference.name);
    case 'none':
    case 'unreadable':
      return undefined;
  }
}

const deliveryRow = v.object({
  accountId: v.string(),
  awsRegion: v.string(),
  configuration: v.pipe(
    v.unknown(),
    v.transform(decodedJson),
    v.object({ logDestination: optionalPath }),
  ),
});

/**
 * The places of flow logs by the destination bucket, folders included. AWS Config groups and counts: the archive of an
 * organization may serve a million flow logs, and only accounts, Regions and destinations matter.
 */
export async function placesDeliveringTo(
  aggregator: PartitionAggregator,
  buckets: readonly string[],
): Promise<RowsByName<Place>> {
  const destination = 'configuration.logDestination';
  const worded = (bucket: string): string => {
    const arn = `arn:${aggregator.partition}:s3:::${bucket}`;
    return `${destination} = '${arn}' OR ${destination} LIKE '${arn}/%'`;
  };
  const rows = await select(aggregator, {
    start: `SELECT accountId, awsRegion, ${destination}, COUNT(*) WHERE resourceType = 'AWS::EC2::FlowLog' AND (`,
    names: buckets,
    worded,
    between: ' OR ',
    end: `) GROUP BY accountId, awsRegion, ${destination}`,
  });
  const places = rows.map((row) => {
    const {
      accountId,
      awsRegion: region,
      configuration,
    } = readBy(deliveryRow, row, 'a row of a flow log');
    return [bucketIn(configuration.logDestination), { accountId, region }] as const;
  });
  return rowsByName(places, buckets);
}

function bucketIn(destination: string | undefined): string | undefined {
  const raw = { flowLogId: '', type: undefined, logGroupName: undefined, destination };
  return bucketNameOf({ destination: readDestination(raw) });
}
