import { isUnknown, type Bucket, type FlowLog } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import { absent, oneLike, present } from '../policy/known.ts';
import type { Request } from '../policy/request.ts';
import { callContext, deliveryService, presentOrUnknown } from './delivery.ts';
import { bucketArn, objectArns } from './object-arns.ts';

/** The actions in AWS's documentation of the bucket policy. */
export type BucketAction = 's3:PutObject' | 's3:GetBucketAcl';

/**
 * The delivery service's request to S3, as far as AWS documents the request.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
 */
export function bucketRequest(
  action: BucketAction,
  { flowLog, bucket }: { readonly flowLog: FlowLog; readonly bucket: Bucket },
  question: Question,
): Request {
  const put = action === 's3:PutObject';
  return {
    service: deliveryService,
    action,
    resource: put ? oneLike(...objectArns(flowLog, bucket)) : present(bucketArn(flowLog, bucket)),
    context: {
      ...callContext(flowLog, question),
      's3:x-amz-acl': put ? present('bucket-owner-full-control') : absent,
      'aws:RequestedRegion': presentOrUnknown(isUnknown(bucket.region) ? undefined : bucket.region),
      'aws:ResourceAccount': presentOrUnknown(bucket.accountId),
    },
  };
}
