import { Duration, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, type Function } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  type CentralFunction,
  centralDeadLetters,
  deadLettersOf,
  liveIn,
  logsOf,
  nodeFunction,
  writeDeadLetters,
  writeLogs,
} from './node-function.ts';
import type { EvaluateEnvironment } from '../../rule/evaluate/environment.ts';
import type { Options } from '../options/options.ts';
import { readPermissions } from './read-permissions.ts';
import { reportPermissions } from './report-permissions.ts';
import { keepRuns, runsTable } from './runs-table.ts';
import { ownRoleName, writtenRole } from './written-role.ts';

export interface EvaluatorProps {
  readonly options: Options;
  /** The folder with the built evaluator. */
  readonly code: string;
  /** Set if the function judges for an organization. */
  readonly central?: CentralFunction;
}

/** The function that AWS Config invokes, with its role, log group and dead-letter queue. */
export class Evaluator extends Construct {
  readonly function: Function;
  readonly deadLetters: Queue;
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, { options, code, central }: EvaluatorProps) {
    super(scope, id);
    const { callsAtOnce, detailedFindings, reservedConcurrency, ruleName } = options;
    this.logs = logsOf(this, options, central);
    // A central function has the central table.
    const runs = central ? undefined : runsTable(this, options);
    this.deadLetters = deadLettersOf(
      this,
      options,
      central && centralDeadLetters(central.functionName),
    );
    this.function = nodeFunction(this, {
      options,
      ...(central && { functionName: central.functionName }),
      description: 'Judges whether AWS can deliver VPC flow logs into KMS-encrypted buckets',
      code: Code.fromAsset(code),
      // A thousand flow logs take seconds, but throttling by KMS makes the SDK wait and try again.
      timeout: Duration.minutes(10),
      // AWS Config invokes asynchronously. Lambda sends an event to the dead-letter queue after two retries.
      retryAttempts: 2,
      ...(reservedConcurrency && { reservedConcurrentExecutions: reservedConcurrency }),
      deadLetterQueue: this.deadLetters,
      logGroup: this.logs,
      role: central?.role ?? this.role(options, runs),
      environment: {
        ...({ POWERTOOLS_SERVICE_NAME: ruleName } satisfies EvaluateEnvironment),
        ...(detailedFindings && ({ DETAILED_FINDINGS: 'true' } satisfies EvaluateEnvironment)),
        ...(callsAtOnce && { FLOW_LOG_KEY_CALLS_AT_ONCE: String(callsAtOnce) }),
        ...(runs && ({ RUNS_TABLE_NAME: runs.tableName } satisfies EvaluateEnvironment)),
        ...central?.environment,
      },
    });
  }

  /** The role reads and reports, and writes no policy. */
  private role(options: Options, runs: Table | undefined): IRole {
    const { parameters, detailedFindings } = options;
    const stack = Stack.of(this);
    const role = writtenRole(this, {
      roleName: ownRoleName(this, options, 'evaluator'),
      description: 'Reads flow logs, bucket encryption and key policies; reports to AWS Config',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      policy: 'Evaluate',
      permissions: [
        ...readPermissions(stack, parameters),
        ...reportPermissions(stack, { region: stack.region, detailedFindings }),
        ...(runs ? [keepRuns(runs.tableArn)] : []),
        writeLogs(this.logs.logGroupArn),
        writeDeadLetters(this.deadLetters.queueArn),
        ...liveIn(this, options, { services: ['dynamodb', 'logs', 'sqs'] }),
      ],
      options,
    });
    // CDK would add broader statements.
    return role.withoutPolicyUpdates();
  }
}
