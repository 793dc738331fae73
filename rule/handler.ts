import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import type { Context } from 'aws-lambda';
import { evaluate } from './evaluate.ts';
import { parseArn } from './model/arn.ts';
import { readParameters } from './parameters.ts';
import { evaluationSink } from './sinks/evaluations.ts';
import { counter, gently, makeClients } from './sources/clients.ts';
import { readEvent } from './sources/config-event.ts';
import type { Judged, NotJudged } from './survey.ts';

/** What is kept of the time limit for reporting what was judged and ending in order, in milliseconds. */
const MARGIN = 10_000;

const logger = new Logger({ serviceName: 'flow-log-key-rule' });
const metrics = new Metrics({ namespace: 'FlowLogKeyRule', serviceName: 'flow-log-key-rule' });

/** What happened in this invocation, by the name of its metric. */
const tally = new Map<string, number>();
const count = (
  name: 'ApiCalls' | 'Evaluated' | 'Blocked' | 'Unknown' | 'NotJudged' | 'Failed',
): void => {
  tally.set(name, (tally.get(name) ?? 0) + 1);
};

const calls = counter(() => {
  count('ApiCalls');
});
const clients = makeClients(calls);
const config = new ConfigServiceClient({ ...gently, logger: calls });

/**
 * AWS Config asks; evaluations answer. Rejects for what is no event of AWS Config, an event of another account, a
 * bad rule parameter, and any flow log that could not be judged or reported.
 * https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html
 */
export async function handler(event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  try {
    const asked = readEvent(event);
    refuseStrangers(asked.accountId, context);
    const parameters = readParameters(asked.parameters);
    logger.info('asked', { subject: asked.subject, orderingTime: asked.orderingTime });
    const sink = evaluationSink(config, asked.resultToken);
    await evaluate({
      asked,
      region: regionOf(context),
      parameters,
      clients,
      config,
      sink,
      deadline: Date.now() + context.getRemainingTimeInMillis() - MARGIN,
      note,
    });
    logger.info('reported', { evaluations: sink.reported() });
  } catch (error) {
    count('Failed');
    logger.error('invocation failed', error as Error);
    throw error;
  } finally {
    for (const [name, value] of tally) metrics.addMetric(name, MetricUnit.Count, value);
    if (tally.size > 0) metrics.publishStoredMetrics();
    tally.clear();
  }
}

/** Evaluations can only be put for the account that runs this function. */
function refuseStrangers(accountId: string, { invokedFunctionArn }: Context): void {
  const own = parseArn(invokedFunctionArn)?.accountId;
  if (own !== accountId)
    throw new Error(
      `event of account ${accountId} refused: this function answers for ${own ?? 'no account'}`,
    );
}

const regionOf = ({ invokedFunctionArn }: Context): string =>
  parseArn(invokedFunctionArn)?.region ?? '';

/** One line for each flow log that is not surely delivered; policies and their conditions stay out of the logs. */
function note(it: Judged | NotJudged): void {
  count('Evaluated');
  const flowLogId = it.flowLog.id;
  if ('failure' in it) {
    count('NotJudged');
    logger.error('flow log could not be judged', { flowLogId, error: it.failure as Error });
    return;
  }
  const { outcome, reason, bucket, keyArn } = it.verdict;
  if (outcome !== 'blocked' && outcome !== 'unknown') return;
  count(outcome === 'blocked' ? 'Blocked' : 'Unknown');
  logger.warn('flow log is not surely delivered', { flowLogId, outcome, reason, bucket, keyArn });
}
