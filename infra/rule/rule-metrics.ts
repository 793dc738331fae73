import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
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

/**
 * Many accounts publish into one metric, each at another time. After one period the zeros of the others would end an
 * alarm, as if all were well. Three periods outlast a run that fails, and a member that stops asking: MembersSilent rings
 * within two.
 */
const anyOfThree = { evaluationPeriods: 3, datapointsToAlarm: 1 };

/** The metrics that the evaluator publishes for one rule. */
export interface RuleMetrics {
  /** The time between two scheduled runs. */
  readonly period: Duration;
  readonly metric: (name: string, statistic: string, period?: Duration) => Metric;
  /** The settings of an alarm about the last scheduled run of each account. */
  readonly ofLastRun: (
    name: string,
    statistic: string,
  ) => { readonly metric: Metric } & Partial<typeof anyOfThree>;
  /**
   * 0 where a period has no point: CloudWatch would look farther back for points, and ring late or too long. The period
   * that has just begun is 0 too, and so is a period until its points arrive: one period alone says nothing.
   */
  readonly filled: (name: string, statistic: string, period: Duration) => MathExpression;
  /** As `filled`, and 0 while another metric is not above a number. */
  readonly filledWhile: (
    above: { readonly name: string; readonly threshold: number },
    name: string,
    period: Duration,
  ) => MathExpression;
}

/** `isOfMany` is true if many accounts publish into the metrics. */
export function ruleMetrics({ ruleName, frequency }: Options, isOfMany = false): RuleMetrics {
  const scheduled = Duration.hours(hours[frequency]);
  const metric = (metricName: string, statistic: string, period = scheduled): Metric =>
    new Metric({
      namespace: 'FlowLogKeyRule',
      metricName,
      statistic,
      period,
      dimensionsMap: { service: ruleName },
    });
  return {
    period: scheduled,
    metric,
    ofLastRun: (name, statistic) => ({
      metric: metric(name, statistic),
      ...(isOfMany ? anyOfThree : {}),
    }),
    filled: (name, statistic, period) =>
      new MathExpression({
        expression: 'FILL(m, 0)',
        usingMetrics: { m: metric(name, statistic, period) },
        period,
        label: name,
      }),
    filledWhile: (above, name, period) =>
      new MathExpression({
        expression: `IF(FILL(all, 0) > ${above.threshold}, FILL(m, 0), 0)`,
        usingMetrics: {
          all: metric(above.name, 'Maximum', period),
          m: metric(name, 'Maximum', period),
        },
        period,
        label: name,
      }),
  };
}
