import { Duration, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { LONGEST_STEP } from './automation-steps.ts';
import { menderPermissions } from './mender-permissions.ts';
import { logsOf, nodeFunction } from './node-function.ts';
import type { Options } from './options.ts';
import { tableName } from './records.ts';
import type { RemediationOptions } from './remediation-options.ts';
import { writtenRole } from './written-role.ts';

export interface MenderProps {
  readonly options: Options;
  readonly remediation: RemediationOptions;
  /** The folder with the built mender. */
  readonly code: string;
}

/** The only function that writes a key policy, and its role, which says whose. Runbooks invoke it and wait. */
export class Mender extends Construct {
  readonly function: Function;

  constructor(scope: Construct, id: string, { options, remediation, code }: MenderProps) {
    super(scope, id);
    const { parameters, permissionsBoundaryArn, ruleName } = options;
    const logs = logsOf(this, options);
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
    this.function = new Function(this, 'Function', {
      ...nodeFunction,
      description: 'Mends the policy of the KMS key that keeps AWS from writing a VPC flow log',
      code: Code.fromAsset(code),
      timeout: Duration.seconds(LONGEST_STEP),
      logGroup: logs,
      // CDK would add broader statements than those that are written out.
      role: role.withoutPolicyUpdates(),
      environment: {
        POWERTOOLS_SERVICE_NAME: ruleName,
        TABLE_NAME: tableName,
        RULE_PARAMETERS: JSON.stringify(parameters),
        REMEDIATION_SCOPE: remediation.scope,
      },
    });
  }
}
