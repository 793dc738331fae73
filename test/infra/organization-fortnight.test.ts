import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { noRun } from '../../rule/evaluate/run-record.ts';
import { runIdOf, runsTable } from '../../rule/evaluate/runs-table.ts';
import { compareMembers, readComparison } from '../../rule/evaluate/silent-members.ts';
import { counter } from '../../rule/sources/aws/clients.ts';
import { alarmsIn, DAY, HOUR, metricName, MINUTE, readings, statesOf } from './cloudwatch.ts';
import type { Point } from './cloudwatch.ts';
import { propertiesOf, templates } from './organization-templates.ts';

const mockCount = jest.fn<undefined, [string, number]>();
const mockWarn = jest.fn<undefined, [string, object]>();
jest.mock('../../rule/evaluate/environment.ts', () => ({
  environment: {
    POWERTOOLS_SERVICE_NAME: 'flow-log-key-allows-delivery',
    RUNS_TABLE_NAME: 'runs',
  },
}));
jest.mock('../../rule/evaluate/telemetry.ts', () => ({
  count: (name: string, by: number) => {
    mockCount(name, by);
  },
  logger: {
    warn: (message: string, more: object) => {
      mockWarn(message, more);
    },
  },
}));

const region = 'us-east-1';
const members = ['111111111111', '222222222222', '333333333333'];
const [first = '', second = '', third = ''] = members;
const start = Date.parse('2026-11-01T09:17:00.000Z');
const end = start + 14 * DAY;
const service = 'flow-log-key-allows-delivery';
const metric = (name: string): string => metricName('FlowLogKeyRule', name, { service });
const template = templates({ memberAccounts: members.join() }).home;

/** The input of the deployed schedule. */
const { Targets } = propertiesOf(
  template,
  'AWS::Events::Rule',
  'flow-log-key-rule-comparison',
) as unknown as { Targets: readonly [{ Input: string }] };
const comparison = readComparison(JSON.parse(Targets[0].Input));

const dynamo = mockClient(DynamoDBClient);
const items = new Map<string, object>();
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setTimeout', 'clearTimeout', 'nextTick', 'setImmediate'] });
  items.clear();
  dynamo.reset();
  dynamo
    .on(GetItemCommand)
    .callsFake(({ Key }: { Key: { id: { S: string } } }) => ({ Item: items.get(Key.id.S) }));
  dynamo.on(PutItemCommand).callsFake(({ Item }: { Item: { id: { S: string } } }) => {
    items.set(Item.id.S, Item);
    return {};
  });
});
afterEach(() => {
  jest.useRealTimers();
});

interface World {
  /** The days on which a member asks. */
  readonly asks: (member: string, day: number) => boolean;
  /** Blocked flow logs of a member on a day. */
  readonly blocked: (member: string, day: number) => number;
}

/** All points of a fortnight, and the members in the log. A member asks once a day, each at another time. */
async function fortnight({ asks, blocked }: World): Promise<{ points: Point[]; named: string[] }> {
  const points: Point[] = [];
  const table = runsTable(
    'runs',
    counter(() => undefined),
  );
  mockWarn.mockReset();
  const events: { at: number; run: () => Promise<void> }[] = [];
  for (let at = start; at < end; at += 12 * HOUR)
    events.push({
      at,
      async run() {
        mockCount.mockReset();
        if (comparison !== undefined) await compareMembers(comparison, region);
        for (const [name, value] of mockCount.mock.calls)
          points.push({ metric: metric(name), at: at + MINUTE, value });
      },
    });
  for (const [nth, member] of members.entries())
    for (let day = 0; day < 14; day++) {
      if (!asks(member, day)) continue;
      const at = start + day * DAY + 10 * MINUTE + nth * 5 * HOUR;
      events.push({
        at,
        async run() {
          const id = runIdOf({ accountId: member, region }, service);
          await table.remember(id, { ...noRun, askedAt: at }, new AbortController().signal);
          const now = blocked(member, day);
          const before = day === 0 ? 0 : blocked(member, day - 1);
          points.push(
            { metric: metric('ScheduledRuns'), at, value: 1 },
            { metric: metric('Blocked'), at, value: now },
            { metric: metric('NewlyBlocked'), at, value: Math.max(0, now - before) },
          );
        },
      });
    }
  for (const { at, run } of events.sort((one, other) => one.at - other.at)) {
    jest.setSystemTime(at);
    await run();
  }
  const named = mockWarn.mock.calls.flatMap(([, more]) => (more as { members: string[] }).members);
  return { points, named: [...new Set(named)] };
}

/** Each ring as alarm, days since the start, and days until the end of the ring. */
const rungIn = (points: readonly Point[]) =>
  readings.map((reading) =>
    alarmsIn(template).flatMap((alarm) => {
      const changes = statesOf(alarm, points, { from: start, to: end, reading });
      return changes.flatMap(({ at, to }, nth) =>
        to === 'ALARM'
          ? [
              {
                alarm: alarm.id.replace(/.*Alarms|[0-9A-F]{8}$/g, ''),
                at: (at - start) / DAY,
                until: ((changes[nth + 1]?.at ?? end) - start) / DAY,
              },
            ]
          : [],
      );
    }),
  );

const healthy: World = { asks: () => true, blocked: () => 0 };

describe('the alarms in a fortnight of an organization', () => {
  it('are silent while all members ask', async () => {
    const { points, named } = await fortnight(healthy);
    expect(rungIn(points)).toEqual(readings.map(() => []));
    expect(named).toEqual([]);
  });

  it('ring for a member that stops on day 3, and for a second that is blocked on day 5', async () => {
    const { points, named } = await fortnight({
      asks: (member, day) => member !== first || day < 3,
      blocked: (member, day) => (member === second && day >= 5 && day < 8 ? 2 : 0),
    });
    expect(named).toEqual([expect.stringMatching(/^111111111111 since 2026-11-03T09:27/)]);
    for (const rung of rungIn(points)) {
      // By the days of the clock, Blocked ends each day with the zeros of the first member that asks, and rings again.
      const alarms = new Set(rung.map(({ alarm }) => alarm));
      expect([...alarms]).toEqual(['Blocked', 'NewlyBlocked', 'MembersSilent']);
      const [blocked, newly, silent] = [...alarms].map((each) =>
        rung.find(({ alarm }) => alarm === each),
      );
      // The second member asks at 14:27. After the repair Blocked rings for a period at most.
      for (const each of [blocked, newly]) {
        expect(each?.at).toBeGreaterThanOrEqual(5.21);
        expect(each?.at).toBeLessThan(5.24);
      }
      expect(blocked?.until).toBeLessThan(9.3);
      expect(newly?.until).toBeLessThan(5.3);
      // The member last asked on day 2: known within two schedules, and until the end.
      expect(silent?.at).toBeGreaterThan(3.5);
      expect(silent?.at).toBeLessThan(4.02);
      expect(silent?.until).toBe(14);
    }
  });

  it('ring for a member that never asks, two schedules after the first comparison', async () => {
    const { points, named } = await fortnight({ ...healthy, asks: (member) => member !== third });
    expect(named).toEqual([expect.stringMatching(/^333333333333 since 2026-11-01/)]);
    for (const rung of rungIn(points)) {
      expect(rung.map(({ alarm }) => alarm)).toEqual(['MembersSilent']);
      expect(rung[0]?.at).toBeGreaterThan(1.5);
      expect(rung[0]?.at).toBeLessThan(2.02);
    }
  });

  it('end a period after the member asks again', async () => {
    const { points } = await fortnight({
      ...healthy,
      asks: (member, day) => member !== first || day < 3 || day > 6,
    });
    for (const rung of rungIn(points)) {
      expect(rung.map(({ alarm }) => alarm)).toEqual(['MembersSilent']);
      expect(rung[0]?.until).toBeLessThan(8.6);
    }
  });
});
