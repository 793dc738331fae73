import { CfnStackSet, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CENTRAL } from './member-stack.ts';
import type { OrganizationOptions } from '../options/organization.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_TEMPLATE_BYTES = 51_200;

/** Regions with one template. */
export interface MemberRegions {
  readonly regions: readonly string[];
  /** The template of a member as JSON. */
  readonly body: string;
}

export interface MemberStackSetsProps extends StackProps {
  readonly organization: OrganizationOptions;
  /** The home Region with all Regions like it, and then the other Regions, if any. */
  readonly groups: readonly MemberRegions[];
}

/**
 * Brings the stack of a member to every account below the units, also to accounts that join later. The home Region comes
 * first, because of the roles. AWS leaves out the management account.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
 */
export class MemberStackSets extends Stack {
  readonly #organization: OrganizationOptions;

  constructor(scope: Construct, id: string, props: MemberStackSetsProps) {
    const { organization, groups, ...rest } = props;
    const { names } = organization;
    super(scope, id, rest);
    this.#organization = organization;
    const [home, other] = groups;
    if (home === undefined) return;
    const first = this.stackSet('StackSet', names.stackSet, home);
    if (other === undefined) return;
    this.stackSet('OtherStackSet', names.otherStackSet, other).node.addDependency(first);
  }

  private stackSet(
    id: string,
    stackSetName: string,
    { regions, body }: MemberRegions,
  ): CfnStackSet {
    const bytes = Buffer.byteLength(body);
    if (bytes > MAX_TEMPLATE_BYTES)
      throw new Error(
        `the template of a member has ${bytes} bytes, and a StackSet takes ${MAX_TEMPLATE_BYTES}: give fewer tags, approvers or keys to mend`,
      );
    const { units, excludedAccounts } = this.#organization;
    return new CfnStackSet(this, id, {
      stackSetName,
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
