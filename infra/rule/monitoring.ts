import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { dashboard } from './dashboard.ts';
import type { Evaluator } from './evaluator.ts';
import type { Options } from '../options/options.ts';
import { ruleMetrics, type RuleMetrics } from './rule-metrics.ts';

const QUARTER_OF_AN_HOUR = Duration.minutes(15);
/** A point that arrives after the end of its period counts in the second period. */
const eitherOfTwo = { evaluationPeriods: 2, datapointsToAlarm: 1 };

/** A part of each schedule is a whole number of minutes; two periods have few enough parts for CloudWatch. */
const PARTS_OF_A_PERIOD = 12;

export interface MonitoringProps {
  readonly evaluator: Evaluator;
  readonly mender: IFunction | undefined;
  readonly options: Options;
  readonly isOfMany?: boolean;
  readonly more?: ((alarms: Alarms, metrics: RuleMetrics) => void) | undefined;
}

/** Alarms for operators, and a dashboard of the evaluator. */
export class Monitoring extends Construct {
  readonly alarms: Alarms;
  readonly #metrics: RuleMetrics;
  readonly #options: Options;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { evaluator, mender, options, isOfMany, more } = props;
    this.#options = options;
    this.#metrics = ruleMetrics(options, isOfMany);
    this.alarms = new Alarms(this, 'Alarms', options);
    this.verdicts();
    this.failures(evaluator);
    this.schedule();
    this.settings();
    this.remediation(mender);
    more?.(this.alarms, this.#metrics);
    const { metric } = this.#metrics;
    dashboard(this, { evaluator, mender, metric, options, alarms: this.alarms.made });
  }

  private verdicts(): void {
    const { unknownThreshold } = this.#options;
    this.alarms.ring('Blocked', {
      what: 'flow logs are blocked; AWS writes nothing into the bucket',
      next: 'Read the annotations in AWS Config and mend the key policies',
      ...this.#metrics.ofLastRun('Blocked', 'Maximum'),
    });
    this.alarms.ring('Unknown', {
      what: `more than ${unknownThreshold} flow logs are unknown: neither surely deliverable nor surely blocked`,
      next: 'The annotations in AWS Config name the lacking facts and the next steps',
      ...this.#metrics.ofLastRun('Unknown', 'Maximum'),
      threshold: unknownThreshold,
    });
    this.alarms.ring('NewlyBlocked', {
      what: 'flow logs are blocked that were not blocked in the run before',
      next: 'The log of the evaluator names the flow logs',
      metric: this.#metrics.filled('NewlyBlocked', 'Maximum', QUARTER_OF_AN_HOUR),
      ...eitherOfTwo,
    });
    this.alarms.ring('NewlyUnknown', {
      what: `more than ${unknownThreshold} flow logs are unknown, and some were not unknown in the run before`,
      next: 'The log of the evaluator names the flow logs',
      metric: this.#metrics.filledWhile(
        { name: 'Unknown', threshold: unknownThreshold },
        'NewlyUnknown',
        QUARTER_OF_AN_HOUR,
      ),
      ...eitherOfTwo,
    });
  }

  private failures({ function: evaluator, deadLetters }: Evaluator): void {
    const sum = { period: QUARTER_OF_AN_HOUR, statistic: 'Sum' };
    const most = { ...sum, statistic: 'Maximum' };
    this.alarms.ring('EventsDropped', {
      what: 'the evaluator failed three times for an event; some verdicts may be old',
      next: 'Look for errors in the log of the evaluator, and start an evaluation after the repair',
      metric: evaluator.metric('AsyncEventsDropped', sum),
    });
    this.alarms.ring('DeadLetters', {
      what: 'events that nobody answered are in the dead-letter queue',
      next: 'A message says why: mend the cause, start an evaluation, and empty the queue',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible(most),
    });
    this.alarms.ring('DeadLetterErrors', {
      what: 'Lambda could not write an event into the dead-letter queue, so the event is lost',
      next: 'Start an evaluation, and see that the role of the evaluator may send to the queue',
      metric: evaluator.metric('DeadLetterErrors', sum),
    });
    if (this.#options.detailedFindings)
      this.alarms.ring('FindingsFailed', {
        what: 'findings were not imported into Security Hub',
        next: 'Look for "findings not imported" in the log of the evaluator',
        ...this.#metrics.ofLastRun('FindingsFailed', 'Sum'),
      });
  }

  /**
   * Two periods without a run, in parts: a run that comes minutes later each day may leave out a day of the clock, and
   * the day that has just begun counts as 0.
   */
  private schedule(): void {
    const { period, filled } = this.#metrics;
    const partsOfTwo = 2 * PARTS_OF_A_PERIOD;
    this.alarms.ring('NotScheduled', {
      what: 'no scheduled run succeeded in two periods',
      next: 'Look for errors in the log of the evaluator, and see that the recorder is on and the rule exists',
      metric: filled(
        'ScheduledRuns',
        'Sum',
        Duration.minutes(period.toMinutes() / PARTS_OF_A_PERIOD),
      ),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: partsOfTwo,
      datapointsToAlarm: partsOfTwo,
      treatMissingData: TreatMissingData.BREACHING,
      warmUp: Duration.hours(2 * period.toHours()),
    });
  }

  private settings(): void {
    this.alarms.ring('TypesNotRecorded', {
      what: 'AWS Config does not record all types that the rule needs, so changes are seen a day late or never',
      next: 'Let the recorder record AWS::EC2::FlowLog, AWS::S3::Bucket and AWS::KMS::Key',
      ...this.#metrics.ofLastRun('TypesNotRecorded', 'Maximum'),
    });
    this.alarms.ring('ExemptionsExpired', {
      what: 'exemptions have expired and are ignored',
      next: 'The log names the owners: remove each expired exemption, or give a new day',
      ...this.#metrics.ofLastRun('ExemptionsExpired', 'Maximum'),
    });
  }

  private remediation(mender: IFunction | undefined): void {
    if (mender === undefined) return;
    this.alarms.ring('NotMended', {
      what: 'a remediation failed, and perhaps mended no key policy',
      next: 'The Automation execution says why',
      metric: mender.metricErrors({ period: QUARTER_OF_AN_HOUR }),
    });
  }
}
