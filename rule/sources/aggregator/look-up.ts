import { resourceTypes, type ResourceType } from '../../model/resource-types.ts';
import { parseArn, accountIn, regionIn } from '../../model/arn.ts';
import { type Bucket, type Key, type Unknown, unknown } from '../../model/facts.ts';
import {
  hasAny,
  isBroken,
  selectThese,
  titleOf,
  type ReportingAggregator,
  type Row,
} from './rows.ts';
import type { SourcesStatus } from './status.ts';
import type { Place } from '../../model/place.ts';
import { arnOf, isRecorded, type ConfigItem } from '../recorded/item.ts';
import { aliasTargetOf, brokenIn, bucketOf, keyOf } from '../recorded/facts.ts';
import type { TimeSpan } from '../../basics/time-span.ts';

/** What all that is read of an aggregator shares. */
export interface Reading {
  readonly aggregator: ReportingAggregator;
  readonly status: SourcesStatus;
  /** The accounts that have flow logs. */
  readonly accounts: Set<string>;
  /** When the items were captured that are used. */
  readonly captured: TimeSpan;
  /** Whether the aggregator has anything of a type, where that is known. */
  readonly has: Map<ResourceType, boolean>;
}

/** What is looked up by a name: the name of a bucket, the ARN of a key or alias. */
interface Kind<T extends object> {
  readonly type: ResourceType;
  readonly word: string;
  readonly nameOf: (item: ConfigItem) => string;
  readonly read: (item: ConfigItem) => T;
  /** The ids that AWS Config may know it by. */
  readonly idsOf: (name: string) => readonly string[];
  /** Where its name says that it is. */
  readonly placeOf: (name: string) => Place | undefined;
  /** What else narrows a query, where others elsewhere have the same id. */
  readonly also?: (names: readonly string[]) => string;
}

export const aBucket: Kind<Bucket> = {
  type: resourceTypes.bucket,
  word: 'bucket',
  nameOf: ({ id }) => id,
  read: bucketOf,
  idsOf: (name) => [name],
  placeOf: () => undefined,
};

const placeOf = (arn: string): Place => ({ accountId: accountIn(arn), region: regionIn(arn) });

const resourceOf = (arn: string): string => parseArn(arn)?.resource ?? '';

export const aKey: Kind<Key> = {
  type: resourceTypes.key,
  word: 'key',
  nameOf: arnOf,
  read: keyOf,
  idsOf: (arn) => [resourceOf(arn).replace(/^key\//, '')],
  placeOf,
};

export const anAlias: Kind<{ readonly target: string | Unknown }> = {
  type: resourceTypes.alias,
  word: 'alias',
  nameOf: arnOf,
  read: (item) => ({ target: aliasTargetOf(item) }),
  idsOf: (arn) => [resourceOf(arn), arn],
  placeOf,
  // Every account may have an alias of this name; few have one that a bucket names.
  also: (arns) => {
    const accounts = new Set(arns.map((arn) => placeOf(arn).accountId));
    return accounts.size > 20
      ? ''
      : ` AND accountId IN (${[...accounts].map((id) => `'${id}'`).join(', ')})`;
  },
};

/** Asks for all of these together, and answers in their order. */
export async function lookUp<T extends object>(
  reading: Reading,
  kind: Kind<T>,
  names: readonly string[],
): Promise<readonly (T | Unknown)[]> {
  const { aggregator, has } = reading;
  const { type, idsOf, also } = kind;
  const ids = [...new Set(names.flatMap(idsOf))];
  const rows = byName(
    kind,
    await selectThese(aggregator, { type, ids, also: also?.(names) ?? '' }),
  );
  if (rows.size > 0) has.set(type, true);
  // One question more, and only where something is missing that nobody may have recorded.
  else if (!has.has(type)) has.set(type, await hasAny(aggregator, type));
  return names.map((name) => {
    const row = newestOf([name, ...idsOf(name)].flatMap((each) => rows.get(each) ?? []));
    return row !== undefined && !isBroken(row) && isRecorded(row)
      ? take(reading, row, kind.read)
      : unknown(gap(reading, { kind, name, row }));
  });
}

/** A row that cannot be read is under each name that it may have. */
function byName<T extends object>(
  { nameOf }: Kind<T>,
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows)
    for (const name of isBroken(row) ? row.names : [nameOf(row)])
      found.set(name, [...(found.get(name) ?? []), row]);
  return found;
}

/** What cannot be read may be the newest of all. */
const newestOf = (rows: readonly Row[]): Row | undefined =>
  rows.find(isBroken) ??
  rows.reduce<Row | undefined>(
    (best, each) => (best === undefined || isNewer(each, best) ? each : best),
    undefined,
  );

function isNewer(row: Row, than: Row): boolean {
  if (isBroken(row) || isBroken(than)) return false;
  const [now = -Infinity, before = -Infinity] = [row.capturedAt, than.capturedAt];
  return now === before ? (row.stateId ?? 0) > (than.stateId ?? 0) : now > before;
}

/** Reads an item that counts into our words; what of it cannot be read is a problem. */
export function take<T extends object>(
  { aggregator, captured }: Reading,
  item: ConfigItem,
  read: (item: ConfigItem) => T,
): T {
  const fact = read(item);
  captured.take(item.capturedAt);
  for (const message of brokenIn(fact))
    aggregator.fail({ file: titleOf(aggregator), item: item.arn ?? item.id, message });
  return fact;
}

interface Missed<T extends object> {
  readonly kind: Kind<T>;
  readonly name: string;
  readonly row: Row | undefined;
}

/** Why nothing is known of a resource, and what to supply: what an aggregator does not show may well exist. */
function gap<T extends object>(
  { aggregator, status, has }: Reading,
  { kind: { word, type, placeOf }, name, row }: Missed<T>,
): string {
  const what = `${word} ${name}`;
  const place = placeOf(name);
  const where = place ? `in account ${place.accountId}, Region ${place.region}` : 'where it is';
  if (row !== undefined)
    return isBroken(row)
      ? `${what}: its ${row.broken}`
      : `${titleOf(aggregator)} has ${what} as ${row.status}: run with --live ${where}`;
  const shown = `${titleOf(aggregator)} does not show ${what}`;
  if (has.get(type) === false)
    return `${shown}, nor any other ${type}: let AWS Config record that type in its accounts`;
  const why = place && status.whyNot(place);
  if (why !== undefined) return `${shown}: ${why}`;
  return place
    ? `${shown}: let AWS Config record ${type} ${where}, or run with --live there`
    : `${shown}: add the account and Region that own it to the aggregator, or let AWS Config record ${type} there`;
}
