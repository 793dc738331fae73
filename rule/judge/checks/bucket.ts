import type { Check } from '../check.ts';
import { isMissing, isUnknown } from '../../model/facts.ts';

/** Without its bucket a flow log goes nowhere; without a KMS key there is nothing to refuse it. */
export const bucket: Check = {
  code: 'bucket',
  title: 'The bucket does not exist, or its encryption cannot be read',
  look({ bucket: it }) {
    if (it === undefined) return undefined;
    if (isMissing(it))
      return {
        outcome: 'blocked',
        message: `${it.missing}: create the bucket or delete the flow log`,
      };
    if (isUnknown(it)) return { outcome: 'unknown', message: it.unknown };
    if (isUnknown(it.encryption)) return { outcome: 'unknown', message: it.encryption.unknown };
    const { algorithm } = it.encryption;
    if (algorithm === 'AES256')
      return {
        outcome: 'deliverable',
        message: `bucket ${it.name} is encrypted with SSE-S3: no KMS key is involved`,
      };
    if (algorithm === 'aws:kms' || algorithm === 'aws:kms:dsse') return undefined;
    return {
      outcome: 'unknown',
      message: `bucket ${it.name} is encrypted with ${algorithm}, which this rule does not know`,
    };
  },
};
