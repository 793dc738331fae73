import { accountIn, parseArn, regionIn } from '../../model/arn.ts';
import type { Bucket, Key, Unknown } from '../../model/facts.ts';
import type { Place } from '../../model/place.ts';
import { resourceTypes, type ResourceType } from '../../model/resource-types.ts';
import { recordedBucket } from '../recorded/bucket.ts';
import { arnOf, type ConfigItem } from '../recorded/item.ts';
import { recordedAliasTarget, recordedKey } from '../recorded/key.ts';

/** A kind of resource that flow logs depend on. A bucket is looked up by name, a key or alias by ARN. */
export interface ResourceKind<T extends object> {
  readonly type: ResourceType;
  /** The kind in messages. */
  readonly word: string;
  readonly nameOf: (item: ConfigItem) => string;
  readonly read: (item: ConfigItem) => T;
  /** The possible ids of the resource in AWS Config. */
  readonly idsOf: (name: string) => readonly string[];
  /** The place of the resource, if the name tells the place. */
  readonly placeOf: (name: string) => Place | undefined;
  /** A further condition for a query, where resources elsewhere have the same id. */
  readonly filterOf?: (names: readonly string[]) => string;
}

const placeIn = (arn: string): Place => ({ accountId: accountIn(arn), region: regionIn(arn) });

const resourceIn = (arn: string): string => parseArn(arn)?.resource ?? '';

export const bucketKind: ResourceKind<Bucket> = {
  type: resourceTypes.bucket,
  word: 'bucket',
  nameOf: ({ id }) => id,
  read: recordedBucket,
  idsOf: (name) => [name],
  placeOf: () => undefined,
};

export const keyKind: ResourceKind<Key> = {
  type: resourceTypes.key,
  word: 'key',
  nameOf: arnOf,
  read: recordedKey,
  idsOf: (arn) => [resourceIn(arn).replace(/^key\//, '')],
  placeOf: placeIn,
};

/** A list of more accounts would leave too little room for ids in the query. */
const MAX_ACCOUNTS_IN_FILTER = 20;

export const aliasKind: ResourceKind<{ readonly target: string | Unknown }> = {
  type: resourceTypes.alias,
  word: 'alias',
  nameOf: arnOf,
  read: (item) => ({ target: recordedAliasTarget(item) }),
  idsOf: (arn) => [resourceIn(arn), arn],
  placeOf: placeIn,
  // Every account may have an alias of this name; buckets name the aliases of few accounts.
  filterOf: (arns) => {
    const accounts = [...new Set(arns.map(accountIn))];
    if (accounts.length > MAX_ACCOUNTS_IN_FILTER) return '';
    return ` AND accountId IN (${accounts.map((id) => `'${id}'`).join(', ')})`;
  },
};
