import { Stack } from 'aws-cdk-lib';
import { type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Options } from '../options/options.ts';
import type { RemediationOptions } from '../options/remediation.ts';
import { ownRoleName, writtenRole } from '../rule/written-role.ts';

export interface AutomationRoleProps {
  readonly options: Options;
  readonly remediation: RemediationOptions;
  readonly menderArn: string;
  /** The reason for a wildcard in the ARN. */
  readonly why?: string;
  /** The fixed name of a role that other accounts refer to. */
  readonly roleName?: string;
}

/** The role that executions of the runbooks take. */
export function automationRole(scope: Construct, props: AutomationRoleProps): Role {
  const { options, remediation, menderArn, why, roleName } = props;
  const { approvalTopicArn } = remediation;
  return writtenRole(scope, {
    description: 'Invokes the mender function for Systems Manager Automation',
    roleName: roleName ?? ownRoleName(scope, options, 'automation'),
    assumedBy: automationPrincipal(Stack.of(scope)),
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
    options,
  });
}

/**
 * Admits Automation executions of this account only.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/cross-service-confused-deputy-prevention.html
 */
const automationPrincipal = (stack: Stack): ServicePrincipal =>
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
