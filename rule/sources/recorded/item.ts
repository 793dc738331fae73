import { resourceTypes } from '../../model/resource-types.ts';
import * as v from 'valibot';
import { parseArn, partitionOf } from '../../model/arn.ts';

/** A resource as AWS Config recorded it, from either of Config's two encodings. */
export interface ConfigItem {
  readonly type: string;
  readonly id: string;
  readonly arn: string | undefined;
  readonly accountId: string;
  readonly region: string;
  /** Milliseconds since 1970; undefined where the item does not say. */
  readonly capturedAt: number | undefined;
  readonly status: string;
  /** Grows with each state that is recorded. */
  readonly stateId: number | undefined;
  readonly configuration: unknown;
  /** Undefined where the item does not say, as in one of the encodings. */
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly supplementary: Readonly<Record<string, unknown>>;
}

/** Config writes null, an empty place or nothing at all for what is not there. */
export const optional = <T extends v.GenericSchema>(wanted: T) =>
  v.pipe(
    v.nullish(wanted),
    v.transform((value) => value ?? undefined),
  );
export const text = v.pipe(
  v.nullish(v.string()),
  v.transform((value) => (value === null || value === '' ? undefined : value)),
);
const accountId = optional(v.pipe(v.string(), v.regex(/^\d{12}$/)));

/** An ISO 8601 time, or seconds since 1970, as milliseconds. */
const time = v.pipe(
  v.union([
    v.pipe(
      v.string(),
      v.transform((text) => Date.parse(text)),
    ),
    v.pipe(
      v.number(),
      v.transform((seconds) => seconds * 1000),
    ),
  ]),
  v.finite('not a time'),
);

/** Tags as an aggregator has them; elsewhere they are an object. */
const tagList = v.pipe(
  v.array(v.object({ key: v.string(), value: v.string() })),
  v.transform((tags) => Object.fromEntries(tags.map(({ key, value }) => [key, value]))),
);

const statuses = [
  'OK',
  'ResourceDiscovered',
  'ResourceNotRecorded',
  'ResourceDeleted',
  'ResourceDeletedNotRecorded',
] as const;

const schema = v.pipe(
  v.object({
    resourceType: v.string(),
    resourceId: v.pipe(v.string(), v.minLength(1)),
    ARN: text,
    arn: text,
    awsAccountId: accountId,
    accountId,
    awsRegion: v.pipe(v.string(), v.minLength(1)),
    configurationItemCaptureTime: optional(time),
    configurationItemStatus: v.nullish(v.picklist(statuses), 'OK'),
    configurationStateId: optional(v.union([v.string(), v.number()])),
    configuration: v.optional(v.unknown()),
    tags: v.fallback(optional(v.union([tagList, v.record(v.string(), v.string())])), undefined),
    supplementaryConfiguration: optional(v.record(v.string(), v.unknown())),
  }),
  v.transform(({ ARN, arn, awsAccountId, accountId, ...item }) => ({
    ...item,
    arn: ARN ?? arn,
    accountId: awsAccountId ?? accountId ?? '',
  })),
  v.check((item) => item.accountId !== '', 'no account id'),
  v.check(
    (item) => agrees(item),
    'the ARN is none, or names another account or Region than the item',
  ),
);

interface Placed {
  readonly arn?: string | undefined;
  readonly accountId: string;
  readonly awsRegion: string;
}

function agrees({ arn, accountId, awsRegion }: Placed): boolean {
  const named = parseArn(arn ?? '');
  if (arn !== undefined && named === undefined) return false;
  const says = (field: string | undefined, value: string): boolean =>
    !field || value === '' || field === value;
  return says(named?.accountId, accountId) && says(named?.region, awsRegion);
}

/**
 * Reads a configuration item as events and snapshots have it, or as GetResourceConfigHistory and
 * BatchGetResourceConfig do, where `configuration` is JSON in a string.
 * https://docs.aws.amazon.com/config/latest/developerguide/config-item-table.html
 * Throws an Error that says what is wrong.
 */
export function readItem(raw: unknown): ConfigItem {
  const result = v.safeParse(schema, raw);
  if (!result.success) throw new Error(issuesOf(result.issues));
  const item = result.output;
  return {
    type: item.resourceType,
    id: item.resourceId,
    arn: item.arn,
    accountId: item.accountId,
    region: item.awsRegion,
    capturedAt: item.configurationItemCaptureTime,
    status: item.configurationItemStatus,
    stateId:
      item.configurationStateId === undefined ? undefined : Number(item.configurationStateId),
    configuration: item.configuration,
    tags: item.tags,
    supplementary: item.supplementaryConfiguration ?? {},
  };
}

const perhaps = v.fallback(v.optional(v.string()), undefined);

/** As much of an item as says what it is an item of; whatever the item, it can be read. */
export const label = v.fallback(
  v.object({
    resourceType: perhaps,
    ARN: perhaps,
    arn: perhaps,
    resourceId: perhaps,
    configurationItemCaptureTime: v.fallback(v.optional(time), undefined),
  }),
  {},
);

/** What an item that cannot be read may be an item of: by ARN, by the end of it, by id. */
export function seemingNames({
  ARN,
  arn = ARN,
  resourceId,
}: v.InferOutput<typeof label>): readonly string[] {
  const tail = parseArn(arn ?? '')
    ?.resource.split('/')
    .at(-1);
  return [...new Set([arn, resourceId, tail])].filter((name) => name !== undefined);
}

export const isDeleted = ({ status }: ConfigItem): boolean => status.startsWith('ResourceDeleted');

/** An item that records a state of the resource. */
export const isRecorded = ({ status }: ConfigItem): boolean =>
  status === 'OK' || status === 'ResourceDiscovered';

/** The ARN of a key or alias. */
export function arnOf({ arn, type, id, accountId, region }: ConfigItem): string {
  if (arn !== undefined || id.startsWith('arn:')) return arn ?? id;
  const resource = type === resourceTypes.key ? `key/${id}` : id;
  return `arn:${partitionOf(region)}:kms:${region}:${accountId}:${resource}`;
}

/** What a schema found wrong, on one line. */
export const issuesOf = (
  issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]],
): string =>
  issues.map((issue) => [v.getDotPath(issue), issue.message].filter(Boolean).join(': ')).join('; ');
