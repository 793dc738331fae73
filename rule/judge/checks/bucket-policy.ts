import { bucketRequest, settles, unverified } from '../delivery.ts';
import { isUnknown, learned } from '../../model/facts.ts';
import { askPolicy } from '../../policy/ask-policy.ts';
import { compilePolicy } from '../../policy/policy.ts';
import type { Check } from '../../model/verdict.ts';

/** Asked for with AlsoCheck: AWS writes the bucket policy when a flow log is created, and people edit it later. */
export const bucketPolicy: Check<'bucket-policy'> = {
  code: 'bucket-policy',
  title:
    'The bucket policy does not let `delivery.logs.amazonaws.com` write (only with `AlsoCheck: bucket-policy`)',
  look({ flowLog, bucket }, question) {
    const it = learned(bucket);
    if (!question.alsoCheck.includes('bucket-policy') || it === undefined) return undefined;
    const { policy } = it;
    if (policy.kind === 'not-asked')
      return { outcome: 'unknown', message: `policy of bucket ${it.name} was not looked up` };
    if (isUnknown(policy)) return { outcome: 'unknown', message: policy.why };
    const elsewhere = unverified(flowLog);
    if (elsewhere !== undefined) return { outcome: 'unknown', message: elsewhere };
    const document = policy.kind === 'missing' ? { Statement: [] } : policy.document;
    const ask = (action: Parameters<typeof bucketRequest>[0]) =>
      askPolicy(
        compilePolicy(document),
        [bucketRequest(action, { flowLog, bucket: it }, question)],
        'delivery',
      );
    const put = ask('s3:PutObject');
    const end = `; bucket ${it.name}`;
    if (put.outcome === 'denied')
      return {
        outcome: 'blocked',
        message: `bucket policy refuses s3:PutObject: ${put.why}${end}`,
      };
    const doubt = put.outcome === 'unsure' ? put : ask('s3:GetBucketAcl');
    if (doubt.outcome === 'allowed') return undefined;
    return {
      outcome: 'unknown',
      message: `bucket policy may keep delivery out, ${doubt.actions.join()} is not surely allowed: ${doubt.why}${settles(doubt.unsettled, question)}${end}`,
    };
  },
};
