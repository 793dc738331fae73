/** The door for a queue of edited keys, aliases and buckets: starts the rule wherever flow logs depend on an edit. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { withinDeadline } from '../basics/time-limit.ts';
import { parseArn } from '../model/arn.ts';
import { clientConfig } from '../sources/aws/clients.ts';
import { takesRoles, type TakeRole } from '../sources/aws/roles.ts';
import { coalesce, type RuleResult, type Rules } from './coalesce.ts';
import { dependentPlaces } from './dependent-places.ts';
import { readMessage, type Edit } from './edits.ts';
import { environment, rippleServiceName } from './environment.ts';
import { restartsWith } from './restart.ts';
import { ruleStartsIn } from './rule-starts.ts';

/** Reserved before the function's time limit, for naming the messages to deliver again. */
const RESERVED_FOR_ANSWER_MS = 10_000;

const logger = new Logger({ serviceName: rippleServiceName });
const rippleMetrics = new Metrics({
  namespace: 'FlowLogKeyRule',
  serviceName: rippleServiceName,
});

const aggregatorClient = new ConfigServiceClient(clientConfig);
const dynamo = new DynamoDBClient(clientConfig);

/** Keeps sessions in other accounts for later invocations. */
let takeReporterRole: TakeRole | undefined;

/**
 * Starts the dependent rules of a batch of messages, and answers with the messages to deliver again. Rejects, for the whole
 * batch, where the aggregator does not answer.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  logger.addContext(context);
  const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVED_FOR_ANSWER_MS;
  try {
    const { edits, unreadableIds } = readEdits(event);
    const editsToRetry = await startDependentRules(edits, context.invokedFunctionArn, deadline);
    const ids = [...unreadableIds, ...editsToRetry.map(({ messageId }) => messageId)];
    return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
  } catch (error) {
    logger.error('no rule was started', error as Error);
    throw error;
  } finally {
    if (rippleMetrics.hasStoredMetrics()) rippleMetrics.publishStoredMetrics();
  }
}

/** The edits among the messages, and the ids of unreadable messages. The content of an unreadable message stays out of the logs. */
function readEdits({ Records }: SQSEvent) {
  const messages = Records.map(readMessage);
  const unreadable = messages.flatMap((each) => (each.kind === 'unreadable' ? [each] : []));
  for (const { messageId, why } of unreadable)
    logger.error('message is no change of an item', { messageId, why });
  return {
    edits: messages.flatMap((each) => (each.kind === 'edit' ? [each.edit] : [])),
    unreadableIds: unreadable.map(({ messageId }) => messageId),
  };
}

/** Starts each rule that depends on the edits; resolves with the edits to deliver again. */
async function startDependentRules(
  edits: readonly Edit[],
  functionArn: string,
  deadline: number,
): Promise<readonly Edit[]> {
  const variables = environment();
  rippleMetrics.addMetric('Edits', MetricUnit.Count, edits.length);
  const { region = '', partition = '' } = parseArn(functionArn) ?? {};
  const aggregator = { client: aggregatorClient, name: variables.AGGREGATOR, partition };
  const dependencies = edits.map(({ dependency }) => dependency);
  const placesOf = await withinDeadline(
    dependentPlaces(aggregator, dependencies),
    deadline,
    `aggregator ${aggregator.name} has not answered, and the queue delivers the edits again`,
  );
  const rules = rulesStartedFrom(region, variables, deadline);
  const { results, editsToRetry } = await coalesce(edits, placesOf, rules);
  reportResults(results);
  logger.info('edits', { edits: edits.length, again: editsToRetry.length });
  return editsToRetry;
}

function rulesStartedFrom(
  region: string,
  variables: ReturnType<typeof environment>,
  deadline: number,
): Rules {
  takeReporterRole ??= takesRoles(region);
  const starts = ruleStartsIn(dynamo, variables.TABLE_NAME);
  const restart = restartsWith({
    takeRole: takeReporterRole,
    roleName: variables.REPORTER_ROLE_NAME,
    ruleName: variables.RULE_NAME,
    starts,
    onNotRemembered(error) {
      logger.error('start was not noted, so the rule may be started once more', error as Error);
    },
  });
  const inTime = async <T>(work: () => Promise<T>): Promise<T> => {
    const again = 'the queue delivers the edits again';
    if (Date.now() >= deadline) throw new Error(`time limit is near: ${again}`);
    return withinDeadline(work(), deadline, again);
  };
  return {
    lastStart: (place) => inTime(() => starts.last(place)),
    start: (place) => inTime(() => restart(place)),
  };
}

/** Warns of each rule that cannot be started, and once for each reason to wait. */
function reportResults(results: readonly RuleResult[]): void {
  const countOf = (kind: RuleResult['kind']) => results.filter((each) => each.kind === kind).length;
  rippleMetrics.addMetric('RulesStarted', MetricUnit.Count, countOf('started'));
  // Publish 0 too: with missing data CloudWatch would leave the alarm ringing.
  rippleMetrics.addMetric('RulesNotStarted', MetricUnit.Count, countOf('never'));
  const waiting = new Map<string, number>();
  for (const result of results) {
    const { accountId, region } = result.place;
    if (result.kind === 'never') logger.warn(result.why, { accountId, region });
    if (result.kind === 'later') waiting.set(result.why, (waiting.get(result.why) ?? 0) + 1);
  }
  for (const [why, rules] of waiting) logger.warn('rules have to wait', { rules, why });
  logger.info('rules', { started: countOf('started'), covered: countOf('covered') });
}
