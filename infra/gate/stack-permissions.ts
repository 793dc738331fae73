import type { Stack } from 'aws-cdk-lib';
import type { Permission } from '../rule/written-role.ts';

/** Reading the parameters and templates of the stacks of this account and Region, and the exports. */
export const readStacks = ({ partition, region, account }: Stack): readonly Permission[] => [
  {
    sid: 'ReadStacks',
    actions: [
      'cloudformation:DescribeChangeSet',
      'cloudformation:DescribeStacks',
      'cloudformation:GetTemplate',
    ],
    resources: [`arn:${partition}:cloudformation:${region}:${account}:stack/*`],
    why: 'A hook is asked about every stack of the account and Region',
  },
  {
    sid: 'ListExports',
    actions: ['cloudformation:ListExports'],
    resources: ['*'],
    why: 'cloudformation:ListExports takes no resource',
  },
];
