import { Stack } from 'aws-cdk-lib';
import { type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { mendRunbook, type Runbook, takeBackRunbook } from './runbook-content.ts';
import type { Options } from '../options/options.ts';
import type { RemediationOptions } from '../options/remediation.ts';
import { writtenRole } from '../rule/written-role.ts';

export interface RunbooksProps {
  readonly ruleName: string;
  readonly remediation: RemediationOptions;
  /** The mender function: its name, or its ARN where another account has it. */
  readonly mender: string;
  /** The role that executions take. */
  readonly roleArn: string;
}

/** The runbooks that AWS Config and operators start. */
export class Runbooks extends Construct {
  readonly mend: CfnDocument;
  readonly takeBack: CfnDocument;

  constructor(scope: Construct, id: string, props: RunbooksProps) {
    super(scope, id);
    const { ruleName, remediation, mender: functionName, roleArn } = props;
    const { approvers, approvalTopicArn } = remediation;
    const document = (name: string, content: Runbook): CfnDocument =>
      new CfnDocument(this, name, {
        name: `${ruleName}-${kebab(name)}`,
        documentType: 'Automation',
        documentFormat: 'JSON',
        content,
        // Else a change of the content would need another name.
        updateMethod: 'NewVersion',
      });
    const by = { functionName, roleArn };
    this.mend = document('Mend', mendRunbook({ ...by, approvers, approvalTopicArn }));
    this.takeBack = document('TakeBack', takeBackRunbook(by));
  }
}

export interface AutomationRoleProps {
  readonly options: Options;
  readonly remediation: RemediationOptions;
  readonly menderArn: string;
  /** Why the ARN has a wildcard, if it has one. */
  readonly why?: string;
  /** Where others know it by name. */
  readonly roleName?: string;
}

/** The role that executions of the runbooks take. */
export function automationRole(scope: Construct, props: AutomationRoleProps): Role {
  const { options, remediation, menderArn, why, roleName } = props;
  const { approvalTopicArn } = remediation;
  return writtenRole(scope, {
    description: 'Invokes the mender function for Systems Manager Automation',
    ...(roleName === undefined ? {} : { roleName }),
    assumedBy: automationOf(Stack.of(scope)),
    policy: 'Automate',
    permissions: [
      {
        sid: 'InvokeMender',
        actions: ['lambda:InvokeFunction'],
        resources: [menderArn],
        ...(why === undefined ? {} : { why }),
      },
      ...(approvalTopicArn === undefined
        ? []
        : [{ sid: 'TellApprovers', actions: ['sns:Publish'], resources: [approvalTopicArn] }]),
    ],
    permissionsBoundaryArn: options.permissionsBoundaryArn,
  });
}

const kebab = (name: string): string => name.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase();

/**
 * Executions of this account, and nobody else's.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/cross-service-confused-deputy-prevention.html
 */
const automationOf = (stack: Stack): ServicePrincipal =>
  new ServicePrincipal('ssm.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnLike: {
        'aws:SourceArn': stack.formatArn({
          service: 'ssm',
          region: '*',
          resource: 'automation-execution',
          resourceName: '*',
        }),
      },
    },
  });
