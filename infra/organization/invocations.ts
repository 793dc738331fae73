import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { OrganizationOptions } from '../options/organization.ts';
import { lacks } from '../regions.ts';
import { comparisonArn } from './silent-members.ts';

const ACTION = 'lambda:InvokeFunction';

/**
 * Admits the schedule that compares members, the rules of the named accounts, and the rules of later accounts if AWS Config sends aws:SourceOrgID. AWS does
 * not document whether AWS Config sends this key. A Region without resource policies of functions has a permission for
 * each account.
 */
export function admitRules(
  stack: Stack,
  functionArn: string,
  { id, memberAccounts, names }: OrganizationOptions,
): void {
  const comparisons = { service: 'events.amazonaws.com', rule: comparisonArn(stack, names) };
  if (lacks(stack.region, 'AWS::Lambda::ResourcePolicy')) {
    new CfnPermission(stack, 'AskedByComparison', {
      action: ACTION,
      functionName: functionArn,
      principal: comparisons.service,
      sourceArn: comparisons.rule,
    });
    for (const sourceAccount of memberAccounts)
      new CfnPermission(stack, `AskedBy${sourceAccount}`, {
        action: ACTION,
        functionName: functionArn,
        principal: 'config.amazonaws.com',
        sourceAccount,
      });
    return;
  }
  const Principal = { Service: 'config.amazonaws.com' };
  invocationPolicy(stack, 'AskedByRules', {
    functionArn,
    statements: [
      {
        Sid: 'RulesOfTheseAccounts',
        Principal,
        Condition: { StringEquals: { 'aws:SourceAccount': [...memberAccounts] } },
      },
      {
        Sid: 'RulesOfTheOrganization',
        Principal,
        Condition: { StringEquals: { 'aws:SourceOrgID': id } },
      },
      {
        Sid: 'Comparison',
        Principal: { Service: comparisons.service },
        Condition: { ArnEquals: { 'aws:SourceArn': comparisons.rule } },
      },
    ],
  });
}

/**
 * Admits the runbooks of members by the name of their role. A permission cannot name the role: in a Region without
 * resource policies of functions anybody in the organization may invoke the mender, which asks the member for the
 * execution before any work.
 */
export function admitRunbooks(
  stack: Stack,
  functionArn: string,
  { id, names }: OrganizationOptions,
): void {
  if (lacks(stack.region, 'AWS::Lambda::ResourcePolicy')) {
    new CfnPermission(stack, 'AskedByOrganization', {
      action: ACTION,
      functionName: functionArn,
      principal: '*',
      principalOrgId: id,
    });
    return;
  }
  const role = `arn:${stack.partition}:iam::*:role/${names.automation}`;
  invocationPolicy(stack, 'AskedByAutomations', {
    functionArn,
    statements: [
      {
        Sid: 'RunbooksOfTheOrganization',
        Principal: { AWS: '*' },
        Condition: {
          StringEquals: { 'aws:PrincipalOrgID': id },
          ArnLike: { 'aws:PrincipalArn': role },
        },
      },
    ],
  });
}

/** The resource policy of a function. https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
function invocationPolicy(
  stack: Stack,
  id: string,
  {
    functionArn,
    statements,
  }: { readonly functionArn: string; readonly statements: readonly object[] },
): void {
  // The CDK of some users has no construct for this type yet.
  new CfnResource(stack, id, {
    type: 'AWS::Lambda::ResourcePolicy',
    properties: {
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: statements.map((each) => ({
          Effect: 'Allow',
          Action: ACTION,
          Resource: functionArn,
          ...each,
        })),
      },
      ResourceArn: functionArn,
    },
  });
}
