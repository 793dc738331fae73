import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  type Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Evaluator } from './evaluator.ts';
import type { Options } from '../options/options.ts';

interface Shown {
  readonly evaluator: Evaluator;
  readonly mender: IFunction | undefined;
  readonly metric: (name: string, statistic: string) => Metric;
  readonly options: Options;
  readonly alarms: readonly Alarm[];
}

/** Alarms, verdicts with causes, settings that keep changes unseen, calls and time, and the mender. */
export function dashboard(
  scope: Construct,
  { evaluator, mender, metric, options: { ruleName }, alarms }: Shown,
): Dashboard {
  const all = (...names: readonly string[]) => names.map((name) => metric(name, 'Maximum'));
  const graph = (title: string, left: Metric[]) => new GraphWidget({ title, width: 12, left });
  return new Dashboard(scope, 'Dashboard', {
    widgets: [
      [new AlarmStatusWidget({ title: `${ruleName}: alarms`, width: 24, alarms: [...alarms] })],
      [
        graph(
          'Flow logs by verdict',
          all('Evaluated', 'Blocked', 'Unknown', 'NewlyBlocked', 'NewlyUnknown', 'NotJudged'),
        ),
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
        graph('Recorder and exemptions', all('TypesNotRecorded', 'ExemptionsExpired')),
        graph('Calls to AWS', [metric('ApiCalls', 'Sum')]),
      ],
      [
        graph('Duration', [evaluator.function.metricDuration({ statistic: 'Maximum' })]),
        ...(mender === undefined
          ? []
          : [graph('Mender', [mender.metricInvocations(), mender.metricErrors()])]),
      ],
    ],
  });
}
