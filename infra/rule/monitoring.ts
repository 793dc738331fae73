import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import type { Evaluator } from './evaluator.ts';
import type { Options } from '../options/options.ts';
import type { Frequency } from '../options/rule.ts';

/** Hours between two scheduled runs. */
const hours: Record<Frequency, number> = {
  One_Hour: 1,
  Three_Hours: 3,
  Six_Hours: 6,
  Twelve_Hours: 12,
  TwentyFour_Hours: 24,
};

export interface MonitoringProps {
  readonly evaluator: Evaluator;
  readonly mender: IFunction | undefined;
  readonly options: Options;
}

/** Alarms for operators, and a dashboard of the evaluator. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, { evaluator, mender, options }: MonitoringProps) {
    super(scope, id);
    const { ruleName, frequency, unknownThreshold, detailedFindings } = options;
    const period = Duration.hours(hours[frequency]);
    const metric = (metricName: string, statistic: string): Metric =>
      new Metric({
        namespace: 'FlowLogKeyRule',
        metricName,
        statistic,
        period,
        dimensionsMap: { service: ruleName },
      });
    const alarms = new Alarms(this, 'Alarms', options);
    alarms.ring('Blocked', {
      what: 'flow logs are blocked; AWS writes nothing into the bucket',
      metric: metric('Blocked', 'Maximum'),
    });
    alarms.ring('Unknown', {
      what: `more than ${unknownThreshold} flow logs are unknown: neither surely deliverable nor surely blocked`,
      metric: metric('Unknown', 'Maximum'),
      threshold: unknownThreshold,
    });
    alarms.ring('Errors', {
      what: 'the evaluator failed; some verdicts may be old',
      metric: evaluator.function.metricErrors({ period: Duration.minutes(15) }),
    });
    alarms.ring('DeadLetters', {
      what: 'the evaluator failed three times for an event, which is in the dead-letter queue',
      metric: evaluator.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(15),
        statistic: 'Maximum',
      }),
    });
    alarms.ring('NotScheduled', {
      what: 'no scheduled run succeeded in two periods',
      metric: metric('ScheduledRuns', 'Sum'),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 2,
      treatMissingData: TreatMissingData.BREACHING,
    });
    if (detailedFindings)
      alarms.ring('FindingsFailed', {
        what: 'findings were not imported into Security Hub',
        metric: metric('FindingsFailed', 'Sum'),
      });
    if (mender !== undefined)
      alarms.ring('NotMended', {
        what: 'a remediation failed and mended no key policy; the Automation execution says why',
        metric: mender.metricErrors({ period: Duration.minutes(15) }),
      });
    this.dashboard(evaluator, metric, ruleName);
  }

  private dashboard(
    evaluator: Evaluator,
    metric: (name: string, statistic: string) => Metric,
    ruleName: string,
  ): void {
    const all = (...names: readonly string[]) => names.map((name) => metric(name, 'Maximum'));
    new Dashboard(this, 'Dashboard', {
      widgets: [
        [
          new GraphWidget({
            title: `${ruleName}: flow logs by verdict`,
            width: 12,
            left: all('Evaluated', 'Blocked', 'Unknown', 'NotJudged'),
          }),
          new LogQueryWidget({
            title: 'Causes',
            width: 12,
            view: LogQueryVisualizationType.TABLE,
            logGroupNames: [evaluator.logs.logGroupName],
            queryLines: [
              "filter message = 'flow log is not surely delivered'",
              'stats count_distinct(flowLogId) as flowLogs by reason, outcome, keyArn',
              'sort flowLogs desc',
            ],
          }),
        ],
        [
          new GraphWidget({ title: 'Calls to AWS', width: 12, left: [metric('ApiCalls', 'Sum')] }),
          new GraphWidget({
            title: 'Duration',
            width: 12,
            left: [evaluator.function.metricDuration({ statistic: 'Maximum' })],
          }),
        ],
      ],
    });
  }
}
