import { isSameKey, parseArn, partitionOf } from '../../rule/model/arn.ts';
import type { OrganizationOptions } from './organization.ts';
import { KEY_ARN, refuse } from './readers.ts';
import type { RemediationOptions } from './remediation.ts';
import type { RuleOptions } from './rule.ts';

interface Places {
  readonly organization: OrganizationOptions | undefined;
  readonly remediation: RemediationOptions | undefined;
  /** The Region of a deployment without an organization, if known. */
  readonly region?: string | undefined;
}

/** Throws an Error for a resource that the Regions of the deployment do not have, or cannot reach. */
export function checkPlaces(
  rule: RuleOptions,
  { organization, remediation, region }: Places,
): void {
  const { alarmTopicArn, encryptionKeyArn, subnetIds, securityGroupIds } = rule;
  const regions = organization?.regions ?? (region === undefined ? [] : [region]);
  checkPartitions(arnsIn(rule, remediation), regions);
  checkTopic(alarmTopicArn, regions);
  // A value of CloudFormation is known too late for a check.
  if (encryptionKeyArn !== undefined && KEY_ARN.test(encryptionKeyArn))
    checkKey(encryptionKeyArn, { regions, remediation });
  checkIds('subnetIds', subnetIds, regions);
  checkIds('securityGroupIds', securityGroupIds, regions);
}

/** The ARNs of the options. */
const arnsIn = (
  { alarmTopicArn, encryptionKeyArn, permissionsBoundaryArn }: RuleOptions,
  remediation: RemediationOptions | undefined,
): Readonly<Record<string, readonly (string | undefined)[]>> => ({
  alarmTopicArn: [alarmTopicArn],
  encryptionKeyArn: [encryptionKeyArn],
  permissionsBoundaryArn: [permissionsBoundaryArn],
  remediationKeys: remediation?.keys.kind === 'arns' ? remediation.keys.arns : [],
  remediationApprovers: remediation?.approvers ?? [],
  remediationApprovalTopicArn: [remediation?.approvalTopicArn],
});

/** The Regions of a deployment are in one partition, and nothing there reaches another. */
function checkPartitions(arns: ReturnType<typeof arnsIn>, [region = '']: readonly string[]): void {
  const partition = partitionOf(region);
  if (partition === 'unknown') return;
  for (const [name, each] of Object.entries(arns))
    for (const arn of each) {
      // A value of CloudFormation is known too late for a check.
      const found = parseArn(arn ?? '')?.partition;
      if (found?.startsWith('aws') === true && found !== partition)
        refuse(
          name,
          arn,
          `${region} is in partition ${partition}: give an ARN with arn:${partition}:`,
        );
    }
}

/** Each Region of an organization has a topic of the same name. */
function checkTopic(arn: string | undefined, regions: readonly string[]): void {
  const { region = '' } = parseArn(arn ?? '') ?? {};
  if (/^[a-z0-9-]+$/.test(region) && regions.length > 0 && !regions.includes(region))
    refuse(
      'alarmTopicArn',
      arn,
      `alarms tell topics of their own Region only: name a topic of ${regions.join(' or ')}`,
    );
}

/** The most that Lambda takes for a function. https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html */
export const MAX_OF_A_FUNCTION = { subnetIds: 16, securityGroupIds: 5 };

/** Several Regions need ids of each, with the name of the Region; one Region takes ids alone. */
function checkIds(
  name: keyof typeof MAX_OF_A_FUNCTION,
  ids: readonly string[],
  regions: readonly string[],
): void {
  const [first] = ids;
  if (first === undefined) return;
  const several = regions.length > 1;
  const stranger = ids.find((each) =>
    several ? !regions.some((region) => each.startsWith(`${region}:`)) : each.includes(':'),
  );
  if (stranger !== undefined)
    refuse(
      name,
      stranger,
      several
        ? `put the Region in front, one of ${regions.join(', ')}, like ${regions[0] ?? ''}:${first.replace(/.*:/, '')}`
        : 'a deployment in one Region takes ids without the Region',
    );
  const max = MAX_OF_A_FUNCTION[name];
  const places = several ? regions.map((region) => `${region}:`) : [''];
  if (places.some((place) => ids.filter((each) => each.startsWith(place)).length > max))
    refuse(name, ids.join(), `a function takes ${max} at most`);
  const without = regions.find(
    (region) => several && !ids.some((each) => each.startsWith(`${region}:`)),
  );
  if (without !== undefined)
    refuse(
      name,
      ids.join(),
      `nothing is in ${without}, and the functions of each Region need a network`,
    );
}

/** A multi-Region key has the same id in each Region. */
export const isMultiRegion = (keyArn: string): boolean => keyArn.includes(':key/mrk-');

function checkKey(
  arn: string,
  {
    regions,
    remediation,
  }: { readonly regions: readonly string[]; remediation: RemediationOptions | undefined },
): void {
  const [, , , home] = arn.split(':');
  const other = regions.find((each) => each !== home);
  if (other !== undefined && !isMultiRegion(arn))
    refuse(
      'encryptionKeyArn',
      arn,
      `${other} needs a key of its own Region: name a key of ${other}, or a multi-Region key (key/mrk-...) with a replica in ${regions.join(', ')}`,
    );
  if (
    remediation?.keys.kind === 'arns' &&
    remediation.keys.arns.some((each) => isSameKey(each, arn))
  )
    refuse(
      'encryptionKeyArn',
      arn,
      'remediationKeys names the same key, and the mender must not write the policy of the key that its own records need',
    );
}
