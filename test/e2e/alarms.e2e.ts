import {
  alarmsIn,
  DAY,
  HOUR,
  idIn,
  metricName,
  MINUTE,
  readings,
  statesOf,
  type Point,
  type Reading,
} from '../infra/cloudwatch.ts';
import type { Account, FlowLog } from './aws-stand-in.ts';
import { deploy, published, type Asked, type Deployed, type Queue } from './emitted.ts';

const accountId = '111122223333';
const region = 'us-east-1';

// Worlds -------------------------------------------------------------------------------------------------------------

const allow = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
        Resource: '*',
      },
    ],
  });
const grant = { policy: allow('delivery.logs.amazonaws.com') };
const noGrant = { policy: allow('other.amazonaws.com') };
const keyArn = (name: string): string => `arn:aws:kms:${region}:${accountId}:key/${name}`;
const names = ['one', 'two', 'three'];
const list = '/exemptions';

const flowLog = (name: string): FlowLog => ({
  id: `fl-${name}`,
  region,
  type: 's3',
  destination: `arn:aws:s3:::${name}`,
});

const exemptionsUntil = (expires: string) => ({
  [list]: JSON.stringify([
    { pattern: { bucket: 'elsewhere' }, reason: 'moves soon', owner: 'network', expires },
  ]),
});

/** Three flow logs with a bucket and a key each, and AWS will be able to write them all. */
const good: Account = {
  accountId,
  regions: [region],
  flowLogs: names.map(flowLog),
  flowLogsPerPage: 100,
  buckets: Object.fromEntries(
    names.map((name) => [
      name,
      { region, encryption: { algorithm: 'aws:kms', keyId: keyArn(name) } },
    ]),
  ),
  keys: Object.fromEntries(names.map((name) => [keyArn(name), grant])),
  aliases: {},
  rules: { 'flow-log-key-allows-delivery': [] },
  untaken: {},
  parameters: exemptionsUntil('2999-01-31'),
  faults: [],
};

const blocked = (...which: readonly string[]): Account => ({
  ...good,
  keys: { ...good.keys, ...Object.fromEntries(which.map((name) => [keyArn(name), noGrant])) },
});
const refused = (operation: string, about?: string): Account['faults'][number] => ({
  operation,
  ...(about === undefined ? {} : { about }),
  answer: { status: 400, code: 'AccessDeniedException' },
});
const unknown = (...which: readonly string[]): Account => ({
  ...good,
  faults: which.map((name) => refused('GetKeyPolicy', keyArn(name))),
});
const withFault = (fault: Account['faults'][number], world = good): Account => ({
  ...world,
  faults: [...world.faults, fault],
});
const broken = withFault(refused('DescribeFlowLogs'));
const unrecorded: Account = {
  ...good,
  recorded: { allSupported: false, resourceTypes: ['AWS::EC2::FlowLog', 'AWS::S3::Bucket'] },
};
const expired: Account = { ...good, parameters: exemptionsUntil('2020-01-31') };
const untold = withFault(refused('BatchImportFindings'), blocked('one'));
const unjudged = withFault({
  operation: 'GetKeyPolicy',
  about: keyArn('one'),
  answer: { status: 500, code: 'KMSInternalException' },
});

// Fortnights ---------------------------------------------------------------------------------------------------------

/** The deployment. AWS Config asks ten minutes later, and then on schedule. */
const start = Date.parse('2026-11-01T09:17:00.000Z');
const end = start + 14 * DAY;
const schedules: Readonly<Record<string, number>> = {
  One_Hour: HOUR,
  Three_Hours: 3 * HOUR,
  Six_Hours: 6 * HOUR,
  Twelve_Hours: 12 * HOUR,
  TwentyFour_Hours: DAY,
};

/** The time of the nth request. */
const run = (nth: number): number => start + 10 * MINUTE + nth * DAY;

interface Ring {
  readonly alarm: string;
  /** The earliest and the latest time. */
  readonly from: number;
  readonly by: number;
  /** The latest end. */
  readonly until: number;
  /** Whether the alarm rings depends on the reading. */
  readonly perhaps?: boolean;
}

interface Case {
  readonly options?: Readonly<Record<string, unknown>>;
  /** The worlds by the numbers of the requests from which on they are so. */
  readonly worlds?: Readonly<Record<number, Account>>;
  /** The requests, where they are others than one a day. */
  readonly asked?: readonly Asked[];
  readonly queue?: Queue;
  /** All else that AWS publishes. */
  readonly more?: (deployed: Deployed) => readonly Point[];
  readonly rings: readonly Ring[];
}

/** An alarm that rings minutes after a request, or after its third attempt. */
const ring = (alarm: string, cause: number, until: number): Ring => ({
  alarm,
  from: cause,
  by: cause + 15 * MINUTE,
  until,
});
/** An alarm about something new is over before the next could be so. */
const rings = (alarm: string, ...causes: readonly number[]): readonly Ring[] =>
  causes.map((cause) => ring(alarm, cause, cause + 90 * MINUTE));
/** Two periods after the last success, less a twelfth of one; alarms about days are looked at once an hour. */
const notScheduled = (last: number, { until = end, period = DAY } = {}): Ring => ({
  alarm: 'NotScheduled',
  from: last + (23 / 12) * period,
  by: last + 2 * period + (period === DAY ? HOUR : 0) + 10 * MINUTE,
  until,
});
/** One run failed, so two periods are over just when the next succeeds. */
const perhapsNotScheduled = (last: number): Ring => ({
  ...notScheduled(last, { until: last + 2 * DAY + HOUR }),
  perhaps: true,
});

const askedDaily = (worlds: Readonly<Record<number, Account>>): readonly Asked[] => {
  let world = good;
  return Array.from({ length: 14 }, (_, nth) => {
    world = worlds[nth] ?? world;
    return { at: run(nth), world };
  });
};

/** Requests each period, each some minutes later than the one before. */
const drifting = (first: number, period: number, drift: number): readonly Asked[] =>
  Array.from({ length: Math.ceil((end - first) / (period + drift)) }, (_, nth) => ({
    at: first + nth * (period + drift),
    world: good,
  }));

const everything = { detailedFindings: true, exemptions: list };
const mending = { remediation: 'manual', remediationKeys: '*' };

const cases: readonly (readonly [string, Case])[] = [
  ['a healthy fortnight', { options: { ...everything, ...mending }, rings: [] }],
  ...Object.entries(schedules).flatMap(([frequency, period]) =>
    // The start is at 23:50 of the day before the period ends, and the second is on the other side of midnight.
    [0, 3 * MINUTE].map((drift): [string, Case] => [
      `a healthy fortnight with ${frequency}, ${drift / MINUTE} minutes later each time, over midnight and the hour`,
      {
        options: { frequency },
        asked: drifting(Date.parse('2026-11-01T09:58:00.000Z'), period, drift),
        rings: [],
      },
    ]),
  ),
  [
    'a healthy fortnight, minutes before midnight UTC and then minutes after',
    { asked: drifting(Date.parse('2026-11-01T23:50:00.000Z'), DAY, 2 * MINUTE), rings: [] },
  ],
  [
    'a first attempt that fails each day',
    {
      asked: askedDaily({}).map((each) => ({ ...each, world: broken, worldAfterwards: good })),
      rings: [],
    },
  ],
  ['a first request a day after the deployment', { asked: askedDaily({}).slice(1), rings: [] }],
  [
    'a flow log that is blocked, and then mended',
    {
      worlds: { 3: blocked('one'), 7: good },
      rings: [ring('Blocked', run(3), run(8)), ...rings('NewlyBlocked', run(3))],
    },
  ],
  [
    'a second that is blocked while the first still is, and a third when one of them is mended',
    {
      worlds: { 3: blocked('one'), 5: blocked('one', 'two'), 8: blocked('two', 'three'), 9: good },
      rings: [ring('Blocked', run(3), run(10)), ...rings('NewlyBlocked', run(3), run(5), run(8))],
    },
  ],
  [
    'flow logs that are unknown, one after the other',
    {
      worlds: { 2: unknown('one'), 4: unknown('one', 'two'), 6: good },
      rings: [ring('Unknown', run(2), run(7)), ...rings('NewlyUnknown', run(2), run(4))],
    },
  ],
  [
    'more and more unknown flow logs, of which one is allowed',
    {
      options: { unknownThreshold: 1 },
      worlds: { 2: unknown('one'), 4: unknown('one', 'two'), 6: unknown(...names), 8: good },
      rings: [ring('Unknown', run(4), run(9)), ...rings('NewlyUnknown', run(4), run(6))],
    },
  ],
  [
    'a type that is not recorded for two days',
    {
      worlds: { 3: unrecorded, 5: good },
      rings: [ring('TypesNotRecorded', run(3), run(6))],
    },
  ],
  [
    'an exemption that is over for two days',
    {
      options: { exemptions: list },
      worlds: { 3: expired, 5: good },
      rings: [ring('ExemptionsExpired', run(3), run(6))],
    },
  ],
  [
    'findings that Security Hub refuses for two days',
    {
      options: { detailedFindings: true },
      worlds: { 3: untold, 5: blocked('one'), 6: good },
      rings: [
        ring('FindingsFailed', run(3), run(6)),
        ring('Blocked', run(3), run(7)),
        ...rings('NewlyBlocked', run(3)),
      ],
    },
  ],
  [
    'runs that end before the first verdict for three days, and dead letters that are taken out',
    {
      worlds: { 3: broken, 6: good },
      queue: { emptiedAt: run(6) },
      rings: [
        ...rings('EventsDropped', run(3), run(4), run(5)),
        ring('DeadLetters', run(3), run(6) + HOUR),
        notScheduled(run(2), { until: run(6) + 2 * HOUR }),
      ],
    },
  ],
  [
    'a dead letter that cannot be written',
    {
      worlds: { 3: broken, 4: good },
      queue: { refuses: true, emptiedAt: 0 },
      rings: [
        ...rings('EventsDropped', run(3)),
        ...rings('DeadLetterErrors', run(3)),
        perhapsNotScheduled(run(2)),
      ],
    },
  ],
  [
    'a run that is cut off, of which a part of the verdicts would look like all',
    {
      worlds: {
        2: blocked('one', 'two'),
        5: withFault(refused('PutEvaluations'), blocked('one', 'two')),
        6: blocked('one', 'two'),
        7: good,
      },
      queue: { emptiedAt: run(6) },
      rings: [
        ring('Blocked', run(2), run(8)),
        ...rings('NewlyBlocked', run(2)),
        ...rings('EventsDropped', run(5)),
        ring('DeadLetters', run(5), run(6) + HOUR),
        perhapsNotScheduled(run(4)),
      ],
    },
  ],
  [
    'a flow log that cannot be judged for three days',
    {
      worlds: { 3: unjudged, 6: good },
      queue: { emptiedAt: run(4) },
      rings: [
        ...rings('EventsDropped', run(3)),
        ring('DeadLetters', run(3), run(4) + HOUR),
        perhapsNotScheduled(run(2)),
        ring('Unknown', run(4), run(7)),
        ...rings('NewlyUnknown', run(4)),
      ],
    },
  ],
  ...Object.entries(schedules).map(([frequency, period]): [string, Case] => [
    `a schedule with ${frequency} that stops on the third day`,
    {
      options: { frequency },
      asked: drifting(run(0), period, 0).filter(({ at }) => at <= run(3)),
      rings: [notScheduled(run(3), { period })],
    },
  ]),
  ['a rule that never asks', { asked: [], rings: [notScheduled(start)] }],
  [
    'an event that mends nothing because the mender fails',
    {
      options: mending,
      more: ({ template }) => {
        const FunctionName = Object.keys(template.Resources).find((id) =>
          id.includes('MenderFunction'),
        );
        const metric = metricName('AWS/Lambda', 'Errors', { FunctionName });
        return [{ metric, at: run(3), value: 1 }];
      },
      rings: rings('NotMended', run(3)),
    },
  ],
];

const shortName = (id: string): string => /Alarms(\w+)[0-9A-F]{8}$/.exec(id)?.[1] ?? id;

interface Rang {
  readonly alarm: string;
  readonly at: number;
  readonly until: number;
}

/** When each alarm of a stack rang. */
const rangIn = ({ template }: Deployed, points: readonly Point[], reading: Reading): Rang[] =>
  alarmsIn(template).flatMap((alarm) => {
    const changes = statesOf(alarm, points, { from: start, to: end, reading });
    return changes.flatMap(({ at, to }, nth) =>
      to === 'ALARM'
        ? [{ alarm: shortName(alarm.id), at, until: changes[nth + 1]?.at ?? end }]
        : [],
    );
  });

/** A time of a fortnight, to be read. */
const day = (time: number): string => ((time - run(0)) / DAY).toFixed(3);

describe('alarms, where CloudWatch evaluates them as documented', () => {
  it.each(cases)('%s', async (_, { options = {}, worlds = {}, asked, queue, more, rings }) => {
    const deployed = deploy(options);
    const points = [
      ...(await published(deployed, asked ?? askedDaily(worlds), queue)),
      ...(more?.(deployed) ?? []),
    ];
    for (const reading of readings) {
      const rang = rangIn(deployed, points, reading);
      const unexplained = rang.filter((each) => !rings.some((wanted) => isThe(wanted, each)));
      const otherThanOnce = rings.filter((wanted) => {
        const times = rang.filter((each) => isThe(wanted, each)).length;
        return times !== 1 && !(times === 0 && wanted.perhaps);
      });
      expect({
        reading,
        unexplained: unexplained.map((each) => `${each.alarm} ${day(each.at)}-${day(each.until)}`),
        otherThanOnce: otherThanOnce.map(({ alarm, from }) => `${alarm} ${day(from)}`),
      }).toEqual({ reading, unexplained: [], otherThanOnce: [] });
    }
  });

  it('have a case each', () => {
    const deployed = deploy({ ...everything, ...mending });
    const all = alarmsIn(deployed.template).map(({ id }) => shortName(id));
    const rung = cases.flatMap(([, { rings }]) => rings.map(({ alarm }) => alarm));
    expect([...new Set(rung)].sort()).toEqual([...all].sort());
  });
});

interface Widget {
  readonly properties: {
    readonly title: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
  };
}

/** The dashboard, in which ids stand for references. */
function dashboardIn({ template }: Deployed): readonly Widget[] {
  const [{ Properties } = { Properties: {} }] = Object.values(template.Resources).filter(
    ({ Type }) => Type === 'AWS::CloudWatch::Dashboard',
  );
  const { DashboardBody } = Properties as unknown as {
    DashboardBody: { 'Fn::Join': readonly [string, readonly unknown[]] };
  };
  const [separator, parts] = DashboardBody['Fn::Join'];
  return (JSON.parse(parts.map(idIn).join(separator)) as { widgets: readonly Widget[] }).widgets;
}

describe('the dashboard', () => {
  const deployed = deploy({ ...everything, ...mending });
  const widgets = dashboardIn(deployed);

  it('shows each alarm', () => {
    const all = alarmsIn(deployed.template).map(({ id }) => id);
    expect(widgets.flatMap(({ properties }) => properties.alarms ?? [])).toEqual(all);
  });

  it('shows recorder, exemptions and mender, and no metric that nobody publishes', async () => {
    const shown = widgets.flatMap(({ properties }) =>
      (properties.metrics ?? []).map(([namespace, name, dimension, value]) =>
        metricName(String(namespace), String(name), { [String(dimension)]: value }),
      ),
    );
    const points = await published(deployed, askedDaily({}));
    const ofLambda = ['Duration', 'Invocations', 'Errors'].flatMap((name) =>
      Object.entries(deployed.template.Resources).flatMap(([FunctionName, { Type }]) =>
        Type === 'AWS::Lambda::Function' ? [metricName('AWS/Lambda', name, { FunctionName })] : [],
      ),
    );
    const known = new Set([...points.map(({ metric }) => metric), ...ofLambda]);
    expect(shown.filter((each) => !known.has(each))).toEqual([]);
    for (const part of ['TypesNotRecorded', 'ExemptionsExpired', 'MenderFunction'])
      expect(shown.join('\n')).toContain(part);
  });
});

const isThe = (wanted: Ring, { alarm, at, until }: Rang): boolean =>
  alarm === wanted.alarm && at >= wanted.from && at <= wanted.by && until <= wanted.until;
