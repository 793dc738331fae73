import { isUnknown, learned } from '../../model/facts.ts';
import { keyReferenceOf, regionOf } from '../../model/key-reference.ts';
import { unknownAnswer } from '../gap-in-words.ts';
import type { Check } from '../../model/verdict.ts';

/** S3 encrypts only with keys of the bucket's Region. The bucket names the Region even of an unreadable key. */
export const keyRegion: Check<'key-region'> = {
  code: 'key-region',
  title: "The key is not in the bucket's Region",
  look({ bucket, key }) {
    const knownBucket = learned(bucket);
    const reference = keyReferenceOf(knownBucket);
    const regionOfKey = learned(key)?.region ?? (reference && regionOf(reference));
    if (knownBucket === undefined || regionOfKey === undefined) return undefined;
    const { name, region } = knownBucket;
    if (isUnknown(region)) return unknownAnswer(region, 'look at the Region of the bucket in S3');
    if (region === regionOfKey) return undefined;
    return {
      outcome: 'blocked',
      what: `key of bucket ${name} is in ${regionOfKey}, the bucket in ${region}: S3 needs a key of the bucket's Region`,
      next: `encrypt it with a key of ${region}, by key ARN`,
    };
  },
};
