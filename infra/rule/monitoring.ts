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

export interface MonitoringProps {
  readonly evaluator: Evaluator;
  readonly mender: IFunction | undefined;
  readonly options: Options;
}

/** Alarms for operators, and a dashboard of the evaluator. */
export class Monitoring extends Construct {
  readonly #alarms: Alarms;
  readonly #metrics: RuleMetrics;
  readonly #options: Options;

  constructor(scope: Construct, id: string, { evaluator, mender, options }: MonitoringProps) {
    super(scope, id);
    this.#options = options;
    this.#metrics = ruleMetrics(options);
    this.#alarms = new Alarms(this, 'Alarms', options);
    this.verdicts();
    this.failures(evaluator);
    this.schedule();
    this.settings();
    this.remediation(mender);
    const { metric } = this.#metrics;
    dashboard(this, { evaluator, mender, metric, options, alarms: this.#alarms.made });
  }

  private verdicts(): void {
    const { unknownThreshold } = this.#options;
    this.#alarms.ring('Blocked', {
      what: 'flow logs are blocked; AWS writes nothing into the bucket',
      next: 'Read the annotations in AWS Config and mend the key policies',
      metric: this.#metrics.metric('Blocked', 'Maximum'),
    });
    this.#alarms.ring('Unknown', {
      what: `more than ${unknownThreshold} flow logs are unknown: neither surely deliverable nor surely blocked`,
      next: 'The annotations in AWS Config name the lacking facts and the next steps',
      metric: this.#metrics.metric('Unknown', 'Maximum'),
      threshold: unknownThreshold,
    });
    this.#alarms.ring('NewlyBlocked', {
      what: 'flow logs are blocked that were not blocked in the run before',
      next: 'The log of the evaluator names the flow logs',
      metric: this.#metrics.filled('NewlyBlocked', 'Maximum', QUARTER_OF_AN_HOUR),
    });
    this.#alarms.ring('NewlyUnknown', {
      what: `more than ${unknownThreshold} flow logs are unknown that were not unknown in the run before`,
      next: 'The log of the evaluator names the flow logs',
      metric: this.#metrics.filled('NewlyUnknown', 'Maximum', QUARTER_OF_AN_HOUR),
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
        metric: this.#metrics.metric('FindingsFailed', 'Sum'),
      });
  }

  /** The unfinished period counts as 0, so two periods without a run: one whole period, and the time since. */
  private schedule(): void {
    this.#alarms.ring('NotScheduled', {
      what: 'no scheduled run succeeded in two periods',
      next: 'Look for errors in the log of the evaluator, and see that the recorder is on and the rule exists',
      metric: this.#metrics.filled('ScheduledRuns', 'Sum'),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.BREACHING,
      warmUp: Duration.hours(2 * this.#metrics.period.toHours()),
    });
  }

  private settings(): void {
    this.#alarms.ring('TypesNotRecorded', {
      what: 'AWS Config does not record all types that the rule needs, so changes are seen a day late or never',
      next: 'Let the recorder record AWS::EC2::FlowLog, AWS::S3::Bucket and AWS::KMS::Key',
      metric: this.#metrics.metric('TypesNotRecorded', 'Maximum'),
    });
    this.#alarms.ring('ExemptionsExpired', {
      what: 'exemptions have expired and are ignored',
      next: 'The log names the owners: remove each expired exemption, or give a new day',
      metric: this.#metrics.metric('ExemptionsExpired', 'Maximum'),
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
