import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Options } from './options.ts';

/** What our functions run on: they mostly wait for AWS; less memory means less processor, and a longer cold start. */
export const nodeFunction = {
  runtime: Runtime.NODEJS_24_X,
  architecture: Architecture.ARM_64,
  handler: 'index.handler',
  memorySize: 512,
};

/** The log group of a function, which keeps its lines as long as the operator chose. */
export const logsOf = (scope: Construct, { logRetentionDays }: Options): LogGroup =>
  new LogGroup(scope, 'Logs', {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- options has read it
    retention: logRetentionDays as RetentionDays,
  });
