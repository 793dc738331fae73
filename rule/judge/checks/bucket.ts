import { isUnknown } from '../../model/facts.ts';
import type { Check } from '../../model/verdict.ts';

/** AWS cannot write into a missing bucket, and needs no key policy for a bucket without a KMS key. */
export const bucket: Check<'bucket'> = {
  code: 'bucket',
  title: 'The bucket does not exist, or its encryption cannot be read',
  look({ flowLog, bucket }) {
    if (bucket.kind === 'not-asked')
      return flowLog.destination.kind === 's3'
        ? { outcome: 'unknown', message: 'bucket of the flow log was not looked up' }
        : undefined;
    if (bucket.kind === 'missing')
      return {
        outcome: 'blocked',
        message: `${bucket.why}: create the bucket or delete the flow log`,
      };
    if (isUnknown(bucket)) return { outcome: 'unknown', message: bucket.why };
    const { name, encryption } = bucket;
    if (isUnknown(encryption)) return { outcome: 'unknown', message: encryption.why };
    const { algorithm } = encryption;
    if (algorithm === 'AES256')
      return {
        outcome: 'deliverable',
        message: `bucket ${name} is encrypted with SSE-S3: no KMS key is involved`,
      };
    if (algorithm === 'aws:kms' || algorithm === 'aws:kms:dsse') return undefined;
    return {
      outcome: 'unknown',
      message: `bucket ${name} is encrypted with ${algorithm}, which this rule does not know`,
    };
  },
};
