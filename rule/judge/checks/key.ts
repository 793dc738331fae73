import { isUnknown, learned } from '../../model/facts.ts';
import { keyArnOf } from '../../model/key-reference.ts';
import type { Check } from '../../model/verdict.ts';

/** A key that is not there encrypts nothing; one that could not be read may. */
export const key: Check<'key'> = {
  code: 'key',
  title: 'The KMS key does not exist, or cannot be read',
  look({ flowLog, bucket, key: it }) {
    if (it.kind === 'not-asked') {
      const itsBucket = learned(bucket);
      const needed =
        itsBucket !== undefined && keyArnOf(itsBucket, flowLog.partition) !== undefined;
      return needed
        ? { outcome: 'unknown', message: 'key of the bucket was not looked up' }
        : undefined;
    }
    if (it.kind === 'missing')
      return {
        outcome: 'blocked',
        message: `${it.why}: set an existing key in the bucket's default encryption`,
      };
    return isUnknown(it) ? { outcome: 'unknown', message: it.why } : undefined;
  },
};
