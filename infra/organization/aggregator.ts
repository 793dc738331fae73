import type { Stack } from 'aws-cdk-lib';
import { CfnConfigurationAggregator } from 'aws-cdk-lib/aws-config';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { writtenRole } from '../rule/written-role.ts';
import { names } from './names.ts';

export interface AggregatorProps {
  /** The Regions to collect from. */
  readonly regions: readonly string[];
  /** True in the home Region, which has the role of the aggregators of all Regions. */
  readonly isHome: boolean;
  readonly permissionsBoundaryArn: string | undefined;
}

/**
 * The configuration aggregator of the organization: finds the owner of a bucket and the flow logs that depend on a key.
 * https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html
 */
export function aggregator(stack: Stack, props: AggregatorProps): void {
  const { regions, isHome, permissionsBoundaryArn } = props;
  const role = isHome ? aggregatorRole(stack, permissionsBoundaryArn) : undefined;
  const made = new CfnConfigurationAggregator(stack, 'Aggregator', {
    configurationAggregatorName: names.aggregator,
    organizationAggregationSource: {
      roleArn: `arn:${stack.partition}:iam::${stack.account}:role/${names.centralAggregator}`,
      awsRegions: [...regions],
    },
  });
  if (role !== undefined) made.node.addDependency(role);
}

/**
 * Lets the aggregators list the accounts of the organization.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSConfigRoleForOrganizations.html
 */
function aggregatorRole(stack: Stack, permissionsBoundaryArn: string | undefined): Construct {
  const scope = new Construct(stack, 'AggregatorRole');
  writtenRole(scope, {
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
  return scope;
}
