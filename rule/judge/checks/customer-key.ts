import { isUnknown, learned } from '../../model/facts.ts';
import type { Check } from '../../model/verdict.ts';

/** Asked for with AlsoCheck: a bucket must be encrypted with a customer managed key at all. */
export const customerKey: Check<'customer-key'> = {
  code: 'customer-key',
  title:
    'The bucket is not encrypted with a customer managed key (only with `AlsoCheck: customer-key`)',
  look({ bucket }, { alsoCheck }) {
    const it = learned(bucket);
    if (!alsoCheck.includes('customer-key') || it === undefined || isUnknown(it.encryption))
      return undefined;
    if (it.encryption.algorithm !== 'AES256') return undefined;
    return {
      outcome: 'blocked',
      message: `bucket ${it.name} is encrypted with SSE-S3: a customer managed KMS key was asked for (customer-key)`,
    };
  },
};
