import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Options } from '../options/options.ts';

/** What our functions run on: they mostly wait for AWS; less memory means less processor, and a longer cold start. */
export const nodeFunction = {
  runtime: Runtime.NODEJS_24_X,
  architecture: Architecture.ARM_64,
  handler: 'index.handler',
  memorySize: 512,
};

/** A function of the central account, which has its names and its role from outside: members know them. */
export interface CentralFunction {
  readonly functionName: string;
  readonly role: IRole;
  readonly environment: Readonly<Record<string, string>>;
}

/** Where functions of the central account log, so that a role can name it in every Region. */
export const centralLogs = (functionName: string): string => `/flow-log-key-rule/${functionName}`;

/** Where they leave what they give up. */
export const centralDeadLetters = (functionName: string): string => `${functionName}-dead-letters`;

/** The log group of a function, which keeps its lines as long as the operator chose. */
export const logsOf = (
  scope: Construct,
  { logRetentionDays }: Options,
  central?: CentralFunction,
): LogGroup =>
  new LogGroup(scope, 'Logs', {
    ...(central && {
      logGroupName: centralLogs(central.functionName),
      // What a first deployment that failed left behind would be in the way of the next.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    }),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- options has read it
    retention: logRetentionDays as RetentionDays,
  });

/** Where what was given up waits two weeks for somebody to look at it. */
export const deadLettersOf = (scope: Construct, queueName?: string): Queue =>
  new Queue(scope, 'DeadLetters', {
    ...(queueName === undefined ? {} : { queueName }),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
