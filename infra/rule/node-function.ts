import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Options } from '../options/options.ts';
import type { Permission } from './written-role.ts';

/** The runtime of all functions. Calls to AWS take most of the time; less memory would make cold starts longer. */
export const nodeFunction = {
  runtime: Runtime.NODEJS_24_X,
  architecture: Architecture.ARM_64,
  handler: 'index.handler',
  memorySize: 512,
};

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
export const logsOf = (
  scope: Construct,
  { logRetentionDays }: Options,
  central?: CentralFunction,
): LogGroup =>
  new LogGroup(scope, 'Logs', {
    ...(central && { logGroupName: centralLogs(central.functionName) }),
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the option was checked
    retention: logRetentionDays as RetentionDays,
  });

/** The queue keeps events that a function gave up for two weeks. */
export const deadLettersOf = (scope: Construct, queueName?: string): Queue =>
  new Queue(scope, 'DeadLetters', {
    ...(queueName === undefined ? {} : { queueName }),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });

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
