import { cut, errorText } from '../../basics/text.ts';
import { parseArn, partitionOf } from '../../model/arn.ts';
import type { Problem } from '../../model/problem.ts';
import { isResourceType, resourceTypes, type ResourceType } from '../../model/resource-types.ts';
import { arnOf, readItem, type ConfigItem } from './item.ts';
import { areOrdered, isNewer, type RecordedItem } from './newest.ts';
import { readSnapshotFile } from './snapshot-file.ts';
import { typeOf, unreadableItem } from './unreadable-item.ts';

/** The newest items of some snapshot files. */
export interface SnapshotItems {
  /** The newest item of each resource, by each name of the resource in look-ups. */
  readonly newest: ReadonlyMap<string, RecordedItem>;
  /** The file of each item. */
  readonly files: WeakMap<RecordedItem, string>;
  /** Unreadable files and items. */
  readonly problems: readonly Problem[];
}

/** Reads snapshot files. An unreadable file or item becomes a problem, and keeps no other from being read. */
export async function readSnapshotItems(paths: readonly string[]): Promise<SnapshotItems> {
  const newest = new Map<string, RecordedItem>();
  const files = new WeakMap<RecordedItem, string>();
  const problems: Problem[] = [];
  for (const file of paths) {
    try {
      for (const [index, raw] of (await readSnapshotFile(file)).entries()) {
        const item = readSnapshotItem(raw, newest);
        if (item === undefined) continue;
        files.set(item, file);
        for (const name of namesOf(item)) keepNewest(newest, name, item);
        if (item.kind === 'unreadable')
          problems.push({
            file,
            item: cut(item.names[0] ?? `number ${index + 1}`, 100),
            message: item.why,
          });
      }
    } catch (error) {
      problems.push({ file, item: null, message: errorText(error) });
    }
  }
  return { newest, files, problems };
}

/** Reads an item; undefined where no verdict needs the type. */
function readSnapshotItem(
  raw: unknown,
  newest: ReadonlyMap<string, RecordedItem>,
): RecordedItem | undefined {
  const type = typeOf(raw);
  if (type !== undefined && !isResourceType(type)) return undefined;
  try {
    const item = readItem(raw);
    const known = newest.get(itemName(item));
    if (known !== undefined && !areOrdered(item, known))
      throw new Error('another item of it differs, and neither is surely the newer');
    return item;
  } catch (error) {
    return unreadableItem(raw, error);
  }
}

function keepNewest(newest: Map<string, RecordedItem>, name: string, item: RecordedItem): void {
  const known = newest.get(name);
  if (known === undefined || isNewer(item, known)) newest.set(name, item);
}

/** The names of an item in look-ups. An unreadable item gets each possible name of the resource. */
function namesOf(item: RecordedItem): readonly string[] {
  if (item.kind === 'item') return [itemName(item)];
  const types = item.type === undefined ? Object.values(resourceTypes) : [item.type];
  return types.flatMap((type) => item.names.map((name) => `${type} ${name}`));
}

/** The name of a flow log with the place, of a bucket with the partition; the ARN of a key or alias. */
function itemName(item: ConfigItem): string {
  const { type, id, accountId, region, arn } = item;
  if (type === resourceTypes.flowLog) return `${type} ${accountId} ${region} ${id}`;
  if (type !== resourceTypes.bucket) return `${type} ${arnOf(item)}`;
  return `${type} ${parseArn(arn ?? '')?.partition ?? partitionOf(region)} ${id}`;
}

/** The possible names of a flow log in look-ups. */
export const flowLogNames = (item: ConfigItem): readonly string[] => [
  itemName(item),
  `${item.type} ${item.id}`,
];

/** The possible names of a bucket in look-ups. */
export const bucketNames = (name: string, partition: string): readonly string[] => [
  `${resourceTypes.bucket} ${partition} ${name}`,
  `${resourceTypes.bucket} ${name}`,
];

/** The possible names of a key or alias in look-ups. */
export function keyNames(type: ResourceType, arn: string): readonly string[] {
  const resource = parseArn(arn)?.resource ?? '';
  return [arn, resource, resource.split('/').at(-1) ?? ''].map((name) => `${type} ${name}`);
}
