import { isUnknown, type Bucket, type Facts, type FlowLog } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { Layer } from '../policy/context.ts';
import { absent, oneLike, present } from '../policy/known.ts';
import type { Request } from '../policy/request.ts';
import { callContext, presentOrUnknown } from './delivery.ts';
import { deliveryService } from '../model/delivery-service.ts';
import { bucketArn, objectArns } from './object-arns.ts';

/** The actions in AWS's documentation of the bucket policy. */
export type BucketAction = 's3:PutObject' | 's3:GetBucketAcl';

/** A flow log, with the bucket known. */
interface BucketDelivery {
  readonly flowLog: FlowLog;
  readonly organization?: Facts['organization'];
  readonly bucket: Bucket;
}

/**
 * The delivery service's request to S3, as far as AWS documents the request.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
 */
export function bucketRequest(
  action: BucketAction,
  delivery: BucketDelivery,
  question: Question,
): Request {
  const { flowLog, bucket } = delivery;
  const put = action === 's3:PutObject';
  const owner = presentOrUnknown(bucket.accountId);
  return {
    service: deliveryService,
    action,
    resource: put ? oneLike(...objectArns(flowLog, bucket)) : present(bucketArn(flowLog, bucket)),
    context: [
      ...callContext(delivery, question),
      {
        's3:x-amz-acl': put ? present('bucket-owner-full-control') : absent,
        'aws:RequestedRegion': presentOrUnknown(
          isUnknown(bucket.region) ? undefined : bucket.region,
        ),
        'aws:ResourceAccount': owner,
        's3:ResourceAccount': owner,
      },
      sameForAllBuckets,
    ],
  };
}

const sameForAllBuckets: Layer = {
  's3:x-amz-server-side-encryption-customer-algorithm': absent,
  's3:TlsVersion': oneLike('1.2', '1.3'),
  's3:DataAccessPointArn': absent,
  's3:DataAccessPointAccount': absent,
  's3:AccessPointNetworkOrigin': absent,
};
