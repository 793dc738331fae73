import { decodedJson } from './json-field.ts';
import { isDeleted, type ConfigItem } from './item.ts';
import type { UnreadableItem } from './unreadable-item.ts';

/** An item of AWS Config, readable or not. */
export type RecordedItem = ConfigItem | UnreadableItem;

/** The part of an item that says which item is newer. */
type DatedItem =
  | UnreadableItem
  | (Pick<ConfigItem, 'capturedAt' | 'status' | 'stateId' | 'tags'> & {
      readonly kind: 'item' | 'flow-log';
    });

/** The newest of several items of a resource; the first of equally new items. */
export const newestOf = <T extends DatedItem>(items: readonly T[]): T | undefined =>
  items.reduce<T | undefined>(
    (newest, item) => (newest === undefined || isNewer(item, newest) ? item : newest),
    undefined,
  );

/** Whether an item is newer than another item of the same resource. */
export function isNewer(item: DatedItem, other: DatedItem): boolean {
  const [ranks, otherRanks] = [ranksOf(item), ranksOf(other)];
  const at = ranks.findIndex((rank, index) => rank !== otherRanks[index]);
  return (ranks[at] ?? 0) > (otherRanks[at] ?? 0);
}

/**
 * The ranks of an item, the weightiest first: the capture time; at one time an unreadable item before a deletion, and a
 * deletion before every other state; the state id; tags, which an encoding of AWS Config lacks.
 */
const ranksOf = (item: DatedItem): readonly number[] =>
  item.kind === 'unreadable'
    ? [item.capturedAt, 2, 0, 0]
    : [
        item.capturedAt ?? -Infinity,
        isDeleted(item) ? 1 : 0,
        item.stateId ?? 0,
        item.tags === undefined ? 0 : 1,
      ];

/** Whether the order of two items of a resource is sure, by time, deletion or state id. */
export function areOrdered(item: DatedItem, other: DatedItem): boolean {
  if (item.kind === 'unreadable' || other.kind === 'unreadable') return true;
  if (item.capturedAt === undefined || other.capturedAt === undefined) return false;
  if (item.capturedAt !== other.capturedAt || isDeleted(item) || isDeleted(other)) return true;
  const [id, otherId] = [item.stateId, other.stateId];
  return id !== undefined && otherId !== undefined && id !== otherId;
}

/** Whether the order of two items of a resource does not matter. */
export const areAlike = (item: ConfigItem, other: ConfigItem): boolean =>
  contentOf(item, other) === contentOf(other, item);

/** The content of an item for a comparison with the other item: JSON in strings is decoded, and tags count where both have tags. */
const contentOf = (item: ConfigItem, other: ConfigItem): string =>
  JSON.stringify(
    other.tags === undefined ? { ...item, tags: undefined } : item,
    (_, value: unknown) => {
      try {
        return typeof value === 'string' && /^["{[]/.test(value) ? decodedJson(value) : value;
      } catch {
        return value;
      }
    },
  );
