import { isAliasArn } from '../../model/arn.ts';
import {
  isUnknown,
  unknown,
  type Bucket,
  type FlowLog,
  type Key,
  type Unknown,
} from '../../model/facts.ts';
import type { Problem } from '../../model/problem.ts';
import { resourceTypes } from '../../model/resource-types.ts';
import type { RecordedSource } from '../../model/source.ts';
import { recordedBucket } from './bucket.ts';
import { isDeleted } from './item.ts';
import { brokenFieldsOf } from './json-field.ts';
import { recordedAliasTarget, recordedKey } from './key.ts';
import { isNewer, newestOf } from './newest.ts';
import {
  bucketNames,
  keyNames,
  nameWithoutPlace,
  type FlowLogItem,
  type SnapshotItem,
} from './snapshot-item.ts';
import { readSnapshotItems, type SnapshotItems } from './snapshot-items.ts';

/** Facts of snapshot files, and the unreadable input. */
export interface Snapshots {
  readonly source: RecordedSource;
  readonly flowLogs: readonly FlowLog[];
  readonly problems: readonly Problem[];
}

/**
 * Reads AWS Config snapshot and history files as one source: of several items of one resource the newest counts.
 * https://docs.aws.amazon.com/config/latest/developerguide/deliver-snapshot-cli.html
 */
export async function readSnapshots(files: readonly string[]): Promise<Snapshots> {
  const items = await readSnapshotItems(files);
  const { flowLogs, problems, ...facts } = snapshotFacts(items);
  return {
    source: snapshotSource(dependenciesIn(items), facts),
    flowLogs,
    problems: [...items.problems, ...problems],
  };
}

/** Facts by item. */
interface SnapshotFacts {
  readonly buckets: ReadonlyMap<SnapshotItem, Bucket>;
  readonly keys: ReadonlyMap<SnapshotItem, Key>;
  /** The ARN of the key behind each alias. */
  readonly aliasTargets: ReadonlyMap<SnapshotItem, string | Unknown>;
}

/** Reads the facts of the newest items. An unreadable field becomes a problem. */
function snapshotFacts({ newest, files }: SnapshotItems) {
  const flowLogs: FlowLog[] = [];
  const buckets = new Map<SnapshotItem, Bucket>();
  const keys = new Map<SnapshotItem, Key>();
  const aliasTargets = new Map<SnapshotItem, string | Unknown>();
  const problems: Problem[] = [];
  const complain = (item: SnapshotItem, label: string, messages: readonly string[]): void => {
    for (const message of messages)
      problems.push({ file: files.get(item) ?? '', item: label, message });
  };
  const unreadable = unreadableIn(newest);
  for (const item of newest.values()) {
    if (item.kind === 'unreadable' || isDeleted(item)) continue;
    if (item.kind === 'flow-log') {
      if (unreadable.size > 0 && isOutdated(item, unreadable)) continue;
      flowLogs.push(item.flowLog);
      complain(item, item.label, item.brokenFields);
      continue;
    }
    const checked = <T extends object>(fact: T): T => {
      complain(item, item.arn ?? item.id, brokenFieldsOf(fact));
      return fact;
    };
    if (item.type === resourceTypes.bucket) buckets.set(item, checked(recordedBucket(item)));
    else if (item.type === resourceTypes.key) keys.set(item, checked(recordedKey(item)));
    else aliasTargets.set(item, checked({ target: recordedAliasTarget(item) }).target);
  }
  return { flowLogs, buckets, keys, aliasTargets, problems };
}

/** The unreadable items by name: mostly none, so that no other name needs to be made for a million flow logs. */
const unreadableIn = (newest: SnapshotItems['newest']): SnapshotItems['newest'] =>
  itemsWhere(newest, ({ kind }) => kind === 'unreadable');

function itemsWhere(
  newest: SnapshotItems['newest'],
  isWanted: (item: SnapshotItem) => boolean,
): SnapshotItems['newest'] {
  const wanted = new Map<string, SnapshotItem>();
  for (const [name, item] of newest) if (isWanted(item)) wanted.set(name, item);
  return wanted;
}

/** Whether an unreadable item, which names no place, is newer than this item of a flow log. */
function isOutdated(item: FlowLogItem, unreadable: SnapshotItems['newest']): boolean {
  const other = unreadable.get(nameWithoutPlace(item));
  return other !== undefined && isNewer(other, item);
}

const newestUnder = (
  newest: SnapshotItems['newest'],
  names: readonly string[],
): SnapshotItem | undefined => newestOf(names.flatMap((name) => newest.get(name) ?? []));

/** The items by name, without flow logs: a million of these are not needed to look up a bucket. */
const dependenciesIn = ({ newest }: SnapshotItems): SnapshotItems['newest'] =>
  itemsWhere(newest, ({ kind }) => kind !== 'flow-log');

function snapshotSource(
  newest: SnapshotItems['newest'],
  { buckets, keys, aliasTargets }: SnapshotFacts,
): RecordedSource {
  const lookUp = <T>(
    facts: ReadonlyMap<SnapshotItem, T>,
    resource: string,
    names: readonly string[],
  ): T | Unknown => {
    const item = newestUnder(newest, names);
    return (item && facts.get(item)) ?? notInSnapshot(resource, item);
  };
  return {
    bucket: (name, partition) => lookUp(buckets, `bucket ${name}`, bucketNames(name, partition)),
    key(arn) {
      const target = isAliasArn(arn)
        ? lookUp(aliasTargets, `alias ${arn}`, keyNames(resourceTypes.alias, arn))
        : arn;
      return isUnknown(target)
        ? target
        : lookUp(keys, `key ${target}`, keyNames(resourceTypes.key, target));
    },
  };
}

/** The reason why the snapshots hold no fact of a resource, and the next step. */
function notInSnapshot(resource: string, item: SnapshotItem | undefined): Unknown {
  if (item === undefined)
    return unknown(
      `${resource} is not in the snapshot`,
      'add the snapshot of its account and Region, or run with --live there',
    );
  return item.kind === 'unreadable'
    ? unknown(`${resource}: its ${item.why}`)
    : unknown(`${resource} is recorded as deleted`, 'run with --live in its account');
}
