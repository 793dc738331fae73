import { AccountPrincipal, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface CentralPrincipalProps {
  /** Account of the roles that are trusted. */
  readonly account: string;
  readonly roleNames: readonly string[];
  readonly organizationId: string;
}

/**
 * These roles of one account, as long as it is in the organization, and no one else. The account stands as principal
 * and the roles in the condition: IAM keeps a role that stands as principal by an id that a role made anew lacks.
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
