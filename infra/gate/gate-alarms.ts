import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { MonitoringProps } from '../rule/monitoring.ts';

const PERIOD = Duration.minutes(15);

/** Alarms for stacks that the hook could not judge: the function says so, or has not answered at all. */
export const gateAlarms =
  (gate: IFunction): MonitoringProps['more'] =>
  (alarms, { filled }) => {
    alarms.ring('HookFailed', {
      what: 'the hook could not judge a stack or a change set',
      next: 'Look for "stack was not judged" in the log of the hook',
      metric: filled('HookFailed', 'Sum', PERIOD),
      // A point that arrives after the end of its period counts in the second period.
      evaluationPeriods: 2,
      datapointsToAlarm: 1,
    });
    alarms.ring('HookErrors', {
      what: 'the function of the hook ended without an answer',
      next: 'The log of the hook says why',
      metric: gate.metricErrors({ period: PERIOD }),
    });
  };
