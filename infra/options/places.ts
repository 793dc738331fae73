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

/** Throws an Error for a key or a subnet that does not exist in each Region of the deployment. */
export function checkPlaces(
  { encryptionKeyArn, subnetIds }: RuleOptions,
  { organization, remediation, region }: Places,
): void {
  const regions = organization?.regions ?? (region === undefined ? [] : [region]);
  // A value of CloudFormation is known too late for a check.
  if (encryptionKeyArn !== undefined && KEY_ARN.test(encryptionKeyArn))
    checkKey(encryptionKeyArn, { regions, remediation });
  if (subnetIds.length > 0 && regions.length > 1)
    refuse(
      'subnetIds',
      subnetIds.join(),
      `a subnet is in one Region, and regions names ${regions.length}: leave subnetIds and securityGroupIds out`,
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
  if (remediation?.keys.kind === 'arns' && remediation.keys.arns.some((each) => isSame(each, arn)))
    refuse(
      'encryptionKeyArn',
      arn,
      'remediationKeys names the same key, and the mender must not write the policy of the key that its own records need',
    );
}

/** True for one key, and for replicas of one multi-Region key. */
const isSame = (one: string, other: string): boolean =>
  one === other || (isMultiRegion(one) && one.split('/')[1] === other.split('/')[1]);
