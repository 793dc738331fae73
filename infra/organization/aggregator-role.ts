import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { names } from './names.ts';
import type { Options } from '../options/options.ts';
import { writtenRole } from '../rule/written-role.ts';

/**
 * Lets the aggregators learn which accounts there are.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSConfigRoleForOrganizations.html
 */
export function aggregatorRole(scope: Construct, { permissionsBoundaryArn }: Options): void {
  writtenRole(new Construct(scope, 'AggregatorRole'), {
    roleName: names.centralAggregator,
    description: 'Lists the accounts of the organization for AWS Config aggregators',
    assumedBy: new ServicePrincipal('config.amazonaws.com'),
    policy: 'List',
    permissions: [
      {
        sid: 'ListAccounts',
        actions: [
          'organizations:DescribeOrganization',
          'organizations:ListAccounts',
          'organizations:ListAWSServiceAccessForOrganization',
          'organizations:ListDelegatedAdministrators',
        ],
        resources: ['*'],
        why: 'These actions take no resource',
      },
    ],
    permissionsBoundaryArn,
  });
}
