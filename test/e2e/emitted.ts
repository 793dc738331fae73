import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readOptions } from '../../infra/options/options.ts';
import { AccountRule } from '../../infra/rule/account-rule.ts';
import { idIn, metricName, MINUTE, type Point } from '../infra/cloudwatch.ts';
import { credentials, runAgainst, startAws, type Account, type Ended } from './aws-stand-in.ts';
import { tables, type Item } from './dynamo-stand-in.ts';
import { functionCommand } from './function-command.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** A stack as it is deployed: the evaluator is run as its template says. */
export interface Deployed {
  readonly template: { readonly Resources: Readonly<Record<string, Resource>> };
  /** By id of the template: the function, its queue and its table. */
  readonly evaluator: string;
  readonly deadLetters: string;
  readonly table: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ruleName: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The synthesised stack for one account. */
export function deploy(given: Readonly<Record<string, unknown>>): Deployed {
  const stack = new Stack(new App(), 'FlowLogKeyRule');
  new AccountRule(stack, 'FlowLogKeyRule', { options: readOptions(given) });
  const template = Template.fromStack(stack).toJSON() as Deployed['template'];
  const named = (type: string, pattern: RegExp): [string, Resource['Properties']] => {
    for (const [id, { Type, Properties }] of Object.entries(template.Resources))
      if (Type === type && pattern.test(id)) return [id, Properties];
    throw new Error(`the template has no ${type} ${String(pattern)}`);
  };
  const [evaluator, { Environment }] = named('AWS::Lambda::Function', /Evaluator/);
  const [, rule] = named('AWS::Config::ConfigRule', /Rule/);
  const { Variables } = Environment as { Variables: Readonly<Record<string, unknown>> };
  return {
    template,
    evaluator,
    deadLetters: named('AWS::SQS::Queue', /EvaluatorDeadLetters/)[0],
    table: named('AWS::DynamoDB::Table', /EvaluatorRuns/)[0],
    environment: Object.fromEntries(
      Object.entries(Variables).map(([name, value]) => [name, idIn(value)]),
    ),
    ruleName: String(rule.ConfigRuleName),
    parameters: (rule.InputParameters ?? {}) as Readonly<Record<string, string>>,
  };
}

// Runs ---------------------------------------------------------------------------------------------------------------

const accountId = '111122223333';
const region = 'us-east-1';

/** AWS Config asks about everything, at a time. */
export interface Asked {
  readonly at: number;
  readonly world: Account;
  /** The world of a second and third attempt, where it is another. */
  readonly worldAfterwards?: Account;
}

/** The queue for dead letters. */
export interface Queue {
  /** Lambda may not write into it. */
  readonly refuses?: boolean;
  readonly emptiedAt: number;
}

/** Lambda's waits before the second and the third attempt. */
const waits = [0, MINUTE, 3 * MINUTE];

/** From the time of a request to its metrics. */
const RUN_MS = 20_000;

/** SQS tells the length of its queues once a minute; fewer points do here. */
const QUEUE_MS = 5 * MINUTE;

/** Runs the built evaluator for each request, one after the other with one table, and tells all that is published. */
export async function published(
  deployed: Deployed,
  asked: readonly Asked[],
  queue: Queue = { emptiedAt: 0 },
): Promise<readonly Point[]> {
  const { evaluator, deadLetters } = deployed;
  const run = evaluatorOf(deployed);
  const points: Point[] = [];
  const lambda = (name: string): string =>
    metricName('AWS/Lambda', name, { FunctionName: evaluator });
  for (const { at, world, worldAfterwards = world } of asked) {
    let failed = true;
    for (const [nth, wait] of waits.entries()) {
      const time = at + wait + RUN_MS;
      const emitted = await run(nth === 0 ? world : worldAfterwards, at);
      points.push(...emitted.metrics.map((each) => ({ ...each, at: time })));
      failed = emitted.failed;
      if (!failed) break;
    }
    if (!failed) continue;
    const dropped = at + 4 * MINUTE;
    points.push({ metric: lambda('AsyncEventsDropped'), at: dropped, value: 1 });
    if (queue.refuses) points.push({ metric: lambda('DeadLetterErrors'), at: dropped, value: 1 });
    else
      for (let time = dropped; time < queue.emptiedAt; time += QUEUE_MS)
        points.push({
          metric: metricName('AWS/SQS', 'ApproximateNumberOfMessagesVisible', {
            QueueName: deadLetters,
          }),
          at: time,
          value: 1,
        });
  }
  return points;
}

interface Emitted {
  readonly metrics: readonly Omit<Point, 'at'>[];
  readonly failed: boolean;
}

type Known = Emitted & { readonly after: readonly [string, Item][] };

/** By the world, and by all else that a run depends on. */
const known = new Map<Account, Map<string, Known>>();

/** Runs the evaluator; once only for the same world after the same run, which prints the same. */
function evaluatorOf(deployed: Deployed) {
  const { environment, table, parameters } = deployed;
  const runs = tables({ name: table });
  const items = runs.itemsIn(region);
  return async (world: Account, at: number): Promise<Emitted> => {
    const ofWorld = known.get(world) ?? new Map<string, Known>();
    known.set(world, ofWorld);
    const before = [...items.values()].map((item) => ({
      ...item,
      ttl: undefined,
      // An event that comes again is not another run.
      askedAt: item.askedAt?.N === String(at),
    }));
    const key = JSON.stringify([environment, parameters, before]);
    const emitted = ofWorld.get(key) ?? {
      ...(await invoke(deployed, { world, at, services: runs.operations })),
      after: [...items],
    };
    expect(runs.misunderstood).toEqual([]);
    ofWorld.set(key, emitted);
    for (const [id, item] of emitted.after) items.set(id, { ...item, askedAt: { N: String(at) } });
    return emitted;
  };
}

async function invoke(
  { environment, ruleName, parameters }: Deployed,
  { world, at, services }: Asked & Pick<Account, 'services'>,
): Promise<Emitted> {
  const aws = await startAws({ ...world, services: { ...services } });
  const event = {
    accountId,
    configRuleName: ruleName,
    resultToken: 'the-token',
    invokingEvent: JSON.stringify({
      messageType: 'ScheduledNotification',
      notificationCreationTime: new Date(at).toISOString(),
    }),
    ruleParameters: JSON.stringify(parameters),
  };
  const context = {
    awsRequestId: '0e7b7b6c-0000-4000-8000-000000000000',
    functionName: 'evaluator',
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:evaluator`,
    memoryLimitInMB: '512',
  };
  const env = {
    ...credentials,
    ...environment,
    AWS_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: context.functionName,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    // A lasting fault is one after a moment.
    FLOW_LOG_KEY_RETRY_MS: '300',
  };
  try {
    const ended = await runAgainst(aws, functionCommand('evaluate'), {
      env,
      input: JSON.stringify({ events: [event], context, milliseconds: 60_000 }),
    });
    return { metrics: metricsIn(ended), failed: ended.exitCode !== 0 };
  } finally {
    await aws.close();
  }
}

interface EmbeddedMetrics {
  readonly [name: string]: unknown;
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
export function metricsIn({ stdout }: Pick<Ended, 'stdout'>): readonly Point[] {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  const embedded = lines
    .map((line) => JSON.parse(line) as EmbeddedMetrics)
    .filter((line) => '_aws' in line);
  return embedded.flatMap((line) =>
    line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Dimensions.flatMap((names) =>
        Metrics.flatMap(({ Name }) =>
          [line[Name]].flat().map((value) => ({
            metric: metricName(
              Namespace,
              Name,
              Object.fromEntries(names.map((name) => [name, line[name]])),
            ),
            at: line._aws.Timestamp,
            value: Number(value),
          })),
        ),
      ),
    ),
  );
}
