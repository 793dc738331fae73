import {
  isUnknown,
  learned,
  type Bucket,
  type Key,
  type Missing,
  type Unknown,
  unknown,
} from '../../model/facts.ts';
import { keyArnOf } from '../../model/key-reference.ts';
import { accountIn } from '../../model/arn.ts';
import { readBucket } from './bucket.ts';
import { readKey } from './key.ts';
import type { Place } from '../../model/place.ts';
import type { Clients } from './clients.ts';
import { memoize } from '../../basics/memory.ts';
import type { Source } from '../../model/source.ts';

/** How to look into other accounts. */
export interface Across {
  readonly enter: Enter;
  readonly ownersOf: OwnersOf;
}

/** Enters an account to read there: the clients of that account, or why it cannot be entered. */
export type Enter = (accountId: string) => Promise<Clients | Unknown>;

/** The accounts that may own a bucket, the likeliest first; and why the aggregator could not be asked, if it could not. */
export type OwnersOf = (
  bucket: string,
) => Promise<{ readonly accounts: readonly string[]; readonly unasked?: string }>;

export interface AwsOptions {
  readonly clients: Clients;
  /** Where the flow logs are: the account of the clients, and the Region to ask first. */
  readonly place: Place;
  /** Whether bucket policies are wanted too. */
  readonly withPolicy: boolean;
  /** How to look into other accounts, where that is possible. */
  readonly across?: Across | undefined;
}

/**
 * Asks AWS itself, each thing once: with the credentials of one account, and in the account that owns a bucket or key
 * where the first are refused.
 */
export const awsSource = (options: AwsOptions): Source => ({
  bucket: memoize((name, partition) => bucketOf(name, partition, options)),
  key: memoize((arn) => keyOf(arn, options)),
});

/** A key's owner stands in its ARN, and nobody else is shown its policy. */
async function keyOf(
  arn: string,
  { clients, place: { accountId }, across }: AwsOptions,
): Promise<Key | Missing | Unknown> {
  const owner = accountIn(arn);
  const there = owner === accountId ? undefined : await across?.enter(owner);
  if (there === undefined || isUnknown(there))
    return readKey(arn, { kms: clients.kms, accountId, elsewhere: there?.why });
  return readKey(arn, { kms: there.kms, accountId: owner });
}

/** A bucket's owner stands nowhere: what its policy grants is used first, then accounts are tried in order. */
async function bucketOf(
  name: string,
  partition: string,
  { clients, place: { accountId, region }, withPolicy, across }: AwsOptions,
): Promise<Bucket | Missing | Unknown> {
  const first = await readBucket(name, { s3: clients.s3, region, accountId, withPolicy });
  if (across === undefined || isWhole(first, partition)) return first;
  const { accounts, unasked } = await across.ownersOf(name);
  const closed = unasked === undefined ? [] : [unasked];
  const refusing: string[] = [];
  for (const owner of accounts.filter((each) => each !== accountId)) {
    const there = await across.enter(owner);
    if (isUnknown(there)) {
      closed.push(there.why);
      continue;
    }
    const it = await readBucket(name, { s3: there.s3, region, accountId: owner, withPolicy });
    if (isWhole(it, partition)) return it;
    refusing.push(`account ${owner} may not read it`);
  }
  const tried = [...closed, ...refusing];
  if (!isUnknown(first) || tried.length === 0) return first;
  return unknown(`bucket ${name} cannot be read from here, and: ${tried.join('; ')}`);
}

/** Whether nothing is left to ask another account for. */
function isWhole(bucket: Bucket | Missing | Unknown, partition: string): boolean {
  if (isUnknown(bucket)) return false;
  const it = learned(bucket);
  return it === undefined || !(isUnknown(it.policy) || isUnknown(keyArnOf(it, partition)));
}
