import {
  alarmsIn,
  DAY,
  HOUR,
  metricName,
  MINUTE,
  readings,
  statesOf,
  type Point,
} from './cloudwatch.ts';
import { readOptions } from '../../infra/options/options.ts';
import {
  everything,
  lineOf,
  organization,
  resourcesOf,
  type Statement,
  synth,
  type Template,
  templates,
} from './organization-templates.ts';

const start = Date.parse('2026-11-01T09:17:00.000Z');
const end = start + 14 * DAY;
const thirdDay = start + 3 * DAY;

const ofQueue = (name: string, queue: string): string =>
  metricName('AWS/SQS', name, { QueueName: `<Ripple${queue}>.QueueName` });
const age = ofQueue('ApproximateAgeOfOldestMessage', 'Edits');
const dead = ofQueue('ApproximateNumberOfMessagesVisible', 'DeadLetters');
const lost = metricName('AWS/SQS', 'ApproximateNumberOfMessagesVisible', {
  QueueName: '<EvaluatorDeadLetters>.QueueName',
});
const ofRule = (name: string): string =>
  metricName('FlowLogKeyRule', name, { service: 'flow-log-key-allows-delivery' });

/** The age of an edit in seconds, each minute from its arrival on. */
const waiting = (from: number, until: number): readonly Point[] =>
  Array.from({ length: Math.ceil((until - from) / MINUTE) }, (_, nth) => ({
    metric: age,
    at: from + nth * MINUTE,
    value: nth * 60,
  }));

/** An edit each day. The last of ten attempts is half an hour after the first. */
const edits = Array.from({ length: 14 }, (_, nth) => start + nth * DAY + HOUR);
const healthy = edits.flatMap((at) => [
  ...waiting(at, at + 32 * MINUTE),
  { metric: ofRule('RulesNotStarted'), at: at + 32 * MINUTE, value: 0 },
]);

/** Which alarms of the ripple and its inlets ring, and how many minutes after the third day began. */
const rung = (points: readonly Point[]): readonly (readonly string[])[] =>
  readings.map((reading) =>
    alarmsIn(templates(everything).home).flatMap((alarm) => {
      if (!/Ripple|DeadLetters/.test(alarm.id)) return [];
      const changes = statesOf(alarm, points, { from: start, to: end, reading });
      return changes.flatMap(({ at, to }) =>
        to === 'ALARM' && at >= thirdDay && at <= thirdDay + 65 * MINUTE
          ? [alarm.id.replace(/.*Alarms|[0-9A-F]{8}$/g, '')]
          : to === 'ALARM'
            ? [`${alarm.id} at another time`]
            : [],
      );
    }),
  );

describe("the ripple's alarms ring within an hour", () => {
  it.each<readonly [string, readonly Point[], readonly string[]]>([
    ['for nothing in a healthy fortnight, with edits that wait for ten attempts', [], []],
    ['for edits that nobody takes', waiting(thirdDay, end), ['RippleWaits']],
    [
      'for an edit in the dead-letter queue',
      [{ metric: dead, at: thirdDay, value: 1 }],
      ['RippleDeadLetters'],
    ],
    [
      'for a change that did not come out of a member',
      [{ metric: lost, at: thirdDay, value: 1 }],
      ['DeadLetters'],
    ],
    [
      'for a function that fails',
      [
        {
          metric: metricName('AWS/Lambda', 'Errors', { FunctionName: '<RippleFunction>' }),
          at: thirdDay,
          value: 1,
        },
      ],
      ['RippleErrors'],
    ],
    [
      'for a rule that cannot be started',
      [{ metric: ofRule('RulesNotStarted'), at: thirdDay, value: 2 }],
      ['RulesNotStarted'],
    ],
  ])('%s', (_, points, alarms) => {
    expect(rung([...healthy, ...points])).toEqual(readings.map(() => alarms));
  });
});

/** The targets of each EventBridge rule of a template. */
const targetsIn = (template: Template) =>
  resourcesOf(template, 'AWS::Events::Rule').flatMap(
    ({ Properties }) =>
      Properties.Targets as readonly {
        readonly Arn: string;
        readonly DeadLetterConfig?: { readonly Arn: string };
        readonly RetryPolicy?: object;
      }[],
  );

/** Every statement about a queue, as a line. */
const aboutQueue = (template: Template, queue: string) =>
  resourcesOf(template, 'AWS::SQS::QueuePolicy')
    .filter(({ Properties }) => [Properties.Queues].flat().includes(queue))
    .flatMap(({ Properties }) =>
      (Properties.PolicyDocument as { Statement: readonly Statement[] }).Statement.map(lineOf),
    );

describe('the inlets of the ripple', () => {
  const { home, other, member } = templates();
  const old = { MaximumEventAgeInSeconds: 45 * 60 };

  it('keep changes that EventBridge cannot pass on, or passes on too late', () => {
    expect(targetsIn(member)).toMatchObject([
      {
        Arn: 'arn:<partition>:events:us-east-1:<central>:event-bus/flow-log-key-rule',
        // EventBridge takes queues of the Region of the rule only.
        DeadLetterConfig: {
          Arn: 'arn:<partition>:sqs:<region>:<central>:flow-log-key-rule-evaluator-dead-letters',
        },
        RetryPolicy: old,
      },
    ]);
    expect(targetsIn(home).filter(({ Arn }) => Arn === '<RippleEdits>.Arn')).toMatchObject([
      { DeadLetterConfig: { Arn: '<RippleDeadLetters>.Arn' }, RetryPolicy: old },
    ]);
    for (const { DeadLetterConfig } of [home, other, member].flatMap(targetsIn))
      expect(DeadLetterConfig).toBeDefined();
  });

  const region = { home: 'us-east-1', other: 'eu-west-1' };
  const lost = (sid: string, which: keyof typeof region, condition: string) =>
    `${sid}: sqs:SendMessage on <EvaluatorDeadLetters>.Arn by Service events.amazonaws.com if ArnLike aws:SourceArn arn:<partition>:events:${region[which]}:*:rule/flow-log-key-rule-changes if StringEquals ${condition}`;
  const many = Array.from({ length: 1200 }, (_, nth) => String(100_000_000_000 + nth));

  it.each(['home', 'other'] as const)(
    'send dead letters of the %s Region to a queue that takes these of the organization alone',
    (which) => {
      const id = 'aws:SourceOrgID o-a1b2c3d4e5';
      const named = 'aws:SourceAccount 111122223333 or 444455556666';
      const statements = aboutQueue(templates()[which], '<EvaluatorDeadLetters>');
      expect(statements.filter((each) => each.startsWith('Changes'))).toEqual([
        lost('ChangesOfTheOrganization', which, id),
        lost('ChangesOfTheseAccounts', which, named),
      ]);
    },
  );

  it.each([2, 400, 401, 1200])('fit into the policy of the queue with %d accounts', (accounts) => {
    const memberAccounts = many.slice(0, accounts).join();
    const policies = resourcesOf(templates({ memberAccounts }).home, 'AWS::SQS::QueuePolicy').map(
      ({ Properties }) => JSON.stringify(Properties.PolicyDocument),
    );
    expect(policies.some((each) => each.includes('aws:SourceOrgID'))).toBe(true);
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
    for (const each of policies) expect(each.length).toBeLessThan(8192 - 500);
  });

  it('are neither in the members nor in the queue where there is no ripple', () => {
    const china = synth(
      readOptions({ ...organization, regions: 'cn-north-1', memberAccounts: '111122223333' }),
    );
    expect(targetsIn(china.member)).toEqual([]);
    expect(aboutQueue(china.home, '<EvaluatorDeadLetters>').join()).not.toContain('Changes');
  });
});
