import * as v from 'valibot';
import { partitionOf } from '../model/arn.ts';

/** A resource as AWS Config recorded it, from either of Config's two encodings. */
export interface ConfigItem {
  readonly type: string;
  readonly id: string;
  readonly arn: string | undefined;
  readonly accountId: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly capturedAt: number;
  readonly status: string;
  readonly configuration: unknown;
  readonly supplementary: Readonly<Record<string, unknown>>;
}

/** The types that the verdict needs. */
export const itemTypes: readonly string[] = [
  'AWS::EC2::FlowLog',
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::KMS::Alias',
];

/** Config writes null, an empty place or nothing at all for what is not there. */
export const optional = <T extends v.GenericSchema>(wanted: T) =>
  v.pipe(
    v.nullish(wanted),
    v.transform((value) => value ?? undefined),
  );
export const text = optional(v.string());
const accountId = optional(v.pipe(v.string(), v.regex(/^\d{12}$/)));

const schema = v.pipe(
  v.object({
    resourceType: v.string(),
    resourceId: v.pipe(v.string(), v.minLength(1)),
    ARN: text,
    arn: text,
    awsAccountId: accountId,
    accountId,
    awsRegion: v.pipe(v.string(), v.minLength(1)),
    configurationItemCaptureTime: optional(v.union([v.string(), v.number()])),
    configurationItemStatus: v.nullish(v.string(), 'OK'),
    configuration: v.optional(v.unknown()),
    supplementaryConfiguration: optional(v.record(v.string(), v.unknown())),
  }),
  v.check((item) => (item.awsAccountId ?? item.accountId) !== undefined, 'no account id'),
);

/**
 * Reads a configuration item as events and snapshots have it, or as GetResourceConfigHistory and
 * BatchGetResourceConfig do, where `configuration` is JSON in a string.
 * https://docs.aws.amazon.com/config/latest/developerguide/config-item-table.html
 * Throws an Error that says what is wrong.
 */
export function readItem(raw: unknown): ConfigItem {
  const result = v.safeParse(schema, raw);
  if (!result.success) throw new Error(v.summarize(result.issues).replace(/\s*\n\s*/g, ' '));
  const item = result.output;
  return {
    type: item.resourceType,
    id: item.resourceId,
    arn: item.ARN ?? item.arn,
    accountId: item.awsAccountId ?? item.accountId ?? '',
    region: item.awsRegion,
    capturedAt: instant(item.configurationItemCaptureTime),
    status: item.configurationItemStatus,
    configuration: item.configuration,
    supplementary: item.supplementaryConfiguration ?? {},
  };
}

/** An ISO 8601 time, or seconds since 1970; what has no time is older than all that has. */
function instant(time: string | number | undefined): number {
  if (typeof time === 'number') return time * 1000;
  const milliseconds = Date.parse(time ?? '');
  return Number.isNaN(milliseconds) ? 0 : milliseconds;
}

export const isDeleted = ({ status }: ConfigItem): boolean => status.startsWith('ResourceDeleted');

/** An item that records a state of the resource. */
export const isRecorded = ({ status }: ConfigItem): boolean =>
  status === 'OK' || status === 'ResourceDiscovered';

/** The ARN of a key or alias. */
export const arnOf = ({ arn, type, id, accountId, region }: ConfigItem): string =>
  arn ??
  `arn:${partitionOf(region)}:kms:${region}:${accountId}:${type === 'AWS::KMS::Key' ? 'key/' : ''}${id}`;
