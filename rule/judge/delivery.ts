import { boundedCache, cacheOf } from '../basics/memory.ts';
import { cut } from '../basics/text.ts';
import { deliveryService, sourceArn } from '../model/delivery-service.ts';
import {
  isUnknown,
  learned,
  unknown,
  type Facts,
  type FlowLog,
  type Unknown,
} from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { Layer } from '../policy/context.ts';
import {
  absent,
  atLeast,
  oneLike,
  manyLike,
  maybeOutside,
  present,
  unknownValue,
  type Known,
} from '../policy/known.ts';

const verifiedPartitions = ['aws', 'aws-us-gov', 'aws-cn'];

/** The reason for not judging delivery in an unverified partition; undefined for a verified partition. */
export const doubtAboutPartition = ({ partition }: FlowLog): Unknown | undefined =>
  verifiedPartitions.includes(partition)
    ? undefined
    : unknown(
        `service that delivers flow logs in partition ${partition} is not verified`,
        "compare the policy with AWS's documentation of that partition",
      );

/** A value where the source has learned the value, else unknown. */
export const presentOrUnknown = (value: string | boolean | undefined): Known =>
  value === undefined ? unknownValue : present(value);

/** A flow log, and the organization of the account. */
interface Delivery {
  readonly flowLog: FlowLog;
  readonly organization?: Facts['organization'];
}

/**
 * The condition keys of every call for a flow log's delivery, to KMS as to S3.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function callContext(delivery: Delivery, question: Question): readonly Layer[] {
  const { flowLog, organization } = delivery;
  const { partition, region, accountId } = flowLog;
  const { kind = 'not-asked' } = organization ?? {};
  const name = [partition, region, accountId, kind, learned(organization)?.id].join(' ');
  return [layersByOwner(question)(name, () => ownerKeys(delivery, question)), sameForAll];
}

type Owners = (name: string, make: () => Layer) => Layer;

const layersByOwner = cacheOf<Question, Owners>(() => boundedCache(MAX_OWNERS));

/** Bounds the memory: an organization may have thousands of accounts in thirty Regions. */
const MAX_OWNERS = 10_000;

/** The condition keys that follow from the owner of the flow log. */
const ownerKeys = (
  { flowLog, organization }: Delivery,
  { organizationId, now }: Question,
): Layer => ({
  'aws:SourceAccount': present(flowLog.accountId),
  'aws:SourceArn': oneLike(sourceArn(flowLog)),
  ...organizationKeys(organizationId ?? learned(organization)?.id, organization),
  'aws:CurrentTime': present(now.toISOString()),
  'aws:EpochTime': present(Math.floor(now.getTime() / 1000)),
});

/**
 * The condition keys of an organization with this id. AWS sends the keys for accounts of an organization only.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceorgid
 */
function organizationKeys(id: string | undefined, organization: Facts['organization']): Layer {
  if (id !== undefined)
    return { 'aws:SourceOrgID': present(id), 'aws:SourceOrgPaths': manyLike(`${id}/*`) };
  return organization?.kind === 'missing'
    ? { 'aws:SourceOrgID': absent, 'aws:SourceOrgPaths': absent }
    : {};
}

/** Whether the organization of the flow log's account settles the condition key. */
export const isOrganizationKey = (key: string): boolean => /^aws:SourceOrg(ID|Paths)$/i.test(key);

/** The condition keys of a service, and of people, roles and VPC endpoints: a service never sends the latter. */
const sameForAll: Layer = {
  'aws:PrincipalIsAWSService': present(true),
  'aws:PrincipalServiceName': present(deliveryService),
  'aws:PrincipalServiceNamesList': atLeast(deliveryService),
  'aws:PrincipalArn': maybeOutside('arn:*:iam::*', 'arn:*:sts::*'),
  'aws:SecureTransport': present(true),
  'aws:PrincipalOrgID': absent,
  'aws:PrincipalOrgPaths': absent,
  'aws:PrincipalTag/*': absent,
  'aws:username': absent,
  'aws:userid': absent,
  'aws:TokenIssueTime': absent,
  'aws:MultiFactorAuth*': absent,
  'aws:CalledVia*': absent,
  'aws:FederatedProvider': absent,
  'aws:SourceIdentity': absent,
  'aws:SourceVpc': absent,
  'aws:SourceVpcArn': absent,
  'aws:SourceVpce': absent,
  'aws:VpcSourceIp': absent,
  'aws:VpceAccount': absent,
  'aws:VpceOrgID': absent,
  'aws:VpceOrgPaths': absent,
  'aws:Ec2InstanceSourceVpc': absent,
  'aws:Ec2InstanceSourcePrivateIPv4': absent,
};

/** The end of a message about unsettled condition keys. */
export function settlingHint(keys: readonly string[]): string {
  if (keys.length === 0) return '';
  const header = keys.some((key) => ENCRYPTION_HEADER.test(key)) ? aboutEncryptionHeaders : '';
  return `; to be settled by ${cut(keys.join(', '), 200)}${header}`;
}

/** The step that settles a condition key; undefined where no answer of a person would. */
export function settlingStep(
  keys: readonly string[],
  { organizationId }: Question,
  organization: Facts['organization'],
): string | undefined {
  const isGiven = organizationId !== undefined || learned(organization) !== undefined;
  if (keys.some(isOrganizationKey) && !isGiven)
    return isUnknown(organization) ? organization.why : 'give the organization id';
  return keys.some((key) => ENCRYPTION_HEADER.test(key))
    ? `exempt ${deliveryService} from the statement`
    : undefined;
}

const ENCRYPTION_HEADER = /^s3:x-amz-server-side-encryption/i;

/** Two public reports: cloud-gov/terraform-provision 1131, aws-quickstart/quickstart-compliance-common 29. */
const aboutEncryptionHeaders =
  '; AWS does not document whether delivery sends this header, and two public reports say that a Deny on it stopped delivery';
