import { isUnknown, learned } from '../../model/facts.ts';
import { keyReferenceOf, regionOf } from '../../model/key-reference.ts';
import type { Check } from '../../model/verdict.ts';

/** S3 encrypts only with keys of the bucket's own Region, and the bucket already says where its key is. */
export const keyRegion: Check<'key-region'> = {
  code: 'key-region',
  title: "The key is not in the bucket's Region",
  look({ bucket, key }) {
    const it = learned(bucket);
    const reference = keyReferenceOf(it);
    const region = learned(key)?.region ?? (reference && regionOf(reference));
    if (it === undefined || region === undefined) return undefined;
    if (isUnknown(it.region)) return { outcome: 'unknown', message: it.region.why };
    if (it.region === region) return undefined;
    return {
      outcome: 'blocked',
      message: `key of bucket ${it.name} is in ${region}, the bucket in ${it.region}: S3 needs a key of the bucket's Region`,
    };
  },
};
