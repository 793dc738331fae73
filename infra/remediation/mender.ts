import { Duration, Stack } from 'aws-cdk-lib';
import { type IRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, type Function } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { MAX_STEP_SECONDS } from './runbook-steps.ts';
import { documentNames } from './runbooks.ts';
import { keepExecutions, lookAtExecutions, writePermissions } from './write-permissions.ts';
import {
  type CentralFunction,
  liveIn,
  logsOf,
  nodeFunction,
  writeLogs,
} from '../rule/node-function.ts';
import { keyIn } from '../rule/encryption.ts';
import { readPermissions } from '../rule/read-permissions.ts';
import type { MendEnvironment } from '../../rule/mend/environment.ts';
import type { Options } from '../options/options.ts';
import { tableName } from './records-table.ts';
import type { RemediationOptions } from '../options/remediation.ts';
import { ownRoleName, writtenRole } from '../rule/written-role.ts';

export interface MenderProps {
  readonly options: Options;
  readonly remediation: RemediationOptions;
  /** The folder with the built mender. */
  readonly code: string;
  /** Set if the function mends for an organization. */
  readonly central?: CentralFunction;
}

/** The only function that writes key policies; its role limits the keys. Runbooks invoke the function and wait. */
export class Mender extends Construct {
  readonly function: Function;

  constructor(scope: Construct, id: string, { options, remediation, code, central }: MenderProps) {
    super(scope, id);
    const logs = logsOf(this, options, central);
    const documents = documentNames(options.ruleName);
    const spared = keyIn(options, Stack.of(this).region);
    this.function = nodeFunction(this, {
      options,
      ...(central && { functionName: central.functionName }),
      description: 'Mends the policy of the KMS key that keeps AWS from writing a VPC flow log',
      code: Code.fromAsset(code),
      timeout: Duration.seconds(MAX_STEP_SECONDS),
      logGroup: logs,
      role: central?.role ?? this.role(options, { remediation, logs }),
      environment: {
        ...({
          POWERTOOLS_SERVICE_NAME: options.ruleName,
          TABLE_NAME: tableName,
          RULE_PARAMETERS: JSON.stringify(options.parameters),
          REMEDIATION_SCOPE: remediation.scope,
          MEND_DOCUMENT: documents.mend,
          TAKE_BACK_DOCUMENT: documents.takeBack,
          APPROVERS: JSON.stringify(remediation.approvers),
          ...(remediation.accounts && {
            FOREIGN_KEY_ACCOUNTS: remediation.accounts.join(','),
          }),
          ...(spared && { ENCRYPTION_KEY_ARN: spared }),
        } satisfies MendEnvironment),
        ...central?.environment,
      },
    });
  }

  private role(
    options: Options,
    { remediation, logs }: { remediation: RemediationOptions; logs: LogGroup },
  ): IRole {
    const stack = Stack.of(this);
    const role = writtenRole(this, {
      roleName: ownRoleName(this, options, 'mender'),
      description: 'Reads what a flow log depends on; writes the policies of the keys it names',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      policy: 'Mend',
      permissions: [
        ...readPermissions(stack, options.parameters),
        ...writePermissions(stack, remediation.keys, options),
        keepExecutions(
          stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: tableName }),
        ),
        lookAtExecutions(stack, stack.region),
        writeLogs(logs.logGroupArn),
        ...liveIn(this, options, { services: ['logs'] }),
      ],
      options,
    });
    // CDK would add broader statements.
    return role.withoutPolicyUpdates();
  }
}
