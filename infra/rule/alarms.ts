import type { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  type CfnAlarm,
  ComparisonOperator,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { HOMEPAGE } from '../../rule/model/check-page.ts';
import type { Options } from '../options/options.ts';

type AlarmSettings = Partial<AlarmProps> &
  Pick<AlarmProps, 'metric'> & {
    /** The first sentence of the description, which operators read. */
    readonly what: string;
    /** The second sentence: the next step. */
    readonly next: string;
    /** After the alarm is made, the alarm is silent for this time: the metric has no points yet. */
    readonly warmUp?: Duration;
  };

/** Alarms that publish to the topic of the operator, by default if a metric is above zero. */
export class Alarms extends Construct {
  /** The alarms so far, in order. */
  readonly made: Alarm[] = [];
  readonly #ruleName: string;
  readonly #action: SnsAction | undefined;

  constructor(scope: Construct, id: string, { ruleName, alarmTopicArn }: Options) {
    super(scope, id);
    this.#ruleName = ruleName;
    this.#action =
      alarmTopicArn === undefined
        ? undefined
        : new SnsAction(Topic.fromTopicArn(this, 'Topic', alarmTopicArn));
  }

  /** The description links to the answer to the alarm: the page has a heading for each name. */
  ring(name: string, { what, next, warmUp, ...props }: AlarmSettings): void {
    const alarm = new Alarm(this, name, {
      alarmDescription: `${this.#ruleName}: ${what}. ${next}. See ${HOMEPAGE}/blob/main/docs/on-call.md#${name.toLowerCase()}`,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
    });
    this.made.push(alarm);
    if (warmUp !== undefined)
      // CDK has a property for this setting only since 2026.
      (alarm.node.defaultChild as CfnAlarm).addPropertyOverride('WarmUpConfiguration', {
        OnlyStartEvaluatingAfterWarmUpPeriodEnds: true,
        WarmUpPeriodDurationInMinutes: warmUp.toMinutes(),
      });
    if (this.#action === undefined) return;
    alarm.addAlarmAction(this.#action);
    alarm.addOkAction(this.#action);
  }
}
