import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Evaluator } from './evaluator.ts';
import type { Frequency, Options } from './options.ts';

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
  readonly options: Options;
}

/** Alarms on what an operator has to hear of, and a dashboard of what the evaluator does. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, { evaluator, options }: MonitoringProps) {
    super(scope, id);
    const { ruleName, frequency, unknownThreshold, alarmTopicArn, detailedFindings } = options;
    const period = Duration.hours(hours[frequency]);
    const metric = (metricName: string, statistic: string): Metric =>
      new Metric({
        namespace: 'FlowLogKeyRule',
        metricName,
        statistic,
        period,
        dimensionsMap: { service: ruleName },
      });
    const alarm = (
      name: string,
      {
        what,
        ...props
      }: Partial<AlarmProps> & Pick<AlarmProps, 'metric' | 'threshold'> & { what: string },
    ) =>
      new Alarm(this, name, {
        alarmDescription: `${ruleName}: ${what}. See docs/operations.md`,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        ...props,
      });
    const alarms = [
      alarm('Blocked', {
        what: 'flow logs are blocked, AWS writes nothing into their bucket',
        metric: metric('Blocked', 'Maximum'),
        threshold: 0,
      }),
      alarm('Unknown', {
        what: `more than ${unknownThreshold} flow logs are neither surely delivered nor surely blocked`,
        metric: metric('Unknown', 'Maximum'),
        threshold: unknownThreshold,
      }),
      alarm('Errors', {
        what: 'the evaluator failed, and some verdicts may be old',
        metric: evaluator.function.metricErrors({ period: Duration.minutes(15) }),
        threshold: 0,
      }),
      alarm('DeadLetters', {
        what: 'an event was given up after three tries',
        metric: evaluator.deadLetters.metricApproximateNumberOfMessagesVisible({
          period: Duration.minutes(15),
          statistic: 'Maximum',
        }),
        threshold: 0,
      }),
      alarm('NotScheduled', {
        what: 'no scheduled run ended well in two periods',
        metric: metric('ScheduledRuns', 'Sum'),
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: 1,
        evaluationPeriods: 2,
        treatMissingData: TreatMissingData.BREACHING,
      }),
    ];
    if (detailedFindings)
      alarms.push(
        alarm('FindingsFailed', {
          what: 'findings were not imported into Security Hub',
          metric: metric('FindingsFailed', 'Sum'),
          threshold: 0,
        }),
      );
    if (alarmTopicArn !== undefined) {
      const tell = new SnsAction(Topic.fromTopicArn(this, 'Topic', alarmTopicArn));
      for (const each of alarms) {
        each.addAlarmAction(tell);
        each.addOkAction(tell);
      }
    }
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
