import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { parseJson } from '../basics/text.ts';

/** The notice of a put. The holder of a lease leaves the notice before the put. */
export interface PutNotice {
  /** The fingerprint of the new policy. */
  readonly fingerprint: string;
  /** In milliseconds since 1970. */
  readonly at: number;
}

const replacedPolicies = v.array(v.object({ fingerprint: v.string(), at: v.number() }));
const putters = v.record(v.string(), v.string());

/** The memory of a lease: the last put, and a little of the puts before. */
export interface RememberedPut extends PutNotice {
  /** The policies before the last puts, with the time of each put. KMS may still show these policies. */
  readonly replaced: readonly PutNotice[];
  /** The execution that put a name last, by admitted name: a source ARN, or an organization. */
  readonly putBy: Readonly<Record<string, string>>;
}

/** The memory in the item of a lease; undefined where no put is remembered. */
export function rememberedIn(
  item: Readonly<Record<string, AttributeValue>> | undefined,
): RememberedPut | undefined {
  const fingerprint = item?.lastPut?.S;
  if (fingerprint === undefined) return undefined;
  return {
    fingerprint,
    at: Number(item?.lastPutAt?.N),
    // Earlier versions remember neither.
    replaced: v.parse(replacedPolicies, textIn(item?.replacedPolicies, '[]')),
    putBy: v.parse(putters, textIn(item?.putBy, '{}')),
  };
}

const textIn = (value: AttributeValue | undefined, missing: string): unknown =>
  parseJson(value?.S ?? missing, 'the item of the lease');

/** The expression that remembers a put, and the values in the expression. */
export const rememberExpression =
  'SET lastPut = :put, lastPutAt = :at, replacedPolicies = :replaced, putBy = :by';

export const rememberedValues = (put: RememberedPut): Record<string, AttributeValue> => ({
  ':put': { S: put.fingerprint },
  ':at': { N: String(put.at) },
  ':replaced': { S: JSON.stringify(put.replaced) },
  ':by': { S: JSON.stringify(put.putBy) },
});
