import {
  DescribeOrganizationCommand,
  OrganizationsClient,
  type OrganizationsClientConfig,
} from '@aws-sdk/client-organizations';
import { missing, unknown, type Facts } from '../../model/facts.ts';
import { explained, isErrorNamed, isLasting, isRefusal } from './refusal.ts';

export const makeOrganizations = (config: OrganizationsClientConfig): OrganizationsClient =>
  new OrganizationsClient(config);

/**
 * Asks for the organization of the client's account; missing where the account is in no organization.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html
 */
export async function readOrganization(
  client: OrganizationsClient,
): Promise<NonNullable<Facts['organization']>> {
  try {
    const { Organization } = await client.send(new DescribeOrganizationCommand({}));
    if (Organization?.Id !== undefined) return { kind: 'organization', id: Organization.Id };
  } catch (error) {
    if (isErrorNamed(error, 'AWSOrganizationsNotInUseException')) return missing(error.name);
    if (!isLasting(error)) throw explained(error, 'AWS Organizations');
    // The step comes first: AWS Config cuts long messages.
    const step = isRefusal(error) ? ', or allow organizations:DescribeOrganization' : '';
    return unknown(`give the organization id${step}: AWS Organizations answers ${error.name}`);
  }
  throw new Error('AWS Organizations answered without the id of the organization: run again');
}
