import * as v from 'valibot';
import { kmsArn, parseArn, partitionOf } from '../../model/arn.ts';
import { resourceTypes } from '../../model/resource-types.ts';
import {
  MAX_NAME_LENGTH,
  optionalAccountId,
  optionalField,
  optionalText,
  readBy,
  textUpTo,
  timeField,
} from './fields.ts';
import { isUsualItem } from './usual-form.ts';

/** A resource as AWS Config recorded the resource, from either of Config's two encodings. */
export interface ConfigItem {
  readonly kind: 'item';
  readonly type: string;
  readonly id: string;
  readonly arn: string | undefined;
  readonly accountId: string;
  readonly region: string;
  /** Milliseconds since 1970; undefined where the item has no capture time. */
  readonly capturedAt: number | undefined;
  readonly status: string;
  /** Grows with each recorded state. */
  readonly stateId: number | undefined;
  readonly configuration: unknown;
  /** Undefined where the item has no tags field: an encoding of AWS Config has none. */
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly supplementary: Readonly<Record<string, unknown>>;
}

/** An aggregator has tags as a list; every other source has an object. */
const tagList = v.pipe(
  v.array(v.object({ key: v.string(), value: v.string() })),
  v.transform((tags) => Object.fromEntries(tags.map(({ key, value }) => [key, value]))),
);

const tagsByName = v.record(v.string(), v.string());

const itemStatuses = [
  'OK',
  'ResourceDiscovered',
  'ResourceNotRecorded',
  'ResourceDeleted',
  'ResourceDeletedNotRecorded',
] as const;

const itemSchema = v.pipe(
  v.object({
    resourceType: v.string(),
    resourceId: v.pipe(textUpTo(MAX_NAME_LENGTH), v.minLength(1)),
    ARN: optionalText,
    arn: optionalText,
    awsAccountId: optionalAccountId,
    accountId: optionalAccountId,
    awsRegion: v.pipe(textUpTo(100), v.minLength(1)),
    configurationItemCaptureTime: optionalField(timeField),
    configurationItemStatus: v.nullish(v.picklist(itemStatuses), 'OK'),
    configurationStateId: v.fallback(
      optionalField(v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.finite())),
      undefined,
    ),
    configuration: v.optional(v.unknown()),
    tags: v.fallback(
      optionalField(v.lazy((tags) => (Array.isArray(tags) ? tagList : tagsByName))),
      undefined,
    ),
    supplementaryConfiguration: optionalField(v.record(v.string(), v.unknown())),
  }),
  // After a broken field no further check is made.
  v.transform((item) => item),
  v.check((item) => itemAccount(item) !== '', 'no account id'),
  v.check(
    (item) => arnAgrees(item),
    'the ARN is none, or names another account or Region than the item',
  ),
);

interface ItemPlace {
  readonly ARN?: string | undefined;
  readonly arn?: string | undefined;
  readonly awsAccountId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly awsRegion: string;
}

const itemAccount = ({ awsAccountId, accountId }: ItemPlace): string =>
  awsAccountId ?? accountId ?? '';

function arnAgrees(item: ItemPlace): boolean {
  const arn = item.ARN ?? item.arn;
  const named = parseArn(arn ?? '');
  if (arn !== undefined && named === undefined) return false;
  const agrees = (field: string | undefined, value: string): boolean =>
    !field || value === '' || field === value;
  return agrees(named?.accountId, itemAccount(item)) && agrees(named?.region, item.awsRegion);
}

/**
 * Reads a configuration item as events and snapshots have the item, or as GetResourceConfigHistory and
 * BatchGetResourceConfig do, where `configuration` is JSON in a string.
 * https://docs.aws.amazon.com/config/latest/developerguide/config-item-table.html
 * Throws an Error with the problems of the item.
 */
export function readItem(raw: unknown): ConfigItem {
  const item = isUsualItem(raw) ? raw : readBy(itemSchema, raw);
  const time = item.configurationItemCaptureTime;
  return {
    kind: 'item',
    type: item.resourceType,
    id: item.resourceId,
    arn: item.ARN ?? item.arn,
    accountId: itemAccount(item),
    region: item.awsRegion,
    capturedAt: typeof time === 'string' ? Date.parse(time) : time,
    status: item.configurationItemStatus,
    stateId: item.configurationStateId,
    configuration: item.configuration,
    tags: item.tags,
    supplementary: item.supplementaryConfiguration ?? {},
  };
}

export const isDeleted = ({ status }: Pick<ConfigItem, 'status'>): boolean =>
  status.startsWith('ResourceDeleted');

/** Whether the item records a state of the resource. */
export const isRecorded = ({ status }: ConfigItem): boolean =>
  status === 'OK' || status === 'ResourceDiscovered';

/** The ARN of a key or alias. */
export function arnOf({ arn, type, id, accountId, region }: ConfigItem): string {
  if (arn !== undefined || id.startsWith('arn:')) return arn ?? id;
  const resource = type === resourceTypes.key ? `key/${id}` : id;
  return kmsArn({ partition: partitionOf(region), region, accountId }, resource);
}
