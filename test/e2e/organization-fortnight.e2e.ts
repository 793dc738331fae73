import type { MemberComparison } from '../../rule/evaluate/silent-members.ts';
import {
  alarmsIn,
  DAY,
  HOUR,
  MINUTE,
  readings,
  statesOf,
  type Point,
} from '../infra/cloudwatch.ts';
import { propertiesOf, templates } from '../infra/organization-templates.ts';
import { credentials, runAgainst, type Account } from './aws-stand-in.ts';
import { tables, type Tables } from './dynamo-stand-in.ts';
import { metricsIn } from './emitted.ts';
import { functionCommand } from './function-command.ts';
import { startOrganization, type Organization } from './organization-stand-in.ts';
import {
  account,
  bucketOf,
  central,
  keyOf,
  may,
  memberWith,
  policyFor,
  reader,
  refusing,
  region,
  reporter,
  roleIn,
  scheduleIn,
} from './organization-world.ts';

const members = ['111111111111', '222222222222', '333333333333'];
const [first = '', second = '', third = ''] = members;
const start = Date.parse('2026-11-01T09:17:00.000Z');
const end = start + 14 * DAY;
const { home: template, member: memberTemplate } = templates({ memberAccounts: members.join() });

/** The central account as it is deployed: function, schedule and table. */
const deployed = propertiesOf(template, 'AWS::Lambda::Function', 'flow-log-key-rule-evaluator');
const { Variables } = deployed.Environment as { Variables: Readonly<Record<string, string>> };
const { Targets } = propertiesOf(
  template,
  'AWS::Events::Rule',
  'flow-log-key-rule-comparison',
) as unknown as { Targets: readonly [{ Input: string }] };
const comparison = JSON.parse(Targets[0].Input) as MemberComparison;
const { ConfigRuleName: configRuleName } = propertiesOf(
  memberTemplate,
  'AWS::Config::ConfigRule',
) as { ConfigRuleName: string };

// Worlds -------------------------------------------------------------------------------------------------------------

type State = 'good' | 'blocked' | 'unknown' | 'unrecorded' | 'broken';

/** A member with a flow log, a bucket and a key. */
function accountIn(state: State, accountId: string): Account {
  const service = state === 'blocked' ? 'other.amazonaws.com' : 'delivery.logs.amazonaws.com';
  const bucket = `logs-${accountId}`;
  const has: Account = {
    ...memberWith(accountId, bucket),
    buckets: { [bucket]: bucketOf(keyOf(accountId)) },
    keys: { [keyOf(accountId)]: { policy: policyFor(service, accountId) } },
    rules: { [configRuleName]: [] },
  };
  if (state === 'unknown') return refusing(has, 'GetKeyPolicy');
  if (state === 'broken') return refusing(has, 'DescribeFlowLogs');
  if (state !== 'unrecorded') return has;
  return { ...has, recorded: { allSupported: false, resourceTypes: ['AWS::EC2::FlowLog'] } };
}

const mayRead = [...(may[reader] ?? []), 'ListGrants'];

const organizationOn = (day: number, states: World['state'], table: Tables): Organization => ({
  own: central,
  may: ['GetItem', 'PutItem'],
  accounts: [
    account(central, { services: table.operations }),
    ...members.map((member) => accountIn(states(member, day), member)),
  ],
  roles: {
    ...Object.fromEntries(members.map((member) => [`${member}/${reader}`, mayRead])),
    ...roleIn(reporter, ...members),
  },
  shared: [],
});

interface World {
  /** The days on which a member asks. */
  readonly asks: (member: string, day: number) => boolean;
  readonly state: (member: string, day: number) => State;
}

const healthy: World = { asks: () => true, state: () => 'good' };

// Fortnights ---------------------------------------------------------------------------------------------------------

interface Invocation {
  readonly at: number;
  readonly event: object;
}

/** A member asks once a day, each at another time, and members are compared twice a day. */
const invocationsOn = (day: number, { asks }: World): readonly Invocation[] =>
  [
    ...[0, 12 * HOUR].map((later) => ({ at: start + day * DAY + later, event: comparison })),
    ...members
      .map((member, nth) => ({ member, at: start + day * DAY + 10 * MINUTE + nth * 5 * HOUR }))
      .filter(({ member }) => asks(member, day))
      .map(({ member, at }) => ({ at, event: { ...scheduleIn(member, {}), ...askedAt(at) } })),
  ].sort((one, other) => one.at - other.at);

const askedAt = (at: number): object => ({
  configRuleName,
  invokingEvent: JSON.stringify({
    messageType: 'ScheduledNotification',
    notificationCreationTime: new Date(at).toISOString(),
  }),
});

/** All points that the built evaluator emits in a fortnight, and the silent members in its log. */
async function fortnight(world: World): Promise<{ points: Point[]; named: string[] }> {
  const table = tables({ name: Variables.RUNS_TABLE_NAME ?? '' });
  const points: Point[] = [];
  const named = new Set<string>();
  for (const days of daysAlike(world)) {
    const aws = await startOrganization(organizationOn(days[0] ?? 0, world.state, table));
    try {
      const { stdout, stderr } = await runAgainst(aws, functionCommand('evaluate'), {
        env: { ...credentials, ...Variables, AWS_REGION: region },
        input: inputOf(days.flatMap((day) => invocationsOn(day, world))),
      });
      points.push(...metricsIn({ stdout }));
      for (const line of `${stdout}\n${stderr}`.split('\n'))
        if (line.includes('"members are silent"'))
          for (const each of (JSON.parse(line) as { members: string[] }).members) named.add(each);
    } finally {
      await aws.close();
    }
  }
  expect(table.misunderstood).toEqual([]);
  return { points, named: [...named] };
}

/** Days in a row on which all members are as on the day before: one process serves them. */
function daysAlike({ state }: World): readonly (readonly number[])[] {
  const statesOn = (day: number): string => members.map((each) => state(each, day)).join();
  const all: number[][] = [];
  for (let day = 0; day < 14; day++)
    if (day > 0 && statesOn(day) === statesOn(day - 1)) all.at(-1)?.push(day);
    else all.push([day]);
  return all;
}

const inputOf = (invocations: readonly Invocation[]): string =>
  JSON.stringify({
    events: invocations.map(({ event }) => event),
    times: invocations.map(({ at }) => at),
    context: {
      awsRequestId: '0e7b7b6c-0000-4000-8000-000000000000',
      functionName: deployed.FunctionName,
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:${region}:${central}:function:${String(deployed.FunctionName)}`,
      memoryLimitInMB: '512',
    },
    milliseconds: 60_000,
  });

interface Ring {
  readonly alarm: string;
  /** In days since the start. */
  readonly at: number;
  readonly until: number;
}

/** The rings in each reading, in the order of their times. */
const rungIn = (points: readonly Point[]): readonly (readonly Ring[])[] =>
  readings.map((reading) =>
    alarmsIn(template)
      .flatMap((alarm) => {
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
      })
      .sort((one, other) => one.at - other.at),
  );

/** The second member asks some five hours after the comparison of a day. */
const asksSecond = (5 * HOUR + 10 * MINUTE) / DAY;

describe('the alarms in a fortnight of an organization', () => {
  it('are silent while all members ask', async () => {
    const { points, named } = await fortnight(healthy);
    expect(rungIn(points)).toEqual(readings.map(() => []));
    expect(named).toEqual([]);
    expect(points.filter(({ metric }) => metric.includes('ScheduledRuns'))).toHaveLength(42);
    expect(points.filter(({ metric }) => metric.includes('MembersSilent'))).toHaveLength(28);
  });

  it('ring for a member that stops on day 3, and for a second that is blocked on day 5', async () => {
    const { points, named } = await fortnight({
      asks: (member, day) => member !== first || day < 3,
      state: (member, day) => (member === second && day >= 5 && day < 8 ? 'blocked' : 'good'),
    });
    expect(named).toEqual([expect.stringMatching(/^111111111111 since 2026-11-03T09:27/)]);
    for (const rung of rungIn(points)) {
      expect(rung.map(({ alarm }) => alarm).sort()).toEqual([
        'Blocked',
        'MembersSilent',
        'NewlyBlocked',
      ]);
      const of = (name: string) => rung.find(({ alarm }) => alarm === name);
      const [blocked, newly, silent] = ['Blocked', 'NewlyBlocked', 'MembersSilent'].map(of);
      expect(newly?.at).toBeGreaterThanOrEqual(5 + asksSecond);
      expect(newly?.at).toBeLessThan(5.24);
      expect(newly?.until).toBeLessThan(5.3);
      expect(blocked?.at).toBeGreaterThanOrEqual(5 + asksSecond);
      expect(blocked?.at).toBeLessThan(5.3);
      // The last blocked run is on day 7.
      expect(blocked?.until).toBeGreaterThan(8);
      expect(blocked?.until).toBeLessThan(7 + asksSecond + 3.1);
      // The member last asked on day 2: known within two schedules, and until the end.
      expect(silent?.at).toBeGreaterThan(3.5);
      expect(silent?.at).toBeLessThan(4.02);
      expect(silent?.until).toBe(14);
    }
  });

  it.each<[string, World['state'], string[]]>([
    [
      'a member is blocked, and a run of the member fails meanwhile',
      (member, day) =>
        member !== second || day < 5 || day > 9 ? 'good' : day === 7 ? 'broken' : 'blocked',
      ['Blocked', 'NewlyBlocked'],
    ],
    [
      'a member is blocked and then another',
      (member, day) =>
        (member === second && day >= 5 && day < 8) || (member === first && day >= 7 && day < 10)
          ? 'blocked'
          : 'good',
      ['Blocked', 'NewlyBlocked', 'NewlyBlocked'],
    ],
    [
      'a key of a member cannot be read',
      (member, day) => (member === second && day >= 5 && day < 8 ? 'unknown' : 'good'),
      ['NewlyUnknown', 'Unknown'],
    ],
    [
      'the recorder of a member leaves out types',
      (member, day) => (member === second && day >= 5 && day < 8 ? 'unrecorded' : 'good'),
      ['TypesNotRecorded'],
    ],
  ])('ring once and end once where %s', async (_, state, alarms) => {
    const { points } = await fortnight({ ...healthy, state });
    const names = rungIn(points).map((rung) => rung.map(({ alarm }) => alarm).sort());
    expect(names).toEqual(readings.map(() => alarms));
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
