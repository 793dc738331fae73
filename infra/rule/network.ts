import { Stack } from 'aws-cdk-lib';
import { Effect } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction, Function } from 'aws-cdk-lib/aws-lambda';
import type { Options } from '../options/options.ts';
import type { Permission } from './written-role.ts';

type Network = Pick<Options, 'securityGroupIds' | 'subnetIds'>;

/** Puts a function into the VPC, if there is one. CDK would ask for the id of the VPC, which Lambda does not need. */
export function connect(made: Function, { subnetIds, securityGroupIds }: Network): void {
  if (subnetIds.length === 0) return;
  const { region } = Stack.of(made);
  (made.node.defaultChild as CfnFunction).vpcConfig = {
    subnetIds: idsIn(subnetIds, region),
    securityGroupIds: idsIn(securityGroupIds, region),
  };
}

/** The ids without a Region, and the ids of this Region. */
const idsIn = (ids: readonly string[], region: string): string[] =>
  ids
    .filter((each) => !each.includes(':') || each.startsWith(`${region}:`))
    .map((each) => each.slice(each.indexOf(':') + 1));

const joining = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Lets Lambda make the network interfaces of a function, and denies the same to the code of the function: calls of the
 * code have the key lambda:SourceFunctionArn, calls of Lambda have not.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export const joinNetwork = (
  { partition, account }: Stack,
  { subnetIds }: Network,
): readonly Permission[] =>
  subnetIds.length === 0
    ? []
    : [
        {
          sid: 'JoinNetwork',
          actions: joining,
          resources: ['*'],
          why: 'Lambda chooses the ids of network interfaces, and a shared subnet is of another account',
        },
        {
          sid: 'LeaveNetworkToLambda',
          effect: Effect.DENY,
          actions: joining,
          resources: ['*'],
          conditions: {
            ArnLike: {
              'lambda:SourceFunctionArn': `arn:${partition}:lambda:*:${account}:function:*`,
            },
          },
        },
      ];
