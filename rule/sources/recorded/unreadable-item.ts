import * as v from 'valibot';
import { errorText } from '../../basics/text.ts';
import { parseArn } from '../../model/arn.ts';
import { timeField } from './fields.ts';

/** An unreadable item of AWS Config. */
export interface UnreadableItem {
  readonly kind: 'unreadable';
  readonly why: string;
  /** The resource type; undefined where not even the type can be read: the item may be of any type. */
  readonly type: string | undefined;
  /** The possible names of the resource: the ARN, the id, the end of the ARN. */
  readonly names: readonly string[];
  /** Milliseconds since 1970; Infinity without a capture time, because the item may be the newest of all. */
  readonly capturedAt: number;
}

const readableText = v.fallback(v.optional(v.string()), undefined);

/** The fields of an item about the identity of the resource. Reads any value: a bad field counts as absent. */
const labelSchema = v.fallback(
  v.object({
    resourceType: readableText,
    ARN: readableText,
    arn: readableText,
    resourceId: readableText,
    configurationItemCaptureTime: v.fallback(v.optional(timeField), undefined),
  }),
  {},
);

/** The type of an item, whether or not the rest of the item can be read. */
export function typeOf(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null || !('resourceType' in raw)) return undefined;
  return typeof raw.resourceType === 'string' ? raw.resourceType : undefined;
}

/** Describes an item after an error in reading the item. */
export function unreadableItem(raw: unknown, error: unknown): UnreadableItem {
  const { resourceType, ARN, arn = ARN, ...label } = v.parse(labelSchema, raw);
  const arnEnd = parseArn(arn ?? '')
    ?.resource.split('/')
    .at(-1);
  const names = [arn, label.resourceId, arnEnd].filter((name) => name !== undefined);
  return {
    kind: 'unreadable',
    why: `item cannot be read: ${errorText(error)}`,
    type: resourceType,
    names: [...new Set(names)],
    capturedAt: label.configurationItemCaptureTime ?? Infinity,
  };
}
