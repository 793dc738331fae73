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
import { recordedFlowLog } from './flow-log.ts';
import { isDeleted } from './item.ts';
import { brokenFieldsOf } from './json-field.ts';
import { recordedAliasTarget, recordedKey } from './key.ts';
import { newestOf, type RecordedItem } from './newest.ts';
import {
  bucketNames,
  flowLogNames,
  keyNames,
  readSnapshotItems,
  type SnapshotItems,
} from './snapshot-items.ts';

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
    source: snapshotSource(items, facts),
    flowLogs,
    problems: [...items.problems, ...problems],
  };
}

/** Facts by item. */
interface SnapshotFacts {
  readonly buckets: ReadonlyMap<RecordedItem, Bucket>;
  readonly keys: ReadonlyMap<RecordedItem, Key>;
  /** The ARN of the key behind each alias. */
  readonly aliasTargets: ReadonlyMap<RecordedItem, string | Unknown>;
}

/** Reads the facts of the newest items. An unreadable field becomes a problem. */
function snapshotFacts({ newest, files }: SnapshotItems) {
  const flowLogs: FlowLog[] = [];
  const buckets = new Map<RecordedItem, Bucket>();
  const keys = new Map<RecordedItem, Key>();
  const aliasTargets = new Map<RecordedItem, string | Unknown>();
  const problems: Problem[] = [];
  for (const item of newest.values()) {
    if (item.kind === 'unreadable' || isDeleted(item)) continue;
    const checked = <T extends object>(fact: T): T => {
      for (const message of brokenFieldsOf(fact))
        problems.push({ file: files.get(item) ?? '', item: item.arn ?? item.id, message });
      return fact;
    };
    if (item.type === resourceTypes.bucket) buckets.set(item, checked(recordedBucket(item)));
    else if (item.type === resourceTypes.key) keys.set(item, checked(recordedKey(item)));
    else if (item.type === resourceTypes.alias)
      aliasTargets.set(item, checked({ target: recordedAliasTarget(item) }).target);
    else if (newestUnder(newest, flowLogNames(item)) === item)
      flowLogs.push(checked(recordedFlowLog(item)));
  }
  return { flowLogs, buckets, keys, aliasTargets, problems };
}

const newestUnder = (
  newest: SnapshotItems['newest'],
  names: readonly string[],
): RecordedItem | undefined => newestOf(names.flatMap((name) => newest.get(name) ?? []));

function snapshotSource(
  { newest }: SnapshotItems,
  { buckets, keys, aliasTargets }: SnapshotFacts,
): RecordedSource {
  const lookUp = <T>(
    facts: ReadonlyMap<RecordedItem, T>,
    resource: string,
    names: readonly string[],
  ): T | Unknown => {
    const item = newestUnder(newest, names);
    return (item && facts.get(item)) ?? unknown(whyNotInSnapshot(resource, item));
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
function whyNotInSnapshot(resource: string, item: RecordedItem | undefined): string {
  if (item === undefined)
    return `${resource} is not in the snapshot: add the snapshot of its account and Region, or run with --live there`;
  return item.kind === 'unreadable'
    ? `${resource}: its ${item.why}`
    : `${resource} is recorded as deleted: run with --live in its account`;
}
