import { Duration, Stack } from 'aws-cdk-lib';
import { type IRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  type CentralFunction,
  centralDeadLetters,
  deadLettersOf,
  logsOf,
  nodeFunction,
} from './node-function.ts';
import type { Options } from '../options/options.ts';
import { evaluatorPermissions } from './permissions.ts';
import { writtenRole } from './written-role.ts';

export interface EvaluatorProps {
  readonly options: Options;
  /** The folder with the built evaluator. */
  readonly code: string;
  /** Where it answers for an organization. */
  readonly central?: CentralFunction;
}

/** The function that AWS Config asks, its role written out to the action, its logs and its dead letters. */
export class Evaluator extends Construct {
  readonly function: Function;
  readonly deadLetters: Queue;
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, { options, code, central }: EvaluatorProps) {
    super(scope, id);
    const { detailedFindings, ruleName } = options;
    this.logs = logsOf(this, options, central);
    this.deadLetters = deadLettersOf(this, central && centralDeadLetters(central.functionName));
    this.function = new Function(this, 'Function', {
      ...nodeFunction,
      ...(central && { functionName: central.functionName }),
      description: 'Judges whether AWS can deliver VPC flow logs into KMS-encrypted buckets',
      code: Code.fromAsset(code),
      // A thousand flow logs take seconds. Where KMS throttles, the SDK slows down, and this is its patience.
      timeout: Duration.minutes(10),
      // AWS Config does not wait for an answer: what fails twice more is a dead letter.
      retryAttempts: 2,
      deadLetterQueue: this.deadLetters,
      logGroup: this.logs,
      role: central?.role ?? this.role(options),
      environment: {
        POWERTOOLS_SERVICE_NAME: ruleName,
        ...(detailedFindings ? { DETAILED_FINDINGS: 'true' } : {}),
        ...central?.environment,
      },
    });
  }

  private role({ parameters, detailedFindings, permissionsBoundaryArn }: Options): IRole {
    const role = writtenRole(this, {
      description: 'Reads flow logs, bucket encryption and key policies; reports to AWS Config',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      policy: 'Evaluate',
      permissions: evaluatorPermissions({
        stack: Stack.of(this),
        logGroupArn: this.logs.logGroupArn,
        deadLettersArn: this.deadLetters.queueArn,
        parameters,
        detailedFindings,
      }),
      permissionsBoundaryArn,
    });
    // CDK would add broader statements than those that are written out.
    return role.withoutPolicyUpdates();
  }
}
