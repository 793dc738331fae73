import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Architecture, Function, type FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type CfnLogGroup, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { keyIn, queueOf, useKey } from './encryption.ts';
import { connect, joinNetwork } from './network.ts';
import type { Options } from '../options/options.ts';
import { checkLength } from './quotas.ts';
import type { Permission } from './written-role.ts';

export type NodeFunctionProps = Omit<FunctionProps, 'handler' | 'runtime'> & {
  readonly options: Options;
};

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ENVIRONMENT_LENGTH = 4_096;

/**
 * A function of this app. Calls to AWS take most of the time; less memory would make cold starts longer. The variables of
 * a function have the encryption of Lambda: the variables hold no secret, and a function without the key would not start.
 */
export function nodeFunction(scope: Construct, { options, ...props }: NodeFunctionProps): Function {
  const { logLevel } = options;
  const environment = {
    ...props.environment,
    ...(logLevel && { POWERTOOLS_LOG_LEVEL: logLevel }),
  };
  checkLength(scope, {
    subject: 'the environment of a function',
    value: environment,
    max: MAX_ENVIRONMENT_LENGTH,
    next: 'name fewer approvers, or fewer accounts for which keys of other accounts are mended',
  });
  const made = new Function(scope, 'Function', {
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    memorySize: 512,
    ...props,
    environment,
  });
  connect(made, options);
  return made;
}

/** The settings of a function in the central account. Members refer to the name of the function and of its role. */
export interface CentralFunction {
  readonly functionName: string;
  readonly role: IRole;
  readonly environment: Readonly<Record<string, string>>;
}

/** The log group of a central function has a fixed name, because one role serves all Regions. */
export const centralLogs = (functionName: string): string => `/flow-log-key-rule/${functionName}`;

/** The queue of failed events has a fixed name for the same reason. */
export const centralDeadLetters = (functionName: string): string => `${functionName}-dead-letters`;

/**
 * The log group of a function. The logs outlive the stack, but not a failed first deployment: a log group with the name
 * of a central function would make the next one fail.
 */
export const logsOf = (scope: Construct, options: Options, central?: CentralFunction): LogGroup => {
  const logs = new LogGroup(scope, 'Logs', {
    ...(central && { logGroupName: centralLogs(central.functionName) }),
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the option was checked
    retention: options.logRetentionDays as RetentionDays,
  });
  const key = keyIn(options, Stack.of(scope).region);
  if (key !== undefined) (logs.node.defaultChild as CfnLogGroup).kmsKeyId = key;
  return logs;
};

/** The queue keeps events that a function gave up for two weeks. */
export const deadLettersOf = (scope: Construct, options: Options, queueName?: string): Queue =>
  queueOf(scope, 'DeadLetters', {
    options,
    ...(queueName === undefined ? {} : { queueName }),
    retentionPeriod: Duration.days(14),
  });

/**
 * The permissions that each function needs for the key and the VPC of the operator. `region` is a Region or `*` for all.
 */
export const liveIn = (
  scope: Construct,
  options: Options,
  { services, region }: { readonly services: Parameters<typeof useKey>[2]; readonly region?: '*' },
): readonly Permission[] => [
  ...useKey(options, region ?? Stack.of(scope).region, services),
  ...joinNetwork(Stack.of(scope), options),
];

export const writeLogs = (logGroupArn: string): Permission => ({
  sid: 'WriteLogs',
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: [logGroupArn],
});

export const writeDeadLetters = (queueArn: string): Permission => ({
  sid: 'WriteDeadLetters',
  actions: ['sqs:SendMessage'],
  resources: [queueArn],
});
