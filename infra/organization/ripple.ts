import { Duration, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { type IRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Alarms } from '../rule/alarms.ts';
import { centralTableIn } from './central-roles.ts';
import { changeBus } from './change-bus.ts';
import { changePattern, LONGEST_WAIT } from './changes.ts';
import { rippleAlarms } from './ripple-alarms.ts';
import { queueOf } from '../rule/encryption.ts';
import { deadLettersOf, liveIn, logsOf, nodeFunction, writeLogs } from '../rule/node-function.ts';
import type { RippleEnvironment } from '../../rule/ripple/environment.ts';
import type { Options } from '../options/options.ts';
import type { OrganizationOptions } from '../options/organization.ts';
import { askAggregator, enterAccounts } from '../rule/read-permissions.ts';
import { writtenRole } from '../rule/written-role.ts';

export interface RippleProps {
  readonly options: Options;
  readonly organization: OrganizationOptions;
  /** The folder with the built function. */
  readonly code: string;
}

/** Edits wait for each other, because one run of a rule answers several edits. */
const DELIVERY_DELAY = Duration.minutes(1);
const BATCHING_WINDOW = Duration.seconds(20);

/** The queue delivers an edit again if the function returned the edit or did not finish in time. */
const VISIBILITY_TIMEOUT = Duration.minutes(3);
const MAX_ATTEMPTS = 10;

/** After a change of a key or bucket in any account, judges the dependent flow logs of all accounts again. */
export class Ripple extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { options, organization, code }: RippleProps) {
    super(scope, id);
    const deadLetters = deadLettersOf(this, options);
    const edits = queueOf(this, 'Edits', {
      options,
      deliveryDelay: DELIVERY_DELAY,
      visibilityTimeout: VISIBILITY_TIMEOUT,
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_ATTEMPTS },
    });
    new Rule(this, 'Changes', {
      description: 'Changes of keys and buckets of all members',
      eventBus: changeBus(this, organization),
      eventPattern: { ...changePattern, detailType: changePattern['detail-type'] },
      targets: [new SqsQueue(edits, { deadLetterQueue: deadLetters, maxEventAge: LONGEST_WAIT })],
    });
    const logs = logsOf(this, options);
    const { ruleName, parameters } = options;
    const { names } = organization;
    const ripple = nodeFunction(this, {
      options,
      functionName: names.rippleFunction,
      description: 'Starts the rule again where flow logs depend on a key or bucket that changed',
      code: Code.fromAsset(code),
      timeout: Duration.minutes(2),
      logGroup: logs,
      role: this.role({ options, organization, logs, edits }),
      environment: {
        POWERTOOLS_SERVICE_NAME: ruleName,
        RULE_NAME: ruleName,
        AGGREGATOR: parameters.Aggregator ?? names.aggregator,
        REPORTER_ROLE_NAME: names.reporter,
        TABLE_NAME: names.centralTable,
      } satisfies RippleEnvironment,
    });
    new EventSourceMapping(this, 'Batches', {
      target: ripple,
      eventSourceArn: edits.queueArn,
      batchSize: 1000,
      maxBatchingWindow: BATCHING_WINDOW,
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    });
    const alarms = new Alarms(this, 'Alarms', options);
    this.alarms = alarms.made;
    rippleAlarms(alarms, {
      ruleName,
      ripple,
      edits,
      deadLetters,
      maxAttempts: MAX_ATTEMPTS,
    });
  }

  private role(props: {
    readonly options: Options;
    readonly organization: OrganizationOptions;
    readonly logs: LogGroup;
    readonly edits: Queue;
  }): IRole {
    const { options, organization, logs, edits } = props;
    const { names } = organization;
    const stack = Stack.of(this);
    const role = writtenRole(this, {
      roleName: names.centralRipple,
      description: 'Asks who depends on what changed, and takes the reporter role there',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      policy: 'Ripple',
      permissions: [
        enterAccounts(stack, [names.reporter], organization.id),
        askAggregator,
        {
          sid: 'KeepStarts',
          actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
          resources: [centralTableIn(stack, names, stack.region)],
        },
        {
          sid: 'TakeEdits',
          actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
          resources: [edits.queueArn],
        },
        writeLogs(logs.logGroupArn),
        ...liveIn(this, options, { services: ['dynamodb', 'logs', 'sqs'] }),
      ],
      options,
    });
    // CDK would add broader statements.
    return role.withoutPolicyUpdates();
  }
}
