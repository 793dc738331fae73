import { isUnknown, learned } from '../../model/facts.ts';
import { keyArnOf } from '../../model/key-reference.ts';
import { unknownAnswer } from '../gap-in-words.ts';
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
        : { outcome: 'unknown', what: 'key of the bucket was not looked up', next: lookAtKey };
    }
    if (key.kind === 'missing')
      return {
        outcome: 'blocked',
        what: key.why,
        next: "set an existing key in the bucket's default encryption",
      };
    return isUnknown(key) ? unknownAnswer(key, lookAtKey) : undefined;
  },
};

const lookAtKey = 'look at the key in AWS KMS';
