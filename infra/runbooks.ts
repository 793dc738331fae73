import { Stack } from 'aws-cdk-lib';
import { type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { mendRunbook, type Runbook, takeBackRunbook } from './automation.ts';
import type { Options } from './options.ts';
import type { RemediationOptions } from './remediation-options.ts';
import { writtenRole } from './written-role.ts';

export interface RunbooksProps {
  readonly options: Options;
  readonly remediation: RemediationOptions;
  readonly mender: Function;
}

/** The runbooks that AWS Config and operators start, and the role that they take. */
export class Runbooks extends Construct {
  readonly role: Role;
  readonly mend: CfnDocument;
  readonly takeBack: CfnDocument;

  constructor(scope: Construct, id: string, { options, remediation, mender }: RunbooksProps) {
    super(scope, id);
    const { approvers, approvalTopicArn } = remediation;
    const { ruleName, permissionsBoundaryArn } = options;
    this.role = writtenRole(this, {
      description: 'Invokes the mender function for Systems Manager Automation',
      assumedBy: automationOf(Stack.of(this)),
      policy: 'Automate',
      permissions: [
        {
          sid: 'InvokeMender',
          actions: ['lambda:InvokeFunction'],
          resources: [mender.functionArn],
        },
        ...(approvalTopicArn === undefined
          ? []
          : [{ sid: 'TellApprovers', actions: ['sns:Publish'], resources: [approvalTopicArn] }]),
      ],
      permissionsBoundaryArn,
    });
    const props = { functionName: mender.functionName, roleArn: this.role.roleArn };
    const document = (name: string, content: Runbook): CfnDocument =>
      new CfnDocument(this, name, {
        name: `${ruleName}-${kebab(name)}`,
        documentType: 'Automation',
        documentFormat: 'JSON',
        content,
        // Else a change of the content would need another name.
        updateMethod: 'NewVersion',
      });
    this.mend = document('Mend', mendRunbook({ ...props, approvers, approvalTopicArn }));
    this.takeBack = document('TakeBack', takeBackRunbook(props));
  }
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
