import type { Stack } from 'aws-cdk-lib';
import { CfnConfigurationAggregator } from 'aws-cdk-lib/aws-config';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Options } from '../options/options.ts';
import type { OrganizationOptions } from '../options/organization.ts';
import { writtenRole } from '../rule/written-role.ts';

export interface AggregatorProps {
  readonly options: Options;
  readonly organization: OrganizationOptions;
  /** True in the home Region, which has the role of the aggregators of all Regions. */
  readonly isHome: boolean;
}

/**
 * The configuration aggregator of the organization: finds the owner of a bucket and the flow logs that depend on a key.
 * https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html
 */
export function aggregator(stack: Stack, props: AggregatorProps): void {
  const { isHome, organization } = props;
  const { regions, names } = organization;
  const role = isHome ? aggregatorRole(stack, props) : undefined;
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
function aggregatorRole(stack: Stack, { options, organization }: AggregatorProps): Construct {
  const scope = new Construct(stack, 'AggregatorRole');
  writtenRole(scope, {
    roleName: organization.names.centralAggregator,
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
    options,
  });
  return scope;
}
