import { Duration, Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { type IRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, EventSourceMapping, Function } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Alarms } from '../rule/alarms.ts';
import { keepRecords } from './central-roles.ts';
import { changePattern } from './change-pattern.ts';
import { names } from './names.ts';
import { deadLettersOf, logsOf, nodeFunction } from '../rule/node-function.ts';
import type { Options } from '../options/options.ts';
import type { OrganizationOptions } from '../options/organization.ts';
import { askAggregator, enterAccounts, writeLogs } from '../rule/permissions.ts';
import { writtenRole } from '../rule/written-role.ts';

export interface RippleProps {
  readonly options: Options;
  readonly organization: OrganizationOptions;
  /** The folder with the built function. */
  readonly code: string;
}

/** Edits that come together are answered together: how long each waits for others. */
const DELAY = Duration.minutes(1);
const WINDOW = Duration.seconds(20);

/** What could not be started yet is tried again after this, and so is what another poller has. */
const AGAIN = Duration.minutes(3);
const ATTEMPTS = 10;

/** From a change of a key or bucket in any account to new verdicts wherever flow logs depend on it. */
export class Ripple extends Construct {
  constructor(scope: Construct, id: string, { options, organization, code }: RippleProps) {
    super(scope, id);
    const deadLetters = deadLettersOf(this);
    const edits = new Queue(this, 'Edits', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deliveryDelay: DELAY,
      visibilityTimeout: AGAIN,
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: ATTEMPTS },
    });
    new Rule(this, 'Changes', {
      description: 'Changes of keys and buckets of all members',
      eventBus: this.bus(organization),
      eventPattern: { ...changePattern, detailType: changePattern['detail-type'] },
      targets: [new SqsQueue(edits)],
    });
    const logs = logsOf(this, options);
    const { ruleName, parameters } = options;
    const ripple = new Function(this, 'Function', {
      ...nodeFunction,
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
      },
    });
    new EventSourceMapping(this, 'Batches', {
      target: ripple,
      eventSourceArn: edits.queueArn,
      batchSize: 1000,
      maxBatchingWindow: WINDOW,
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    });
    this.alarms(options, { ripple, deadLetters });
  }

  /** The bus that members, and nobody else, may send changes to. */
  private bus({ id }: OrganizationOptions): IEventBus {
    const stack = Stack.of(this);
    const arn = stack.formatArn({
      service: 'events',
      resource: 'event-bus',
      resourceName: names.bus,
    });
    const { attrArn } = new CfnEventBus(this, 'Bus', {
      name: names.bus,
      description: 'Changes of keys and buckets of all members',
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Members',
            Effect: 'Allow',
            Principal: { AWS: '*' },
            Action: 'events:PutEvents',
            Resource: arn,
            Condition: {
              StringEquals: { 'aws:PrincipalOrgID': id },
              ArnLike: {
                'aws:PrincipalArn': `arn:${stack.partition}:iam::*:role/${names.forwarder}`,
              },
            },
          },
        ],
      },
    });
    return EventBus.fromEventBusArn(this, 'Members', attrArn);
  }

  private role(props: {
    readonly options: Options;
    readonly organization: OrganizationOptions;
    readonly logs: LogGroup;
    readonly edits: Queue;
  }): IRole {
    const { options, organization, logs, edits } = props;
    const stack = Stack.of(this);
    const role = writtenRole(this, {
      roleName: names.centralRipple,
      description: 'Asks who depends on what changed, and takes the reporter role there',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      policy: 'Ripple',
      permissions: [
        enterAccounts(stack, [names.reporter], organization.id),
        askAggregator,
        keepRecords(stack, stack.region),
        {
          sid: 'TakeEdits',
          actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
          resources: [edits.queueArn],
        },
        writeLogs(logs.logGroupArn),
      ],
      permissionsBoundaryArn: options.permissionsBoundaryArn,
    });
    // CDK would add broader statements than those that are written out.
    return role.withoutPolicyUpdates();
  }

  private alarms(
    options: Options,
    { ripple, deadLetters }: { readonly ripple: Function; readonly deadLetters: Queue },
  ): void {
    const period = Duration.minutes(15);
    const alarms = new Alarms(this, 'Alarms', options);
    alarms.ring('RippleErrors', {
      what: 'a change of a key or bucket was not answered yet, verdicts elsewhere may be old',
      metric: ripple.metricErrors({ period }),
    });
    alarms.ring('RippleDeadLetters', {
      what: `a change of a key or bucket was given up after ${ATTEMPTS} tries`,
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        period,
        statistic: 'Maximum',
      }),
    });
    alarms.ring('RulesNotStarted', {
      what: 'flow logs of an account depend on a key or bucket that changed, and its rule cannot be started',
      metric: new Metric({
        namespace: 'FlowLogKeyRule',
        metricName: 'RulesNotStarted',
        statistic: 'Sum',
        period,
        dimensionsMap: { service: options.ruleName },
      }),
    });
  }
}
