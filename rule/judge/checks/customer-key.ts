import { isUnknown, learned } from '../../model/facts.ts';
import type { Check } from '../../model/verdict.ts';

/** Runs only with AlsoCheck. Delivery works without a KMS key, but the rule's owner asks for a customer managed key. */
export const customerKey: Check<'customer-key'> = {
  code: 'customer-key',
  title:
    'The bucket is not encrypted with a customer managed key (only with `AlsoCheck: customer-key`)',
  look({ bucket }, { alsoCheck }) {
    const knownBucket = learned(bucket);
    if (!alsoCheck.includes('customer-key') || knownBucket === undefined) return undefined;
    const { name, encryption } = knownBucket;
    if (isUnknown(encryption) || encryption.algorithm !== 'AES256') return undefined;
    return {
      outcome: 'blocked',
      what: `bucket ${name} is encrypted with SSE-S3: a customer managed KMS key was asked for (customer-key)`,
      next: 'encrypt it with a customer managed key whose policy admits delivery, by key ARN',
    };
  },
};
