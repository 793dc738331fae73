import { isUnknown, learned } from '../../model/facts.ts';
import { usageOf } from '../../model/kms.ts';
import type { Check } from '../../model/verdict.ts';

/** S3 encrypts only with symmetric encryption keys. */
export const keyUsage: Check<'key-usage'> = {
  code: 'key-usage',
  title: 'The key is not a symmetric encryption key',
  look({ key }) {
    const knownKey = learned(key);
    if (knownKey === undefined || isUnknown(knownKey.description)) return undefined;
    const { spec } = knownKey.description;
    const usage = usageOf(knownKey.description);
    const wrong =
      (usage !== undefined && usage !== 'ENCRYPT_DECRYPT') ||
      (spec !== undefined && spec !== 'SYMMETRIC_DEFAULT');
    if (wrong)
      return {
        outcome: 'blocked',
        what: `key ${knownKey.arn} has spec ${spec ?? 'not known'} and usage ${usage ?? 'not known'}: S3 needs SYMMETRIC_DEFAULT and ENCRYPT_DECRYPT`,
        next: 'use another key',
      };
    if (spec !== undefined) return undefined;
    return {
      outcome: 'unknown',
      what: `spec of key ${knownKey.arn} is not known`,
      next: 'look at the key in AWS KMS',
    };
  },
};
