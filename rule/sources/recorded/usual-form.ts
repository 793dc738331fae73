import { parseArn } from '../../model/arn.ts';
import { isObject } from '../../policy/json.ts';
import { isName } from './fields.ts';

/**
 * The usual form of an item and of a flow log's configuration. Nearly all have this form, and the schemas, which would take
 * each field as the field is, times apart, need ten times as long to tell.
 */
export interface UsualItem {
  readonly resourceType: string;
  readonly resourceId: string;
  readonly ARN?: string;
  readonly arn?: string;
  readonly awsAccountId?: string;
  readonly accountId?: string;
  readonly awsRegion: string;
  readonly configurationItemCaptureTime: string;
  readonly configurationItemStatus: 'OK';
  readonly configurationStateId?: number;
  readonly configuration?: unknown;
  readonly tags?: Readonly<Record<string, string>>;
  readonly supplementaryConfiguration?: Readonly<Record<string, unknown>>;
}

export interface UsualConfiguration {
  readonly flowLogId?: string;
  readonly resourceId?: string;
  readonly logDestination?: string;
  readonly logDestinationType?: string;
  readonly logGroupName?: string;
  readonly deliverLogsStatus?: string;
  readonly deliverLogsErrorMessage?: string;
  readonly creationTime: string | number;
  readonly destinationOptions?: { readonly hiveCompatiblePartitions?: boolean };
}

export const isUsualItem = (raw: unknown): raw is UsualItem =>
  isObject(raw) && hasFields(raw, itemFields) && isOfOnePlace(raw);

export const isUsualConfiguration = (raw: unknown): raw is UsualConfiguration =>
  isObject(raw) && hasFields(raw, configurationFields);

/** VPC flow logs exist since 2015: an earlier time is in seconds, say, and cannot be trusted. */
export const FIRST_FLOW_LOG = Date.UTC(2015, 0);

/** The time of a number, or of a text by ISO 8601, in milliseconds since 1970. */
export const millisecondsOf = (time: string | number): number =>
  typeof time === 'string' ? Date.parse(time) : time;

type Is = (value: unknown) => boolean;

const optional =
  (is: Is): Is =>
  (value) =>
    value === undefined || is(value);

const isOptionalName = optional(isName);

/** The schema drops names that every object has, such as `constructor`. */
function hasMembers(value: unknown, is: Is): boolean {
  if (!isObject(value)) return false;
  for (const name in value) if (!is(value[name]) || name in Object.prototype) return false;
  return true;
}

type Fields = readonly (readonly [name: string, is: Is])[];

function hasFields(raw: Readonly<Record<string, unknown>>, fields: Fields): boolean {
  for (const [name, is] of fields) if (!is(raw[name])) return false;
  return true;
}

const itemFields = Object.entries({
  resourceType: (value) => typeof value === 'string',
  resourceId: isName,
  ARN: isOptionalName,
  arn: isOptionalName,
  awsAccountId: isOptionalName,
  accountId: isOptionalName,
  awsRegion: (value) => isName(value) && value.length <= 100,
  configurationItemCaptureTime: (value) => typeof value === 'string' && Date.parse(value) > 0,
  configurationItemStatus: (value) => value === 'OK',
  configurationStateId: optional(Number.isFinite),
  configuration: () => true,
  tags: optional((value) => hasMembers(value, (each) => typeof each === 'string')),
  supplementaryConfiguration: optional((value) => hasMembers(value, () => true)),
} satisfies Record<keyof UsualItem, Is>);

const configurationFields = Object.entries({
  flowLogId: isOptionalName,
  resourceId: isOptionalName,
  logDestination: isOptionalName,
  logDestinationType: isOptionalName,
  logGroupName: isOptionalName,
  deliverLogsStatus: isOptionalName,
  deliverLogsErrorMessage: isOptionalName,
  creationTime: (value) =>
    (typeof value === 'string' || Number.isFinite(value)) &&
    millisecondsOf(value as string | number) > FIRST_FLOW_LOG,
  destinationOptions: optional(
    (value) => isObject(value) && typeof (value.hiveCompatiblePartitions ?? false) === 'boolean',
  ),
} satisfies Record<keyof UsualConfiguration, Is>);

/** Whether account and Region stand once, and an ARN has the same or none: the ARN of a bucket names neither. */
function isOfOnePlace(raw: Readonly<Record<string, unknown>>): boolean {
  const { ARN, arn = ARN, awsAccountId, accountId = awsAccountId, awsRegion } = raw;
  const isOne = (ARN ?? arn) === arn && (awsAccountId ?? accountId) === accountId;
  if (!isOne || typeof accountId !== 'string' || !/^\d{12}$/.test(accountId)) return false;
  const named = parseArn(String(arn));
  return (
    named !== undefined &&
    ['', accountId].includes(named.accountId) &&
    ['', awsRegion].includes(named.region)
  );
}
