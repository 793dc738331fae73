import { isUnknown, type Bucket, type FlowLog, type Key } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { Context } from '../policy/context.ts';
import {
  absent,
  atLeast,
  oneLike,
  manyLike,
  maybe,
  maybeOutside,
  present,
  unknownValue,
  type Known,
} from '../policy/known.ts';
import type { Request } from '../policy/request.ts';
import { boundedCache } from '../basics/memory.ts';

/** The principal that delivers flow logs to S3, in every partition where that was verified. */
export const deliveryService = 'delivery.logs.amazonaws.com';

const verified = ['aws', 'aws-us-gov', 'aws-cn'];

/** Why nothing can be said of delivery in the flow log's partition; undefined where it can. */
export const unverified = ({ partition }: FlowLog): string | undefined =>
  verified.includes(partition)
    ? undefined
    : `service that delivers flow logs in partition ${partition} is not verified: compare the policy with AWS's documentation of that partition`;

/** What a source ARN of the flow log's delivery looks like; the text after the last colon is not documented. */
export const sourceArn = ({
  partition,
  region,
  accountId,
}: Pick<FlowLog, 'partition' | 'region' | 'accountId'>): string =>
  `arn:${partition}:logs:${region}:${accountId}:*`;

/** What a key request is about. */
interface KeyFacts {
  readonly flowLog: FlowLog;
  readonly bucket: Bucket;
  readonly key: Key;
}

/**
 * The KMS request that S3 makes for the delivery service, as far as AWS documents it. Equal requests share one
 * context, so that a policy need not be asked again.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html
 */
export function keyRequest(action: string, facts: KeyFacts, question: Question): Request {
  const { flowLog, bucket, key } = facts;
  const { accountId, region, partition } = flowLog;
  const encrypts = cryptographic.test(action)
    ? encryptionContext(flowLog, bucket)
    : noEncryptionContext;
  const whose = [accountId, region, partition, key.arn, key.accountId, key.region];
  const name = JSON.stringify([...whose, key.description, encrypts]);
  const known = contexts.get(question) ?? boundedCache<Context>(CONTEXTS);
  contexts.set(question, known);
  const context = known(name, () => keyContext(facts, question, encrypts));
  return { service: deliveryService, action, resource: present(key.arn), context };
}

/** By the question, then by all else that a context is made of. */
const contexts = new WeakMap<Question, (name: string, make: () => Context) => Context>();

/** How many are kept, each with the decisions on it: an organization may have millions. */
const CONTEXTS = 1000;

function keyContext({ flowLog, key }: KeyFacts, question: Question, encrypts: Context): Context {
  const { description } = key;
  const described = isUnknown(description) ? undefined : description;
  return {
    ...callOf(flowLog, question),
    ...encrypts,
    'kms:EncryptionContext:*': absent,
    'aws:RequestedRegion': present(key.region),
    'aws:ResourceAccount': present(key.accountId),
    'kms:ViaService': viaService(flowLog, key),
    'kms:KeySpec': told(described?.spec),
    'kms:KeyUsage': told(described?.usage),
    'kms:KeyOrigin': told(described?.origin),
    'kms:MultiRegion': told(described?.multiRegion),
    'kms:Grant*': absent,
    'kms:RetiringPrincipal': absent,
    'kms:RecipientAttestation:*': absent,
    'kms:BypassPolicyLockoutSafetyCheck': absent,
    'kms:ReEncryptOnSameKey': absent,
  };
}

/**
 * The S3 request that the delivery service makes, as far as AWS documents it.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
 */
export function bucketRequest(
  action: 's3:PutObject' | 's3:GetBucketAcl',
  { flowLog, bucket }: { flowLog: FlowLog; bucket: Bucket },
  question: Question,
): Request {
  const put = action === 's3:PutObject';
  return {
    service: deliveryService,
    action,
    resource: put ? oneLike(...objectArns(flowLog, bucket)) : present(bucketArn(flowLog, bucket)),
    context: {
      ...callOf(flowLog, question),
      's3:x-amz-acl': put ? present('bucket-owner-full-control') : absent,
      'aws:RequestedRegion': told(isUnknown(bucket.region) ? undefined : bucket.region),
      'aws:ResourceAccount': told(bucket.accountId),
    },
  };
}

const told = (value: string | boolean | undefined): Known =>
  value === undefined ? unknownValue : present(value);

/** What is known of any call of the delivery service for this flow log. */
function callOf(flowLog: FlowLog, { organizationId, now }: Question): Context {
  return {
    'aws:SourceAccount': present(flowLog.accountId),
    'aws:SourceArn': oneLike(sourceArn(flowLog)),
    ...(organizationId === undefined
      ? {}
      : {
          'aws:SourceOrgID': present(organizationId),
          'aws:SourceOrgPaths': manyLike(`${organizationId}/*`),
        }),
    'aws:PrincipalIsAWSService': present(true),
    'aws:PrincipalServiceName': present(deliveryService),
    'aws:PrincipalServiceNamesList': atLeast(deliveryService),
    'aws:PrincipalArn': maybeOutside('arn:*:iam::*', 'arn:*:sts::*'),
    'aws:SecureTransport': present(true),
    'aws:CurrentTime': present(now.toISOString()),
    'aws:EpochTime': present(Math.floor(now.getTime() / 1000)),
    ...neverSent,
  };
}

/** Condition keys of people and roles, which a service principal does not send. */
const neverSent: Context = Object.fromEntries(
  [
    'aws:PrincipalOrgID',
    'aws:PrincipalOrgPaths',
    'aws:PrincipalTag/*',
    'aws:username',
    'aws:userid',
    'aws:TokenIssueTime',
    'aws:MultiFactorAuth*',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:VpcSourceIp',
    'aws:CalledVia*',
    'aws:FederatedProvider',
  ].map((key) => [key, absent]),
);

/** The KMS actions that carry an encryption context. */
const cryptographic = /^kms:(Encrypt|Decrypt|ReEncrypt|GenerateDataKey)/i;

const noEncryptionContext: Context = { 'kms:EncryptionContextKeys': absent };

/** With a Bucket Key S3 sends the bucket's ARN, without one the object's; for `aws:kms:dsse` AWS does not say. */
function encryptionContext(flowLog: FlowLog, bucket: Bucket): Context {
  const { encryption } = bucket;
  const sure = !isUnknown(encryption) && encryption.algorithm === 'aws:kms';
  const bucketKey = sure ? encryption.bucketKey : undefined;
  const ofBucket = bucketKey === false ? [] : [bucketArn(flowLog, bucket)];
  const ofObject = bucketKey === true ? [] : objectArns(flowLog, bucket);
  return {
    'kms:EncryptionContext:aws:s3:arn': oneLike(...ofBucket, ...ofObject),
    'kms:EncryptionContextKeys': present(['aws:s3:arn']),
  };
}

const bucketArn = ({ partition }: FlowLog, { name }: Bucket): string =>
  `arn:${partition}:s3:::${name}`;

/** https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html */
function objectArns(flowLog: FlowLog, bucket: Bucket): readonly string[] {
  const { accountId, region, destination, hivePrefixes } = flowLog;
  const folder = destination.kind === 's3' ? destination.folder : '';
  const root = `${bucketArn(flowLog, bucket)}/${folder === '' ? '' : `${folder}/`}AWSLogs`;
  const plain = `${root}/${accountId}/vpcflowlogs/${region}/*`;
  const hive = `${root}/aws-account-id=${accountId}/*`;
  if (hivePrefixes === undefined) return [plain, hive];
  return [hivePrefixes ? hive : plain];
}

/** Whether S3 names itself is not documented; if it does, so. China's name for it is not documented either. */
function viaService({ partition }: FlowLog, { region }: Key): Known {
  return partition === 'aws-cn' ? unknownValue : maybe(`s3.${region}.amazonaws.com`);
}

/** What a person can do about condition keys that are not known. */
export function settles(keys: readonly string[], { organizationId }: Question): string {
  if (keys.length === 0) return '';
  const organization = keys.some((key) => /^aws:SourceOrg(ID|Paths)$/i.test(key));
  const hint = organization && organizationId === undefined ? ' (give the organization id)' : '';
  return `; to be settled by ${keys.join(', ')}${hint}`;
}
