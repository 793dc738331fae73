import { isUnknown } from '../../model/facts.ts';
import { unknownAnswer } from '../gap-in-words.ts';
import type { Check } from '../../model/verdict.ts';

/** AWS cannot write into a missing bucket, and needs no key policy for a bucket without a KMS key. */
export const bucket: Check<'bucket'> = {
  code: 'bucket',
  title: 'The bucket does not exist, or its encryption cannot be read',
  look({ flowLog, bucket }) {
    if (bucket.kind === 'not-asked')
      return flowLog.destination.kind === 's3'
        ? {
            outcome: 'unknown',
            what: 'bucket of the flow log was not looked up',
            next: lookAtEncryption,
          }
        : undefined;
    if (bucket.kind === 'missing')
      return {
        outcome: 'blocked',
        what: bucket.why,
        next: 'create the bucket or delete the flow log',
      };
    if (isUnknown(bucket)) return unknownAnswer(bucket, lookAtEncryption);
    const { name, encryption } = bucket;
    if (isUnknown(encryption)) return unknownAnswer(encryption, lookAtEncryption);
    const { algorithm } = encryption;
    if (algorithm === 'AES256')
      return {
        outcome: 'deliverable',
        what: `bucket ${name} is encrypted with SSE-S3: no KMS key is involved`,
        next: null,
      };
    if (algorithm === 'aws:kms' || algorithm === 'aws:kms:dsse') return undefined;
    return {
      outcome: 'unknown',
      what: `bucket ${name} is encrypted with ${algorithm}, which this rule does not know`,
      next: 'look whether log files arrive, or encrypt it with SSE-KMS or SSE-S3',
    };
  },
};

const lookAtEncryption = 'look at the default encryption of the bucket in S3';
