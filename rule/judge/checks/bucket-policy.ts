import { isUnknown, learned } from '../../model/facts.ts';
import type { Check } from '../../model/verdict.ts';
import { askPolicy } from '../../policy/ask-policy.ts';
import { compilePolicy } from '../../policy/policy.ts';
import { bucketRequest, type BucketAction } from '../bucket-request.ts';
import { doubtAboutPartition, settlingHint } from '../delivery.ts';

/** Runs only with AlsoCheck. AWS writes the bucket policy for a new flow log, and people edit the policy later. */
export const bucketPolicy: Check<'bucket-policy'> = {
  code: 'bucket-policy',
  title:
    'The bucket policy does not let `delivery.logs.amazonaws.com` write (only with `AlsoCheck: bucket-policy`)',
  look({ flowLog, bucket }, question) {
    const knownBucket = learned(bucket);
    if (!question.alsoCheck.includes('bucket-policy') || knownBucket === undefined)
      return undefined;
    const { name, policy } = knownBucket;
    if (policy.kind === 'not-asked')
      return { outcome: 'unknown', message: `policy of bucket ${name} was not looked up` };
    if (isUnknown(policy)) return { outcome: 'unknown', message: policy.why };
    const doubt = doubtAboutPartition(flowLog);
    if (doubt !== undefined) return { outcome: 'unknown', message: doubt };
    const document = policy.kind === 'missing' ? { Statement: [] } : policy.document;
    const ask = (action: BucketAction) =>
      askPolicy(
        compilePolicy(document),
        [bucketRequest(action, { flowLog, bucket: knownBucket }, question)],
        'delivery',
      );
    const put = ask('s3:PutObject');
    if (put.outcome === 'denied')
      return {
        outcome: 'blocked',
        message: `bucket policy refuses s3:PutObject: ${put.why}; bucket ${name}`,
      };
    const unsure = put.outcome === 'unsure' ? put : ask('s3:GetBucketAcl');
    if (unsure.outcome === 'allowed') return undefined;
    return {
      outcome: 'unknown',
      message: `bucket policy may refuse delivery, ${unsure.actions.join()} is not surely allowed: ${unsure.why}${settlingHint(unsure.unsettled, question)}; bucket ${name}`,
    };
  },
};
