import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { dashboard } from './dashboard.ts';
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

const QUARTER_OF_AN_HOUR = Duration.minutes(15);

export interface MonitoringProps {
  readonly evaluator: Evaluator;
  readonly mender: IFunction | undefined;
  readonly options: Options;
}

/** Alarms for operators, and a dashboard of the evaluator. */
export class Monitoring extends Construct {
  readonly #alarms: Alarms;
  readonly #options: Options;

  constructor(scope: Construct, id: string, { evaluator, mender, options }: MonitoringProps) {
    super(scope, id);
    this.#options = options;
    this.#alarms = new Alarms(this, 'Alarms', options);
    this.verdicts();
    this.failures(evaluator);
    this.schedule();
    this.settings();
    this.remediation(mender);
    const metric = (name: string, statistic: string) => this.metric(name, statistic);
    dashboard(this, { evaluator, mender, metric, options, alarms: this.#alarms.made });
  }

  private get period(): Duration {
    return Duration.hours(hours[this.#options.frequency]);
  }

  private metric(metricName: string, statistic: string, period = this.period): Metric {
    return new Metric({
      namespace: 'FlowLogKeyRule',
      metricName,
      statistic,
      period,
      dimensionsMap: { service: this.#options.ruleName },
    });
  }

  /** 0 where a period has no point: CloudWatch would look farther back for points, and ring late or too long. */
  private filled(metricName: string, statistic: string, period = this.period): MathExpression {
    const usingMetrics = { m: this.metric(metricName, statistic, period) };
    return new MathExpression({
      expression: 'FILL(m, 0)',
      usingMetrics,
      period,
      label: metricName,
    });
  }

  private verdicts(): void {
    const { unknownThreshold } = this.#options;
    this.#alarms.ring('Blocked', {
      what: 'flow logs are blocked; AWS writes nothing into the bucket',
      next: 'Read the annotations in AWS Config and mend the key policies',
      metric: this.metric('Blocked', 'Maximum'),
    });
    this.#alarms.ring('Unknown', {
      what: `more than ${unknownThreshold} flow logs are unknown: neither surely deliverable nor surely blocked`,
      next: 'The annotations in AWS Config name the lacking facts and the next steps',
      metric: this.metric('Unknown', 'Maximum'),
      threshold: unknownThreshold,
    });
    this.#alarms.ring('NewlyBlocked', {
      what: 'flow logs are blocked that were not blocked in the run before',
      next: 'The log of the evaluator names the flow logs',
      metric: this.filled('NewlyBlocked', 'Maximum', QUARTER_OF_AN_HOUR),
    });
    this.#alarms.ring('NewlyUnknown', {
      what: `more than ${unknownThreshold} flow logs are unknown that were not unknown in the run before`,
      next: 'The log of the evaluator names the flow logs',
      metric: this.filled('NewlyUnknown', 'Maximum', QUARTER_OF_AN_HOUR),
      threshold: unknownThreshold,
    });
  }

  private failures({ function: evaluator, deadLetters }: Evaluator): void {
    const period = QUARTER_OF_AN_HOUR;
    this.#alarms.ring('EventsDropped', {
      what: 'the evaluator failed three times for an event; some verdicts may be old',
      next: 'Look for errors in the log of the evaluator, and start an evaluation after the repair',
      metric: evaluator.metric('AsyncEventsDropped', { period, statistic: 'Sum' }),
    });
    this.#alarms.ring('DeadLetters', {
      what: 'events that the evaluator gave up are in the dead-letter queue',
      next: 'Mend the cause, start an evaluation, and empty the queue',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        period,
        statistic: 'Maximum',
      }),
    });
    this.#alarms.ring('DeadLetterErrors', {
      what: 'Lambda could not write an event into the dead-letter queue, so the event is lost',
      next: 'Start an evaluation, and see that the role of the evaluator may send to the queue',
      metric: evaluator.metric('DeadLetterErrors', { period, statistic: 'Sum' }),
    });
    if (this.#options.detailedFindings)
      this.#alarms.ring('FindingsFailed', {
        what: 'findings were not imported into Security Hub',
        next: 'Look for "findings not imported" in the log of the evaluator',
        metric: this.metric('FindingsFailed', 'Sum'),
      });
  }

  /** The unfinished period counts as 0, so two periods without a run: one whole period, and the time since. */
  private schedule(): void {
    this.#alarms.ring('NotScheduled', {
      what: 'no scheduled run succeeded in two periods',
      next: 'Look for errors in the log of the evaluator, and see that the recorder is on and the rule exists',
      metric: this.filled('ScheduledRuns', 'Sum'),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.BREACHING,
      warmUp: Duration.hours(2 * hours[this.#options.frequency]),
    });
  }

  private settings(): void {
    this.#alarms.ring('TypesNotRecorded', {
      what: 'AWS Config does not record all types that the rule needs, so changes are seen a day late or never',
      next: 'Let the recorder record AWS::EC2::FlowLog, AWS::S3::Bucket and AWS::KMS::Key',
      metric: this.metric('TypesNotRecorded', 'Maximum'),
    });
    this.#alarms.ring('ExemptionsExpired', {
      what: 'exemptions have expired and are ignored',
      next: 'The log names the owners: remove each expired exemption, or give a new day',
      metric: this.metric('ExemptionsExpired', 'Maximum'),
    });
  }

  private remediation(mender: IFunction | undefined): void {
    if (mender === undefined) return;
    this.#alarms.ring('NotMended', {
      what: 'a remediation failed and mended no key policy',
      next: 'The Automation execution says why',
      metric: mender.metricErrors({ period: QUARTER_OF_AN_HOUR }),
    });
  }
}
