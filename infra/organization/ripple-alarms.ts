import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Alarms } from '../rule/alarms.ts';
import { LONGEST_WAIT } from './changes.ts';

interface Rippling {
  readonly ruleName: string;
  readonly ripple: IFunction;
  readonly edits: IQueue;
  readonly deadLetters: IQueue;
  readonly maxAttempts: number;
}

const period = Duration.minutes(15);

/** Adds the alarms of the ripple: of the way in, of the function, and of the rules to start. */
export function rippleAlarms(
  alarms: Alarms,
  { ruleName, ripple, edits, deadLetters, maxAttempts }: Rippling,
): void {
  alarms.ring('RippleErrors', {
    what: 'the ripple function failed; verdicts that depend on a changed key or bucket may be old',
    next: 'Look for errors in the log of the ripple function',
    metric: ripple.metricErrors({ period }),
  });
  alarms.ring('RippleDeadLetters', {
    what: `a change of a key or bucket did not reach the queue, or was not handled after ${maxAttempts} tries, and is in the dead-letter queue`,
    next: 'Mend the cause, start the rules again, and empty the queue',
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
  });
  alarms.ring('RippleWaits', {
    what: `a change of a key or bucket waits for more than ${LONGEST_WAIT.toMinutes()} minutes, so nobody takes changes`,
    next: 'See that the ripple function may run and reads the queue, and look for throttles of the function',
    metric: edits.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }),
    threshold: LONGEST_WAIT.toSeconds(),
  });
  alarms.ring('RulesNotStarted', {
    what: 'a key or bucket changed, and the rule of an account with dependent flow logs cannot be started',
    next: 'The log of the ripple function names the account and the cause',
    metric: new Metric({
      namespace: 'FlowLogKeyRule',
      metricName: 'RulesNotStarted',
      statistic: 'Sum',
      period,
      dimensionsMap: { service: ruleName },
    }),
  });
}
