import { unknown, type Unknown } from '../../model/facts.ts';
import { isRecorded } from '../recorded/item.ts';
import { newestOf, type RecordedItem } from '../recorded/newest.ts';
import { hasItemsOf, selectByIds, titleOf } from './items.ts';
import { readFact, type AggregatorReading } from './reading.ts';
import type { ResourceKind } from './resource-kinds.ts';

/** Asks for many resources of a kind together, and answers in the order of the names. */
export async function lookUpAll<T extends object>(
  reading: AggregatorReading,
  kind: ResourceKind<T>,
  names: readonly string[],
): Promise<readonly (T | Unknown)[]> {
  const items = await itemsByName(reading, kind, names);
  return names.map((name) => {
    const candidates = [name, ...kind.idsOf(name)].flatMap((each) => items.get(each) ?? []);
    const item = newestOf(candidates);
    return item?.kind === 'item' && isRecorded(item)
      ? readFact(reading, item, kind.read)
      : notShown(reading, kind, { name, item });
  });
}

/** Items by the name of the resource. An unreadable item is listed under every possible name. */
async function itemsByName<T extends object>(
  { aggregator, hasItems }: AggregatorReading,
  { type, idsOf, nameOf, filterOf }: ResourceKind<T>,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly RecordedItem[]>> {
  const ids = [...new Set(names.flatMap(idsOf))];
  const items = await selectByIds(aggregator, { type, ids, filter: filterOf?.(names) ?? '' });
  const byName = new Map<string, RecordedItem[]>();
  for (const item of items)
    for (const name of item.kind === 'unreadable' ? item.names : [nameOf(item)])
      byName.set(name, [...(byName.get(name) ?? []), item]);
  if (byName.size > 0) hasItems.set(type, true);
  // A further question, only where nothing was found: perhaps no account records the type.
  else if (!hasItems.has(type)) hasItems.set(type, await hasItemsOf(aggregator, type));
  return byName;
}

interface MissedResource {
  readonly name: string;
  /** The newest item, if the aggregator has any. */
  readonly item: RecordedItem | undefined;
}

/** The reason why nothing is known of a resource, and the next step. The aggregator may not show an existing resource. */
function notShown<T extends object>(
  { aggregator, status, hasItems }: AggregatorReading,
  { word, type, placeOf }: ResourceKind<T>,
  { name, item }: MissedResource,
): Unknown {
  const resource = `${word} ${name}`;
  const place = placeOf(name);
  const where = place ? `in account ${place.accountId}, Region ${place.region}` : 'where it is';
  if (item?.kind === 'unreadable') return unknown(`${resource}: its ${item.why}`);
  if (item !== undefined)
    return unknown(
      `${titleOf(aggregator)} has ${resource} as ${item.status}`,
      `run with --live ${where}`,
    );
  const shown = `${titleOf(aggregator)} does not show ${resource}`;
  if (hasItems.get(type) === false)
    return unknown(
      `${shown}, nor any other ${type}`,
      'let AWS Config record that type in its accounts',
    );
  const why = place && status.whyNotCollected(place);
  if (why !== undefined) return unknown(shown, why);
  return unknown(
    shown,
    place
      ? `let AWS Config record ${type} ${where}, or run with --live there`
      : `add the account and Region that own it to the aggregator, or let AWS Config record ${type} there`,
  );
}
