import { isSameKey } from '../model/arn.ts';
import { learned, type Facts } from '../model/facts.ts';
import { failed, type Failed } from './ending.ts';

/**
 * The refusal to write the policy of the key that the logs and the records of the mender need. The role of the mender is
 * denied the put too, but nobody should be asked to approve a change that AWS refuses.
 */
export function sparedKeyRefusal(
  { key }: Facts,
  sparedKeyArn: string | undefined,
): Failed<'no'> | undefined {
  const arn = learned(key)?.arn;
  return arn !== undefined && sparedKeyArn !== undefined && isSameKey(arn, sparedKeyArn)
    ? failed(
        `key ${arn} encrypts the logs and queues of the rule (encryptionKeyArn), and the mender never writes the policy of this key: put the statement by hand`,
      )
    : undefined;
}
