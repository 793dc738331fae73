import { cacheOf } from '../basics/memory.ts';
import {
  isUnknown,
  type Bucket,
  type Encryption,
  type Facts,
  type FlowLog,
  type Key,
  type KeyDescription,
} from '../model/facts.ts';
import { usageOf } from '../model/kms.ts';
import type { Question } from '../model/question.ts';
import type { Layer } from '../policy/context.ts';
import {
  absent,
  oneLike,
  maybe,
  maybeOutside,
  present,
  unknownValue,
  type Known,
} from '../policy/known.ts';
import type { Request } from '../policy/request.ts';
import { callContext, presentOrUnknown } from './delivery.ts';
import { deliveryService } from '../model/delivery-service.ts';
import { bucketArn, objectArns } from './object-arns.ts';

/** A flow log, with bucket and key known. */
export interface KeyDelivery {
  readonly flowLog: FlowLog;
  readonly organization?: Facts['organization'];
  readonly bucket: Bucket;
  readonly key: Key;
}

/**
 * S3's requests to KMS for the delivery service, by action, as far as AWS documents the requests.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html
 */
export function keyRequests(
  delivery: KeyDelivery,
  question: Question,
): (action: string) => Request {
  const { flowLog, bucket, key } = delivery;
  const { resource, layer } = ofKey(key);
  // Most policies ask for keys of every call: these come first, and the layers after are never searched.
  const call = callContext(delivery, question);
  const cryptographic = [...call, encryptionContext(flowLog, bucket), layer, never];
  const other = [...call, noEncryptionContext, layer, never];
  return (action) => {
    const context = cryptographicAction.test(action) ? cryptographic : other;
    return { service: deliveryService, action, resource, context };
  };
}

/** The parts of a request that follow from the KMS key. */
const ofKey = cacheOf((key: Key): { readonly resource: Known; readonly layer: Layer } => ({
  resource: present(key.arn),
  layer: {
    'aws:RequestedRegion': present(key.region),
    'aws:ResourceAccount': present(key.accountId),
    'kms:ViaService': viaService(key),
    ...descriptionKeys(isUnknown(key.description) ? undefined : key.description),
  },
}));

/** The condition keys that S3 never sends for delivery. */
const never: Layer = {
  'kms:EncryptionContext:*': absent,
  'kms:DataKeyPairSpec': absent,
  'kms:MacAlgorithm': absent,
  'kms:Grant*': absent,
  'kms:Retiring*': absent,
  'kms:RecipientAttestation:*': absent,
  'kms:BypassPolicyLockoutSafetyCheck': absent,
  'kms:ReEncryptOnSameKey': absent,
};

/** The condition keys about the key itself, with the older names that AWS still sends. */
function descriptionKeys(description: KeyDescription | undefined): Layer {
  const spec = presentOrUnknown(description?.spec);
  const usage = presentOrUnknown(description && usageOf(description));
  return {
    'kms:KeySpec': spec,
    'kms:CustomerMasterKeySpec': spec,
    'kms:KeyUsage': usage,
    'kms:CustomerMasterKeyUsage': usage,
    'kms:KeyOrigin': presentOrUnknown(description?.origin),
    'kms:MultiRegion': presentOrUnknown(description?.multiRegion),
    'kms:MultiRegionKeyType': multiRegionKeyType(description),
  };
}

/** A key of a single Region is neither primary nor replica. AWS does not document whether the condition key is sent. */
const multiRegionKeyType = (description: KeyDescription | undefined): Known =>
  description?.multiRegion === false
    ? maybeOutside('PRIMARY', 'REPLICA')
    : presentOrUnknown(description?.multiRegionKeyType);

/** The KMS actions with an encryption context. */
const cryptographicAction = /^kms:(Encrypt|Decrypt|ReEncrypt|GenerateDataKey)/i;

const noEncryptionContext: Layer = {
  'kms:EncryptionContextKeys': absent,
  'kms:EncryptionAlgorithm': absent,
};

/**
 * S3 sends the bucket's ARN with a Bucket Key, and the object's ARN without a Bucket Key. Both count as possible
 * where the setting is unknown. `aws:kms:dsse` has no Bucket Keys.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingDSSEncryption.html
 */
function encryptionContext(flowLog: FlowLog, bucket: Bucket): Layer {
  const { encryption } = bucket;
  const bucketKey = isUnknown(encryption) ? undefined : usesBucketKey(encryption);
  const ofBucket = bucketKey === false ? [] : [bucketArn(flowLog, bucket)];
  const ofObjects = bucketKey === true ? [] : objectArns(flowLog, bucket);
  return {
    'kms:EncryptionContext:aws:s3:arn': oneLike(...ofBucket, ...ofObjects),
    'kms:EncryptionContextKeys': present(['aws:s3:arn']),
    'kms:EncryptionAlgorithm': present('SYMMETRIC_DEFAULT'),
  };
}

function usesBucketKey({ algorithm, bucketKey }: Encryption): boolean | undefined {
  if (algorithm === 'aws:kms') return bucketKey;
  return algorithm === 'aws:kms:dsse' ? false : undefined;
}

/** AWS does not document whether S3 sends this key, nor the name of S3 in China. */
const viaService = ({ region }: Key): Known =>
  region.startsWith('cn-') ? unknownValue : maybe(`s3.${region}.amazonaws.com`);
