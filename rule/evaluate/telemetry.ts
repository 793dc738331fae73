import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Judged, NotJudged } from '../judge/survey.ts';
import { counter } from '../sources/aws/clients.ts';
import { environment } from './environment.ts';

/** The metrics of the rule by name. Alarms and dashboards read these names. */
type Metric =
  | 'ApiCalls'
  | 'Evaluated'
  | 'Blocked'
  | 'Unknown'
  | 'NewlyBlocked'
  | 'NewlyUnknown'
  | 'NotJudged'
  | 'Failed'
  | 'FindingsFailed'
  | 'ExemptionsExpired'
  | 'MembersSilent'
  | 'ScheduledRuns'
  | 'TypesNotRecorded';

const serviceName = environment.POWERTOOLS_SERVICE_NAME;
export const logger = new Logger({ serviceName });
const evaluateMetrics = new Metrics({ namespace: 'FlowLogKeyRule', serviceName });

/** The counts of the running invocation. */
const counts = new Map<Metric, number>();

/** Adds to a metric of the running invocation. */
export function count(metric: Metric, by = 1): void {
  counts.set(metric, (counts.get(metric) ?? 0) + by);
}

/** Counts the calls to AWS. */
export const callCounter = counter(() => {
  count('ApiCalls');
});

/** Publishes the counts of the invocation and begins anew. */
export function publishCounts(): void {
  for (const [name, value] of counts) evaluateMetrics.addMetric(name, MetricUnit.Count, value);
  if (counts.size > 0) evaluateMetrics.publishStoredMetrics();
  counts.clear();
}

/** Forgets the numbers of verdicts in a run that did not end: a part of the flow logs would look like all. */
export function forgetVerdictCounts(): void {
  for (const metric of ['Blocked', 'Unknown'] as const) counts.delete(metric);
}

/** Publishes 0 for a run without flow logs: with missing data CloudWatch would leave the alarm ringing. */
export function countResultsFromZero(): void {
  for (const metric of ['Evaluated', 'Blocked', 'Unknown', 'NotJudged'] as const) count(metric, 0);
}

/** Counts a flow log, and logs a line unless delivery is sure. Policies and their conditions stay out of the logs. */
export function recordResult(result: Judged | NotJudged): void {
  count('Evaluated');
  const flowLogId = result.flowLog.id;
  if (result.kind === 'not-judged') {
    count('NotJudged');
    logger.error('flow log could not be judged', { flowLogId, error: result.failure as Error });
    return;
  }
  const { outcome, reason, bucket, keyArn } = result.verdict;
  if (outcome !== 'blocked' && outcome !== 'unknown') return;
  count(outcome === 'blocked' ? 'Blocked' : 'Unknown');
  logger.warn('flow log is not surely delivered', { flowLogId, outcome, reason, bucket, keyArn });
}
