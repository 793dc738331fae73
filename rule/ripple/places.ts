import * as v from 'valibot';
import { partitionOf, parseArn } from '../model/arn.ts';
import { keyReference, keyReferenceOf } from '../model/key-reference.ts';
import { isUnknown, type Bucket } from '../model/facts.ts';
import { placeName, type Place } from '../model/place.ts';
import { select, type Aggregator } from '../sources/aggregator/select.ts';
import type { Dependency } from '../model/dependency.ts';
import { arnOf, readItem } from '../sources/recorded/item.ts';
import { readDestination } from '../model/destination.ts';
import { recordedBucket } from '../sources/recorded/bucket.ts';
import { optionalText } from '../sources/recorded/fields.ts';
import { decodedJson } from '../sources/recorded/json-field.ts';
import { recordedAliasTarget } from '../sources/recorded/key.ts';

/** An aggregator, and the partition that all it knows of is in. */
interface PartitionAggregator extends Aggregator {
  readonly partition: string;
}

/** The accounts and Regions with flow logs that depend on something, each once. */
export type PlacesOf = (dependency: Dependency) => readonly Place[];

/**
 * Asks the aggregator where flow logs depend on any of these, with as few queries for many as for one: from keys to
 * their aliases, from both to the buckets whose default encryption names them, from buckets to flow logs. What it
 * answers is matched again here, so a query may find too much: patterns do (`_` is one), and the same key id may be in
 * two Regions. A row that cannot be read counts for all that was asked. Rejects where the aggregator does not answer.
 */
export async function placesOf(
  aggregator: PartitionAggregator,
  dependencies: readonly Dependency[],
): Promise<PlacesOf> {
  const arns = dependencies.flatMap((each) => (each.kind === 'key' ? [each.arn] : []));
  const aliases = await aliasesOf(aggregator, unique(arns));
  const namesOf = (arn: string): readonly string[] => [arn, ...(aliases.get(arn) ?? [])];
  const buckets = await bucketsThatName(aggregator, unique(arns.flatMap(namesOf)));
  const bucketsOf = (it: Dependency): readonly string[] =>
    it.kind === 'bucket' ? [it.name] : namesOf(it.arn).flatMap((name) => buckets.get(name) ?? []);
  const places = await placesThatDeliverTo(aggregator, unique(dependencies.flatMap(bucketsOf)));
  return (it) => [
    ...new Map(
      bucketsOf(it)
        .flatMap((bucket) => places.get(bucket) ?? [])
        .map((place) => [placeName(place), place]),
    ).values(),
  ];
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** By what belongs to it: of one row to what it names, or to all that was asked where it cannot be read. */
type Found<T> = ReadonlyMap<string, readonly T[]>;

function foundBy<T>(rows: readonly (readonly [string | undefined, T])[], asked: readonly string[]) {
  const found = new Map<string, T[]>(asked.map((each) => [each, []]));
  for (const [name, it] of rows)
    if (name === undefined) for (const all of found.values()) all.push(it);
    else found.get(name)?.push(it);
  return found;
}

/** The ARNs of the aliases of keys; AWS Config records the key's id, and might record its ARN. */
async function aliasesOf(aggregator: Aggregator, arns: readonly string[]): Promise<Found<string>> {
  const keys = arns.filter((arn) => keyReference(arn).kind === 'key-arn');
  const rows = await select(aggregator, {
    start:
      "SELECT resourceId, resourceType, accountId, awsRegion, configuration WHERE resourceType = 'AWS::KMS::Alias' AND configuration.TargetKeyId IN (",
    names: keys,
    worded: (arn) => `'${idIn(arn)}', '${arn}'`,
    between: ', ',
    end: ')',
  });
  const aliases = rows.map((row) => {
    const item = readItem(row);
    const target = recordedAliasTarget(item);
    return [isUnknown(target) ? undefined : target, arnOf(item)] as const;
  });
  return foundBy(aliases, keys);
}

/** `KEY_ID` of a key, `alias/NAME` of an alias. */
const idIn = (arn: string): string => parseArn(arn)?.resource.replace(/^key\//, '') ?? '';

const KEY_OF_BUCKET =
  'supplementaryConfiguration.ServerSideEncryptionConfiguration.rules.applyServerSideEncryptionByDefault.kmsMasterKeyID';

/** The names of the buckets that are encrypted with these keys and aliases, whichever way they name them. */
async function bucketsThatName(
  aggregator: Aggregator,
  arns: readonly string[],
): Promise<Found<string>> {
  const rows = await select(aggregator, {
    start: `SELECT resourceId, resourceType, accountId, awsRegion, supplementaryConfiguration.ServerSideEncryptionConfiguration WHERE resourceType = 'AWS::S3::Bucket' AND ${KEY_OF_BUCKET} IN (`,
    names: arns,
    worded: (arn) => `'${arn}', '${idIn(arn)}'`,
    between: ', ',
    end: ')',
  });
  const buckets = rows.map((row) => recordedBucket(readItem(row)));
  return foundBy(
    buckets.map((bucket) => [arnNamedBy(bucket), bucket.name] as const),
    arns,
  );
}

/** The ARN of what a bucket names as its key; a bare id or alias is looked for beside the bucket. */
function arnNamedBy(bucket: Bucket): string | undefined {
  const { accountId = '', region } = bucket;
  const reference = keyReferenceOf(bucket);
  if (isUnknown(region) || reference === undefined) return undefined;
  const beside = `arn:${partitionOf(region)}:kms:${region}:${accountId}`;
  if (reference.kind === 'key-id') return `${beside}:key/${reference.id}`;
  if (reference.kind === 'alias-name') return `${beside}:${reference.name}`;
  return 'arn' in reference ? reference.arn : undefined;
}

const flowLogs = v.object({
  accountId: v.string(),
  awsRegion: v.string(),
  configuration: v.pipe(
    v.unknown(),
    v.transform(decodedJson),
    v.object({ logDestination: optionalText }),
  ),
});

/**
 * Where flow logs deliver to these buckets, or to folders in them: counted by AWS Config, as an archive of a whole
 * organization may have a million, of which only the accounts, Regions and destinations are wanted.
 */
async function placesThatDeliverTo(
  aggregator: PartitionAggregator,
  buckets: readonly string[],
): Promise<Found<Place>> {
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
    const { accountId, awsRegion: region, configuration } = v.parse(flowLogs, row);
    return [bucketIn(configuration.logDestination), { accountId, region }] as const;
  });
  return foundBy(places, buckets);
}

function bucketIn(destination: string | undefined): string | undefined {
  const raw = { flowLogId: '', type: undefined, logGroupName: undefined, destination };
  const read = readDestination(raw);
  return 'bucket' in read ? read.bucket : undefined;
}
