import { isResourceType, resourceTypes } from '../../model/resource-types.ts';
import { Readable } from 'node:stream';
import * as v from 'valibot';
import { parseArn, partitionOf, isAliasArn } from '../../model/arn.ts';
import {
  isUnknown,
  type Bucket,
  type FlowLog,
  type Key,
  type Unknown,
  unknown,
} from '../../model/facts.ts';
import type { Problem } from '../../model/problem.ts';
import { errorText } from '../../basics/text.ts';
import { arnOf, isDeleted, label, readItem, seemingNames, type ConfigItem } from './item.ts';
import { aliasTargetOf, brokenIn, bucketOf, decoded, flowLogOf, keyOf } from './facts.ts';
import { itemsOf } from './snapshot-file.ts';
import type { Listing, Source } from '../../model/source.ts';

/** What one item says of a resource: its state, or why that cannot be read. */
interface Entry {
  readonly file: string;
  /** Milliseconds since 1970; what cannot be read may be the newest of all. */
  readonly capturedAt: number | undefined;
  readonly state: ConfigItem | { readonly broken: string };
}

/** The newest entry of each resource, by each name that it may be looked up by. */
type Newest = Map<string, Entry>;

/**
 * Reads AWS Config snapshot and history files as one source: of two items of one resource the newest counts. A
 * file or an item that cannot be read becomes a problem; all others are read.
 * https://docs.aws.amazon.com/config/latest/developerguide/deliver-snapshot-cli.html
 */
export async function readSnapshots(
  files: readonly string[],
): Promise<{ source: Source; listings: readonly Listing[]; problems: readonly Problem[] }> {
  const newest: Newest = new Map();
  const problems: Problem[] = [];
  for (const file of files) {
    try {
      const items = await itemsOf(file);
      items.forEach((raw, index) => {
        const problem = take(newest, raw, { file, index });
        if (problem !== undefined) problems.push(problem);
      });
    } catch (error) {
      problems.push({ file, item: null, message: errorText(error) });
    }
  }
  return { ...sourceOf(newest, problems), problems };
}

/** Keeps an item if it is of a type that matters, and newer than what is there. */
function take(
  newest: Newest,
  raw: unknown,
  { file, index }: { file: string; index: number },
): Problem | undefined {
  const its = v.parse(label, raw);
  if (its.resourceType !== undefined && !isResourceType(its.resourceType)) return undefined;
  try {
    const item = readItem(raw);
    const entry = { file, capturedAt: item.capturedAt, state: item };
    const known = newest.get(nameOf(item));
    if (known !== undefined && !isOrdered(entry, known))
      throw new Error('another item of it differs, and neither is surely the newer');
    keep(newest, nameOf(item), entry);
    return undefined;
  } catch (error) {
    const broken = `item cannot be read: ${errorText(error)}`;
    // As far as anybody can tell it is the newest.
    const entry = {
      file,
      capturedAt: its.configurationItemCaptureTime ?? Infinity,
      state: { broken },
    };
    const names = seemingNames(its);
    const types =
      its.resourceType === undefined ? Object.values(resourceTypes) : [its.resourceType];
    for (const type of types) for (const name of names) keep(newest, `${type} ${name}`, entry);
    return { file, item: names[0] ?? `number ${index + 1}`, message: broken };
  }
}

/** What a resource is looked up by: where it is and its id, or the ARN of a key or alias. */
function nameOf(item: ConfigItem): string {
  const { type, id, accountId, region, arn } = item;
  if (type === resourceTypes.flowLog) return `${type} ${accountId} ${region} ${id}`;
  if (type !== resourceTypes.bucket) return `${type} ${arnOf(item)}`;
  return `${type} ${parseArn(arn ?? '')?.partition ?? partitionOf(region)} ${id}`;
}

/** Of two entries the newer stays; of two of one time what is gone or cannot be read. */
function keep(newest: Newest, name: string, entry: Entry): void {
  const known = newest.get(name);
  if (known === undefined || newer(entry, known)) newest.set(name, entry);
}

function newer(entry: Entry, known: Entry): boolean {
  const [now = -Infinity, before = -Infinity] = [entry.capturedAt, known.capturedAt];
  if (now !== before) return now > before;
  if ('broken' in known.state) return false;
  if ('broken' in entry.state) return true;
  const [id = 0, knownId = 0] = [entry.state.stateId, known.state.stateId];
  if (id !== knownId) return id > knownId;
  const tellsLess = entry.state.tags === undefined && known.state.tags !== undefined;
  return !isDeleted(known.state) && !tellsLess;
}

/** What an item says in every encoding: JSON in a string, even twice, is as good as JSON, and one has no tags. */
const contentOf = (item: ConfigItem): string =>
  JSON.stringify({ ...item, tags: undefined }, (_, value: unknown) => {
    try {
      return typeof value === 'string' && /^["{[]/.test(value) ? decoded(value) : value;
    } catch {
      return value;
    }
  });

/** Whether it is clear which of two entries counts: by time, by state, because one is gone, or because they are equal. */
function isOrdered({ capturedAt, state }: Entry, known: Entry): boolean {
  if ('broken' in state || 'broken' in known.state) return true;
  if (contentOf(state) === contentOf(known.state)) return true;
  if (capturedAt === undefined || known.capturedAt === undefined) return false;
  const told = state.stateId !== undefined && known.state.stateId !== undefined;
  const gone = isDeleted(state) || isDeleted(known.state);
  return capturedAt !== known.capturedAt || told || gone;
}

/** The newest of what is known under any of these names. */
const newestOf = (newest: Newest, ...names: readonly string[]): Entry | undefined =>
  names
    .flatMap((name) => newest.get(name) ?? [])
    .reduce<Entry | undefined>(
      (best, each) => (!best || newer(each, best) ? each : best),
      undefined,
    );

/** Reads the items that count into our words, and notes what is broken inside. */
function sourceOf(
  newest: Newest,
  problems: Problem[],
): { source: Source; listings: readonly Listing[] } {
  const flowLogs: FlowLog[] = [];
  const buckets = new Map<Entry, Bucket>();
  const keys = new Map<Entry, Key>();
  const targets = new Map<Entry, string | Unknown>();
  for (const [name, entry] of newest) {
    const { file, state } = entry;
    if ('broken' in state || isDeleted(state)) continue;
    const note = <T extends object>(fact: T): T => {
      for (const message of brokenIn(fact))
        problems.push({ file, item: state.arn ?? state.id, message });
      return fact;
    };
    if (state.type === resourceTypes.bucket) buckets.set(entry, note(bucketOf(state)));
    else if (state.type === resourceTypes.key) keys.set(entry, note(keyOf(state)));
    else if (state.type === resourceTypes.alias)
      targets.set(entry, note({ target: aliasTargetOf(state) }).target);
    else if (newestOf(newest, name, `${state.type} ${state.id}`) === entry)
      flowLogs.push(note(flowLogOf(state)));
  }
  const lookUp = <T>(facts: Map<Entry, T>, what: string, names: readonly string[]): T | Unknown => {
    const entry = newestOf(newest, ...names);
    return (entry && facts.get(entry)) ?? gap(what, entry);
  };
  const source: Source = {
    bucket: (name, partition) =>
      Promise.resolve(
        lookUp(buckets, `bucket ${name}`, [
          `${resourceTypes.bucket} ${partition} ${name}`,
          `${resourceTypes.bucket} ${name}`,
        ]),
      ),
    key(arn) {
      const target = isAliasArn(arn)
        ? lookUp(targets, `alias ${arn}`, namesOf(resourceTypes.alias, arn))
        : arn;
      if (isUnknown(target)) return Promise.resolve(target);
      return Promise.resolve(lookUp(keys, `key ${target}`, namesOf(resourceTypes.key, target)));
    },
  };
  return { source, listings: [{ name: 'snapshot', flowLogs: () => Readable.from(flowLogs) }] };
}

/** An ARN, and what an item that cannot be read may be known by. */
function namesOf(type: string, arn: string): readonly string[] {
  const resource = parseArn(arn)?.resource ?? '';
  return [arn, resource, resource.split('/').at(-1) ?? ''].map((name) => `${type} ${name}`);
}

/** Why nothing is known of a resource. */
function gap(what: string, entry: Entry | undefined): Unknown {
  if (entry === undefined)
    return unknown(
      `${what} is not in the snapshot: add the snapshot of its account and Region, or run with --live there`,
    );
  if ('broken' in entry.state) return unknown(`${what}: its ${entry.state.broken}`);
  return unknown(`${what} is recorded as deleted: run with --live in its account`);
}
