import type { Check } from '../model/check.ts';
import { isUnknown, learned } from '../model/facts.ts';

/** S3 encrypts only with keys of the bucket's own Region. */
export const keyRegion: Check = {
  code: 'key-region',
  title: "The key is not in the bucket's Region",
  look({ bucket, key }) {
    const it = learned(bucket);
    const itsKey = learned(key);
    if (it === undefined || itsKey === undefined) return undefined;
    if (isUnknown(it.region)) return { outcome: 'unknown', message: it.region.unknown };
    if (it.region === itsKey.region) return undefined;
    return {
      outcome: 'blocked',
      message: `key ${itsKey.arn} is in ${itsKey.region}, bucket ${it.name} in ${it.region}: S3 needs a key of the bucket's Region`,
    };
  },
};
