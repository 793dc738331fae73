import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { coalesce, type Outcome, type Rules } from './coalesce.ts';
import { parseArn } from '../model/arn.ts';
import { restartsWith } from './restart.ts';
import { ruleStartsIn } from './rule-starts.ts';
import { clientConfig } from '../sources/aws/clients.ts';
import { placesOf } from './places.ts';
import { environment, rippleServiceName } from './environment.ts';
import { readMessage, type Edit } from './edits.ts';
import { takesRoles, type TakeRole } from '../sources/aws/roles.ts';
import { withinDeadline } from '../basics/time-limit.ts';

/** What is kept of the time limit for saying which messages have to come again, in milliseconds. */
const MARGIN = 10_000;

const logger = new Logger({ serviceName: rippleServiceName });
const metrics = new Metrics({ namespace: 'FlowLogKeyRule', serviceName: rippleServiceName });

const config = new ConfigServiceClient(clientConfig);
const dynamo = new DynamoDBClient(clientConfig);

/** Sessions in other accounts, which outlast an invocation. */
let takeRole: TakeRole | undefined;

/**
 * A queue tells of keys, aliases and buckets that changed somewhere; the rules of the accounts and Regions whose flow
 * logs depend on them are started. Answers which messages have to come again; rejects, for all of them, where nobody
 * can say who depends.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  logger.addContext(context);
  const deadline = Date.now() + context.getRemainingTimeInMillis() - MARGIN;
  try {
    const { edits, unreadable } = read(event);
    const again = await ripple(edits, { context, deadline });
    return {
      batchItemFailures: [...unreadable, ...again.map(({ messageId }) => messageId)].map(
        (itemIdentifier) => ({ itemIdentifier }),
      ),
    };
  } catch (error) {
    logger.error('no rule was started', error as Error);
    throw error;
  } finally {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  }
}

/** The edits among the messages; one that is none goes back, and what it holds stays out of the logs. */
function read({ Records }: SQSEvent) {
  const messages = Records.map(readMessage);
  const broken = messages.flatMap((each) => (each.kind === 'unreadable' ? [each] : []));
  for (const { messageId, why } of broken)
    logger.error('message is no change of an item', { messageId, why });
  return {
    edits: messages.flatMap((each) => (each.kind === 'edit' ? [each.edit] : [])),
    unreadable: broken.map(({ messageId }) => messageId),
  };
}

/** Starts what depends on the edits; resolves with those that have to come again. */
async function ripple(
  edits: readonly Edit[],
  { context, deadline }: { readonly context: Context; readonly deadline: number },
): Promise<readonly Edit[]> {
  const { AGGREGATOR, ...read } = environment();
  metrics.addMetric('Edits', MetricUnit.Count, edits.length);
  const { region = '', partition = '' } = parseArn(context.invokedFunctionArn) ?? {};
  const aggregator = { client: config, name: AGGREGATOR, partition };
  const asked = placesOf(
    aggregator,
    edits.map(({ about }) => about),
  );
  const places = await withinDeadline(asked, deadline);
  const { outcomes, again } = await coalesce(edits, places, rulesWith(read, region, deadline));
  tellOf(outcomes);
  logger.info('edits', { edits: edits.length, again: again.length });
  return again;
}

function rulesWith(
  read: Omit<ReturnType<typeof environment>, 'AGGREGATOR'>,
  region: string,
  deadline: number,
): Rules {
  takeRole ??= takesRoles(region);
  const starts = ruleStartsIn(dynamo, read.TABLE_NAME);
  const restart = restartsWith({
    takeRole,
    roleName: read.REPORTER_ROLE_NAME,
    ruleName: read.RULE_NAME,
    starts,
    notNoted(error) {
      logger.error('start was not noted, so the rule may be started once more', error as Error);
    },
  });
  const early = async <T>(work: () => Promise<T>): Promise<T> => {
    if (Date.now() >= deadline) throw new Error('time limit is near');
    return withinDeadline(work(), deadline);
  };
  return {
    lastStart: (place) => early(() => starts.last(place)),
    start: (place) => early(() => restart(place)),
  };
}

/** A line for each rule that cannot be started, and one for each reason why others have to wait. */
function tellOf(outcomes: readonly Outcome[]): void {
  const count = (kind: Outcome['kind']) => outcomes.filter((each) => each.kind === kind).length;
  metrics.addMetric('RulesStarted', MetricUnit.Count, count('started'));
  // An alarm ends where there is a zero, not where there is nothing.
  metrics.addMetric('RulesNotStarted', MetricUnit.Count, count('never'));
  const waiting = new Map<string, number>();
  for (const each of outcomes) {
    const { accountId, region } = each.place;
    if (each.kind === 'never') logger.warn(each.why, { accountId, region });
    if (each.kind === 'later') waiting.set(each.why, (waiting.get(each.why) ?? 0) + 1);
  }
  for (const [why, rules] of waiting) logger.warn('rules have to wait', { rules, why });
  logger.info('rules', { started: count('started'), covered: count('covered') });
}
