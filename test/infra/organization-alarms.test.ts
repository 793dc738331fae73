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
import { everything, resourcesOf, templates } from './organization-templates.ts';

const start = Date.parse('2026-11-01T09:17:00.000Z');
const end = start + 14 * DAY;
const thirdDay = start + 3 * DAY;

const ofQueue = (name: string, queue: string): string =>
  metricName('AWS/SQS', name, { QueueName: `<Ripple${queue}>.QueueName` });
const age = ofQueue('ApproximateAgeOfOldestMessage', 'Edits');
const dead = ofQueue('ApproximateNumberOfMessagesVisible', 'DeadLetters');
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

/** Which alarms of the ripple ring, and how many minutes after the third day began. */
const rung = (points: readonly Point[]): readonly (readonly string[])[] =>
  readings.map((reading) =>
    alarmsIn(templates(everything).home).flatMap((alarm) => {
      if (!alarm.id.includes('Ripple')) return [];
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

describe('the inlets of the ripple', () => {
  it('keep changes that EventBridge cannot pass to the queue', () => {
    const rule = resourcesOf(templates(everything).home, 'AWS::Events::Rule').find(({ id }) =>
      id.startsWith('<Ripple'),
    );
    expect(rule?.Properties.Targets).toMatchObject([
      { Arn: '<RippleEdits>.Arn', DeadLetterConfig: { Arn: '<RippleDeadLetters>.Arn' } },
    ]);
  });
});
