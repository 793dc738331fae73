import { Readable } from 'node:stream';
import * as v from 'valibot';
import { isUnknown, type Bucket, type FlowLog, type Key, type Unknown } from '../model/facts.ts';
import {
  arnOf,
  isDeleted,
  isRecorded,
  itemTypes,
  readItem,
  type ConfigItem,
} from './config-item.ts';
import { aliasTargetOf, bucketOf, flowLogOf, keyOf } from './recorded.ts';
import type { Problem } from '../model/result.ts';
import { itemsOf } from './snapshot-file.ts';
import type { Listing, Source } from './source.ts';

/** What the files hold of the resources that matter. */
interface Contents {
  /** The newest item of each resource, by name. */
  readonly newest: Map<string, { readonly file: string; readonly item: ConfigItem }>;
  /** Why an item cannot be read, by each name that it seems to have. */
  readonly unreadable: Map<string, string>;
  readonly problems: Problem[];
}

/**
 * Reads AWS Config snapshot and history files as one source: of two items of one resource the newest counts. A
 * file or an item that cannot be read becomes a problem; all others are read.
 * https://docs.aws.amazon.com/config/latest/developerguide/deliver-snapshot-cli.html
 */
export async function readSnapshots(
  files: readonly string[],
): Promise<{ source: Source; listings: readonly Listing[]; problems: readonly Problem[] }> {
  const contents: Contents = { newest: new Map(), unreadable: new Map(), problems: [] };
  for (const file of files) {
    try {
      const items = await itemsOf(file);
      items.forEach((raw, index) => {
        take(contents, raw, { file, index });
      });
    } catch (error) {
      contents.problems.push({ file, item: null, message: wordsOf(error), lost: true });
    }
  }
  return { ...sourceOf(contents), problems: contents.problems };
}

/** What a resource is looked up by: its type, and the name of a bucket, the id of a flow log, the ARN of a key or alias. */
const nameOf = (item: ConfigItem): string =>
  `${item.type} ${item.type.startsWith('AWS::KMS::') ? arnOf(item) : item.id}`;

/** As much of an item as says what it is an item of. */
const label = v.fallback(
  v.object({
    resourceType: v.optional(v.string()),
    ARN: v.optional(v.string()),
    arn: v.optional(v.string()),
    resourceId: v.optional(v.string()),
  }),
  {},
);

/** Keeps an item if it is of a type that matters, and newer than what is there. */
function take(
  { newest, unreadable, problems }: Contents,
  raw: unknown,
  { file, index }: { file: string; index: number },
): void {
  const { resourceType, ...ids } = v.parse(label, raw);
  if (resourceType !== undefined && !itemTypes.includes(resourceType)) return;
  try {
    const item = readItem(raw);
    const known = newest.get(nameOf(item));
    const newer = known === undefined || known.item.capturedAt <= item.capturedAt;
    if (newer && (isRecorded(item) || isDeleted(item))) newest.set(nameOf(item), { file, item });
  } catch (error) {
    const names = Object.values(ids).filter((name) => name !== undefined);
    const message = `item cannot be read: ${wordsOf(error)}`;
    // Without its type it may have been a flow log.
    const lost = resourceType === undefined || resourceType === 'AWS::EC2::FlowLog';
    problems.push({ file, item: names[0] ?? `number ${index + 1}`, message, lost });
    for (const name of names) unreadable.set(`${resourceType ?? ''} ${name}`, message);
  }
}

/** Reads what is left of the items into our words, and notes those that are broken inside. */
function sourceOf({ newest, unreadable, problems }: Contents): {
  source: Source;
  listings: readonly Listing[];
} {
  const flowLogs: FlowLog[] = [];
  const buckets = new Map<string, Bucket>();
  const keys = new Map<string, Key>();
  const aliases = new Map<string, string>();
  for (const [name, { file, item }] of newest) {
    if (isDeleted(item) || unreadable.has(name)) continue;
    const note = <T extends object>(fact: T): T => {
      for (const part of Object.values(fact))
        if (isUnknown(part) && part.broken)
          problems.push({ file, item: item.arn ?? item.id, message: part.unknown, lost: false });
      return fact;
    };
    if (item.type === 'AWS::EC2::FlowLog') flowLogs.push(note(flowLogOf(item)));
    else if (item.type === 'AWS::S3::Bucket') buckets.set(name, note(bucketOf(item)));
    else if (item.type === 'AWS::KMS::Key') keys.set(name, note(keyOf(item)));
    else aliases.set(name, aliasTargetOf(item));
  }
  const absent = (what: string, name: string, shown: string): Unknown => {
    const broken = unreadable.get(name);
    if (broken !== undefined) return { unknown: `${what} ${shown}: its ${broken}` };
    const where = newest.has(name) ? 'is recorded as deleted' : 'is not';
    return {
      unknown: `${what} ${shown} ${where} in the snapshot: add the snapshot of its account and Region, or run with --live there`,
    };
  };
  const source: Source = {
    bucket(bucket) {
      const name = `AWS::S3::Bucket ${bucket}`;
      return Promise.resolve(buckets.get(name) ?? absent('bucket', name, bucket));
    },
    key(arn) {
      const target = aliases.get(`AWS::KMS::Alias ${arn}`) ?? arn;
      const isAlias = target.includes(':alias/');
      const name = `AWS::KMS::${isAlias ? 'Alias' : 'Key'} ${target}`;
      return Promise.resolve(keys.get(name) ?? absent(isAlias ? 'alias' : 'key', name, target));
    },
  };
  return { source, listings: [{ name: 'snapshot', flowLogs: () => Readable.from(flowLogs) }] };
}

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
