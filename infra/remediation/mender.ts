import { Duration, Stack } from 'aws-cdk-lib';
import { type IRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { MAX_STEP_SECONDS } from './runbook-steps.ts';
import { menderPermissions } from './write-permissions.ts';
import { type CentralFunction, logsOf, nodeFunction } from '../rule/node-function.ts';
import type { Options } from '../options/options.ts';
import { tableName } from './records-table.ts';
import type { RemediationOptions } from '../options/remediation.ts';
import { writtenRole } from '../rule/written-role.ts';

export interface MenderProps {
  readonly options: Options;
  readonly remediation: RemediationOptions;
  /** The folder with the built mender. */
  readonly code: string;
  /** Where it answers for an organization. */
  readonly central?: CentralFunction;
}

/** The only function that writes a key policy, and its role, which says whose. Runbooks invoke it and wait. */
export class Mender extends Construct {
  readonly function: Function;

  constructor(scope: Construct, id: string, { options, remediation, code, central }: MenderProps) {
    super(scope, id);
    const logs = logsOf(this, options, central);
    this.function = new Function(this, 'Function', {
      ...nodeFunction,
      ...(central && { functionName: central.functionName }),
      description: 'Mends the policy of the KMS key that keeps AWS from writing a VPC flow log',
      code: Code.fromAsset(code),
      timeout: Duration.seconds(MAX_STEP_SECONDS),
      logGroup: logs,
      role: central?.role ?? this.role(options, { remediation, logs }),
      environment: {
        POWERTOOLS_SERVICE_NAME: options.ruleName,
        TABLE_NAME: tableName,
        RULE_PARAMETERS: JSON.stringify(options.parameters),
        REMEDIATION_SCOPE: remediation.scope,
        ...central?.environment,
      },
    });
  }

  private role(
    { parameters, permissionsBoundaryArn }: Options,
    { remediation, logs }: { remediation: RemediationOptions; logs: LogGroup },
  ): IRole {
    const role = writtenRole(this, {
      description: 'Reads what a flow log depends on; writes the policies of the keys it names',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      policy: 'Mend',
      permissions: menderPermissions({
        stack: Stack.of(this),
        logGroupArn: logs.logGroupArn,
        parameters,
        keys: remediation.keys,
      }),
      permissionsBoundaryArn,
    });
    // CDK would add broader statements than those that are written out.
    return role.withoutPolicyUpdates();
  }
}
