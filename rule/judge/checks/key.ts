import type { Check } from '../check.ts';
import { isMissing, isUnknown, learned } from '../../model/facts.ts';
import { keyArnOf } from '../../model/key-reference.ts';

/** A key that is not there encrypts nothing; one that could not be read may. */
export const key: Check = {
  code: 'key',
  title: 'The KMS key does not exist, or cannot be read',
  look({ bucket, key: it }) {
    if (it === undefined) {
      const itsBucket = learned(bucket);
      const needed = itsBucket !== undefined && keyArnOf(itsBucket, 'aws') !== undefined;
      return needed
        ? { outcome: 'unknown', message: 'key of the bucket was not looked up' }
        : undefined;
    }
    if (isMissing(it))
      return {
        outcome: 'blocked',
        message: `${it.missing}: set an existing key in the bucket's default encryption`,
      };
    return isUnknown(it) ? { outcome: 'unknown', message: it.unknown } : undefined;
  },
};
