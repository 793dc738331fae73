import { isUnknown, learned } from '../../model/facts.ts';
import { keyArnOf } from '../../model/key-reference.ts';
import type { Check } from '../../model/verdict.ts';

/** S3 cannot encrypt with a missing key, but may be able to use a key hidden from this rule. */
export const key: Check<'key'> = {
  code: 'key',
  title: 'The KMS key does not exist, or cannot be read',
  look({ flowLog, bucket, key }) {
    if (key.kind === 'not-asked') {
      const knownBucket = learned(bucket);
      const arn = knownBucket && keyArnOf(knownBucket, flowLog.partition);
      return arn === undefined
        ? undefined
        : { outcome: 'unknown', message: 'key of the bucket was not looked up' };
    }
    if (key.kind === 'missing')
      return {
        outcome: 'blocked',
        message: `${key.why}: set an existing key in the bucket's default encryption`,
      };
    return isUnknown(key) ? { outcome: 'unknown', message: key.why } : undefined;
  },
};
