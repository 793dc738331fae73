import { AccountPrincipal, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface CentralPrincipalProps {
  /** The central account. */
  readonly account: string;
  readonly roleNames: readonly string[];
  readonly organizationId: string;
}

/**
 * Trusts these roles of the central account while the account is in the organization. The principal is the account, and
 * the condition names the roles: IAM stores a role in a principal by its id, and a role that is made again gets a new id.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
export function centralPrincipal(scope: Construct, props: CentralPrincipalProps): IPrincipal {
  const { account, roleNames, organizationId } = props;
  const { partition } = Stack.of(scope);
  return new AccountPrincipal(account).withConditions({
    StringEquals: { 'aws:PrincipalOrgID': organizationId },
    ArnEquals: {
      'aws:PrincipalArn': roleNames.map((name) => `arn:${partition}:iam::${account}:role/${name}`),
    },
  });
}
