import { isUnknown } from '../../model/facts.ts';
import type { Check } from '../../model/verdict.ts';

/** Without its bucket a flow log goes nowhere; without a KMS key there is nothing to refuse it. */
export const bucket: Check<'bucket'> = {
  code: 'bucket',
  title: 'The bucket does not exist, or its encryption cannot be read',
  look({ flowLog, bucket: it }) {
    if (it.kind === 'not-asked')
      return flowLog.destination.kind === 's3'
        ? { outcome: 'unknown', message: 'bucket of the flow log was not looked up' }
        : undefined;
    if (it.kind === 'missing')
      return {
        outcome: 'blocked',
        message: `${it.why}: create the bucket or delete the flow log`,
      };
    if (isUnknown(it)) return { outcome: 'unknown', message: it.why };
    if (isUnknown(it.encryption)) return { outcome: 'unknown', message: it.encryption.why };
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
