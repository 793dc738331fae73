import { cut, errorText } from '../../basics/text.ts';
import type { Problem } from '../../model/problem.ts';
import { makeShared } from './flow-log.ts';
import { readItem } from './item.ts';
import { areAlike, areOrdered, isNewer } from './newest.ts';
import { isRegularFile, readSnapshotFile } from './snapshot-file.ts';
import { itemName, namesOf, readSnapshotItem, type SnapshotItem } from './snapshot-item.ts';
import { unreadableItem } from './unreadable-item.ts';

/** The newest items of some snapshot files. */
export interface SnapshotItems {
  /** The newest item of each resource, by each name of the resource in look-ups. */
  readonly newest: ReadonlyMap<string, SnapshotItem>;
  /** The file of each item. */
  readonly files: ReadonlyMap<SnapshotItem, string>;
  /** Unreadable files and items. */
  readonly problems: readonly Problem[];
}

/**
 * Reads snapshot files. An unreadable file or item becomes a problem, and keeps no other from being read. Where two items
 * of one resource are in no sure order, only the whole items tell whether the order matters: then the files are read
 * again, and the items of these resources kept whole.
 */
export async function readSnapshotItems(paths: readonly string[]): Promise<SnapshotItems> {
  const areFiles = await Promise.all(paths.map((path) => isRegularFile(path).catch(() => true)));
  // A pipe cannot be read again.
  return readAll(paths, areFiles.includes(false) ? 'all' : new Set());
}

/** The items to keep whole, by name. */
type KeptItems = 'all' | ReadonlySet<string>;

const isKept = (item: SnapshotItem, kept: KeptItems): boolean =>
  item.kind !== 'unreadable' && (kept === 'all' || (kept.size > 0 && kept.has(itemName(item))));

async function readAll(paths: readonly string[], kept: KeptItems): Promise<SnapshotItems> {
  const collection = newestItems(kept);
  for (const path of paths)
    try {
      const items = await readSnapshotFile(path, collection.read);
      items.forEach((item, index) => {
        if (item !== undefined) collection.take(item, { file: path, index });
      });
    } catch (error) {
      collection.problems.push({ file: path, item: null, message: errorText(error) });
    }
  const { toCompare, newest, files, problems } = collection;
  if (toCompare.size === 0) return { newest, files, problems };
  return readAll(paths, kept === 'all' ? kept : new Set([...kept, ...toCompare]));
}

/** Takes items of files, and keeps the newest of each resource. */
function newestItems(kept: KeptItems) {
  const newest = new Map<string, SnapshotItem>();
  const files = new Map<SnapshotItem, string>();
  const problems: Problem[] = [];
  const whole = new Map<SnapshotItem, unknown>();
  const toCompare = new Set<string>();
  const shared = makeShared();
  /** The item, or an unreadable item where nobody knows whether the item or the known item is the newer. */
  const settled = (item: SnapshotItem, name = ''): SnapshotItem => {
    const known = newest.get(name);
    if (item.kind === 'unreadable' || known === undefined || areOrdered(item, known)) return item;
    const [raw, other] = [whole.get(item), whole.get(known)];
    if (raw === undefined || other === undefined) toCompare.add(name);
    else if (!areAlike(readItem(raw), readItem(other))) return unreadableItem(raw, NO_ORDER);
    return item;
  };
  return {
    newest,
    files,
    problems,
    /** Resources with items to compare as a whole. */
    toCompare,
    read: (raw: unknown): SnapshotItem | undefined => {
      const item = readSnapshotItem(raw, shared);
      if (item !== undefined && isKept(item, kept)) whole.set(item, raw);
      return item;
    },
    take(read: SnapshotItem, { file, index }: { readonly file: string; readonly index: number }) {
      const names = namesOf(read);
      const item = settled(read, names[0]);
      if (item.kind !== 'flow-log' || item.brokenFields.length > 0) files.set(item, file);
      for (const name of item === read ? names : namesOf(item)) keepNewest(newest, name, item);
      if (item.kind !== 'unreadable') return;
      const label = cut(item.names[0] ?? `number ${index + 1}`, 100);
      problems.push({ file, item: label, message: item.why });
    },
  };
}

function keepNewest(newest: Map<string, SnapshotItem>, name: string, item: SnapshotItem): void {
  const known = newest.get(name);
  if (known === undefined || isNewer(item, known)) newest.set(name, item);
}

const NO_ORDER = new Error('another item of it differs, and neither is surely the newer');
