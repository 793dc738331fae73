import { boundedCache } from '../basics/memory.ts';
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
import type { Context } from '../policy/context.ts';
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
import { callContext, deliveryService, presentOrUnknown } from './delivery.ts';
import { bucketArn, objectArns } from './object-arns.ts';

/** A flow log, with bucket and key known. */
interface KeyDelivery {
  readonly flowLog: FlowLog;
  readonly organization?: Facts['organization'];
  readonly bucket: Bucket;
  readonly key: Key;
}

/**
 * S3's request to KMS for the delivery service, as far as AWS documents the request. Equal requests share a context
 * object, so the policy reader answers equal requests from memory.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html
 */
export function keyRequest(action: string, delivery: KeyDelivery, question: Question): Request {
  const { flowLog, organization, bucket, key } = delivery;
  const { accountId, region, partition } = flowLog;
  const encryption = cryptographicAction.test(action)
    ? encryptionContext(flowLog, bucket)
    : noEncryptionContext;
  const owners = [accountId, region, partition, key.arn, key.accountId, key.region];
  const name = JSON.stringify([...owners, key.description, encryption, organization]);
  const context = contextsOf(question)(name, () => keyContext(delivery, question, encryption));
  return { service: deliveryService, action, resource: present(key.arn), context };
}

/** Bounds the memory: each context keeps its decisions, and an organization may have millions of contexts. */
const MAX_CONTEXTS = 1000;

type Contexts = (name: string, make: () => Context) => Context;

const contextsByQuestion = new WeakMap<Question, Contexts>();

function contextsOf(question: Question): Contexts {
  const contexts = contextsByQuestion.get(question) ?? boundedCache<Context>(MAX_CONTEXTS);
  contextsByQuestion.set(question, contexts);
  return contexts;
}

function keyContext(delivery: KeyDelivery, question: Question, encryption: Context): Context {
  const { flowLog, key } = delivery;
  return {
    ...callContext(delivery, question),
    ...encryption,
    'kms:EncryptionContext:*': absent,
    'aws:RequestedRegion': present(key.region),
    'aws:ResourceAccount': present(key.accountId),
    'kms:ViaService': viaService(flowLog, key),
    ...descriptionKeys(isUnknown(key.description) ? undefined : key.description),
    'kms:DataKeyPairSpec': absent,
    'kms:MacAlgorithm': absent,
    'kms:Grant*': absent,
    'kms:Retiring*': absent,
    'kms:RecipientAttestation:*': absent,
    'kms:BypassPolicyLockoutSafetyCheck': absent,
    'kms:ReEncryptOnSameKey': absent,
  };
}

/** The condition keys about the key itself, with the older names that AWS still sends. */
function descriptionKeys(description: KeyDescription | undefined): Context {
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

const noEncryptionContext: Context = {
  'kms:EncryptionContextKeys': absent,
  'kms:EncryptionAlgorithm': absent,
};

/**
 * S3 sends the bucket's ARN with a Bucket Key, and the object's ARN without a Bucket Key. Both count as possible
 * where the setting is unknown. `aws:kms:dsse` has no Bucket Keys.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingDSSEncryption.html
 */
function encryptionContext(flowLog: FlowLog, bucket: Bucket): Context {
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
const viaService = ({ partition }: FlowLog, { region }: Key): Known =>
  partition === 'aws-cn' ? unknownValue : maybe(`s3.${region}.amazonaws.com`);
