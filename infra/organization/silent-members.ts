import { Duration, type Stack } from 'aws-cdk-lib';
import { type IRuleTarget, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alarms } from '../rule/alarms.ts';
import type { Evaluator } from '../rule/evaluator.ts';
import type { RuleMetrics } from '../rule/rule-metrics.ts';
import type { Names } from './names.ts';
import type { OrganizationOptions } from '../options/organization.ts';
import type { MemberComparison } from '../../rule/evaluate/silent-members.ts';

/**
 * The input of a target holds 8,192 characters, and a rule has five targets: enough for all accounts of an organization.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
const MEMBERS_OF_A_TARGET = 500;

interface Compared {
  readonly evaluator: Evaluator;
  readonly organization: OrganizationOptions;
  /** The time between two scheduled runs of a member. */
  readonly period: Duration;
}

/**
 * Lets the evaluator of this Region look for silent members twice in each period. One and a half periods of silence are
 * too long, so a member is known as silent within two periods after the last time that the member asked.
 */
export function compareMembers(stack: Stack, { evaluator, organization, period }: Compared): void {
  const { memberAccounts: members, names } = organization;
  const half = period.toMinutes() / 2;
  const { function: target, deadLetters } = evaluator;
  const targets = Array.from(
    { length: Math.ceil(members.length / MEMBERS_OF_A_TARGET) },
    (_, nth): IRuleTarget => {
      const from = nth * MEMBERS_OF_A_TARGET;
      const input: MemberComparison = {
        members: members.slice(from, from + MEMBERS_OF_A_TARGET),
        longestSilenceMinutes: 3 * half,
      };
      return {
        // The function has a whole policy, so no permission is added to the function.
        bind: () => ({
          arn: target.functionArn,
          input: RuleTargetInput.fromObject(input),
          deadLetterConfig: { arn: deadLetters.queueArn },
        }),
      };
    },
  );
  const rule = new Rule(stack, 'Comparison', {
    ruleName: names.comparison,
    description: 'Lets the evaluator look for members that stopped asking',
    schedule: Schedule.rate(Duration.minutes(half)),
    targets,
  });
  deadLetters.addToResourcePolicy(
    new PolicyStatement({
      sid: 'ComparisonsWithoutAnswer',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [deadLetters.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
    }),
  );
}

/** The ARN of the rule, by its fixed name. */
export const comparisonArn = (stack: Stack, names: Names): string =>
  stack.formatArn({ service: 'events', resource: 'rule', resourceName: names.comparison });

/** One alarm for all members: the log names the silent ones. */
export const alarmOfSilence = (alarms: Alarms, { metric }: RuleMetrics): void => {
  alarms.ring('MembersSilent', {
    what: 'rules of member accounts have not asked for more than one and a half periods',
    next: 'The log of the evaluator names the accounts: see that the recorder is on and the stack is there, or take accounts without a stack out of memberAccounts',
    metric: metric('MembersSilent', 'Maximum'),
  });
};
