import { names } from './names.ts';
import type { OrganizationOptions } from '../options/organization.ts';

/** A policy of a function, as JSON. https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
interface InvocationPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly object[];
}

const invokes = (statements: readonly object[]): InvocationPolicy => ({
  Version: '2012-10-17',
  Statement: statements.map((each) => ({
    Effect: 'Allow',
    Action: 'lambda:InvokeFunction',
    ...each,
  })),
});

/**
 * Rules of the accounts that are named; and those of accounts that join later, should AWS Config say whose organization
 * it asks for, which AWS documents neither way.
 */
export const invocationsByRules = (
  Resource: string,
  { id, memberAccounts }: OrganizationOptions,
): InvocationPolicy =>
  invokes([
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

/** The runbooks of members, which take the role of this name. */
export const invocationsByRunbooks = (
  Resource: string,
  { organization, partition }: { organization: OrganizationOptions; partition: string },
): InvocationPolicy =>
  invokes([
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
