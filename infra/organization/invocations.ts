import { names } from './names.ts';
import type { OrganizationOptions } from '../options/organization.ts';

/** The resource policy of a function. https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
interface InvocationPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly object[];
}

const invocationPolicy = (statements: readonly object[]): InvocationPolicy => ({
  Version: '2012-10-17',
  Statement: statements.map((each) => ({
    Effect: 'Allow',
    Action: 'lambda:InvokeFunction',
    ...each,
  })),
});

/**
 * Admits the rules of the named accounts, and the rules of later accounts if AWS Config sends aws:SourceOrgID. AWS does
 * not document whether AWS Config sends this key.
 */
export const invocationsByRules = (
  Resource: string,
  { id, memberAccounts }: OrganizationOptions,
): InvocationPolicy =>
  invocationPolicy([
    {
      Sid: 'RulesOfTheseAccounts',
      Principal: { Service: 'config.amazonaws.com' },
      Resource,
      Condition: { StringEquals: { 'aws:SourceAccount': [...memberAccounts] } },
    },
    {
      Sid: 'RulesOfTheOrganization',
      Principal: { Service: 'config.amazonaws.com' },
      Resource,
      Condition: { StringEquals: { 'aws:SourceOrgID': id } },
    },
  ]);

/** Admits the runbooks of members by the name of their role. */
export const invocationsByRunbooks = (
  Resource: string,
  { organization, partition }: { organization: OrganizationOptions; partition: string },
): InvocationPolicy =>
  invocationPolicy([
    {
      Sid: 'RunbooksOfTheOrganization',
      Principal: { AWS: '*' },
      Resource,
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': organization.id },
        ArnLike: { 'aws:PrincipalArn': `arn:${partition}:iam::*:role/${names.automation}` },
      },
    },
  ]);
