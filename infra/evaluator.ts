import { Duration, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, Code, Function } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { logsOf, nodeFunction } from './node-function.ts';
import type { Options } from './options.ts';
import { evaluatorPermissions } from './permissions.ts';
import { writtenRole } from './written-role.ts';

export interface EvaluatorProps {
  readonly options: Options;
  /** The folder with the built evaluator. */
  readonly code: string;
}

/** The function that AWS Config asks, its role written out to the action, its logs and its dead letters. */
export class Evaluator extends Construct {
  readonly function: Function;
  readonly deadLetters: Queue;
  readonly logs: LogGroup;
  /** That AWS Config may invoke the function; a rule has to wait for it. */
  readonly permission: CfnPermission;

  constructor(scope: Construct, id: string, { options, code }: EvaluatorProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { parameters, detailedFindings, permissionsBoundaryArn, ruleName } = options;
    this.logs = logsOf(this, options);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const role = writtenRole(this, {
      description: 'Reads flow logs, bucket encryption and key policies; reports to AWS Config',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      policy: 'Evaluate',
      permissions: evaluatorPermissions({
        stack,
        logGroupArn: this.logs.logGroupArn,
        deadLettersArn: this.deadLetters.queueArn,
        parameters,
        detailedFindings,
      }),
      permissionsBoundaryArn,
    });
    this.function = new Function(this, 'Function', {
      ...nodeFunction,
      description: 'Judges whether AWS can deliver VPC flow logs into KMS-encrypted buckets',
      code: Code.fromAsset(code),
      // A thousand flow logs take seconds. Where KMS throttles, the SDK slows down, and this is its patience.
      timeout: Duration.minutes(10),
      // AWS Config does not wait for an answer: what fails twice more is a dead letter.
      retryAttempts: 2,
      deadLetterQueue: this.deadLetters,
      logGroup: this.logs,
      // CDK would add broader statements than those that are written out.
      role: role.withoutPolicyUpdates(),
      environment: {
        POWERTOOLS_SERVICE_NAME: ruleName,
        ...(detailedFindings ? { DETAILED_FINDINGS: 'true' } : {}),
      },
    });
    this.permission = new CfnPermission(this, 'AskedByConfig', {
      action: 'lambda:InvokeFunction',
      functionName: this.function.functionArn,
      principal: 'config.amazonaws.com',
      sourceAccount: stack.account,
      // The very rule's ARN exists only after the function, and rules of packs have names of their own.
      sourceArn: stack.formatArn({ service: 'config', resource: 'config-rule', resourceName: '*' }),
    });
  }
}
