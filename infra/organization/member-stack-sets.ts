import { CfnStackSet, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CENTRAL } from './member-stack.ts';
import { names } from './names.ts';
import type { OrganizationOptions } from '../options/organization.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_TEMPLATE_BYTES = 51_200;

export interface MemberStackSetProps extends StackProps {
  readonly organization: OrganizationOptions;
  /** The template of a member as JSON. */
  readonly body: string;
}

/**
 * Brings the stack of a member to every account below the units, also to accounts that join later. The home Region comes
 * first, because of the roles. AWS leaves out the management account.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
 */
export class MemberStackSet extends Stack {
  constructor(scope: Construct, id: string, { organization, body, ...props }: MemberStackSetProps) {
    super(scope, id, props);
    const bytes = Buffer.byteLength(body);
    if (bytes > MAX_TEMPLATE_BYTES)
      throw new Error(
        `the template of a member has ${bytes} bytes, and a StackSet takes ${MAX_TEMPLATE_BYTES}: name fewer keys with remediationKeys, or one tag`,
      );
    const { units, excludedAccounts, regions } = organization;
    new CfnStackSet(this, 'StackSet', {
      stackSetName: names.stackSet,
      description: 'The rule that asks the evaluator of this account, in every member',
      permissionModel: 'SERVICE_MANAGED',
      callAs: 'DELEGATED_ADMIN',
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
      managedExecution: { Active: true },
      capabilities: ['CAPABILITY_NAMED_IAM'],
      parameters: [{ parameterKey: CENTRAL, parameterValue: this.account }],
      operationPreferences: {
        regionOrder: [...regions],
        regionConcurrencyType: 'SEQUENTIAL',
        maxConcurrentPercentage: 25,
        // Some failed accounts do not stop the others. AWS rounds the number of accounts down.
        failureTolerancePercentage: 25,
      },
      stackInstancesGroup: [
        {
          deploymentTargets: {
            organizationalUnitIds: [...units],
            ...(excludedAccounts.length === 0
              ? {}
              : { accountFilterType: 'DIFFERENCE', accounts: [...excludedAccounts] }),
          },
          regions: [...regions],
        },
      ],
      templateBody: body,
    });
  }
}
