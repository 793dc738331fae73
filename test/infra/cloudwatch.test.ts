import {
  alarmsIn,
  DAY,
  HOUR,
  metricName,
  MINUTE,
  statesOf,
  type MetricAlarm,
  type Reading,
} from './cloudwatch.ts';

const properties = {
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 0,
  Namespace: 'Test',
  MetricName: 'Errors',
  Dimensions: [{ Name: 'service', Value: { Ref: 'Function' } }],
  Period: 300,
  Statistic: 'Maximum',
  EvaluationPeriods: 3,
  TreatMissingData: 'notBreaching',
};
function alarmWith(more: object): MetricAlarm {
  const [alarm] = alarmsIn({
    Resources: {
      Other: { Type: 'AWS::SQS::Queue' },
      Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { ...properties, ...more } },
    },
  });
  if (!alarm) throw new Error('no alarm was read');
  return alarm;
}
const metric = metricName('Test', 'Errors', { service: 'Function' });
const sliding: Reading = { periods: 'sliding', delay: 0, further: 2 };

/** The state of an alarm from points of AWS's tables, the most recent on the right: 0, X for breaching, - for missing. */
function stateOf(points: string, more: object): string {
  const alarm = alarmWith(more);
  const to = 100 * DAY;
  const published = points.split(' ').flatMap((point, nth, { length }) => {
    const at = to - (length - nth) * alarm.period;
    return point === '-' ? [] : [{ metric, at, value: point === 'X' ? 1 : 0 }];
  });
  return statesOf(alarm, published, { from: to, to: to + 1, reading: sliding }).at(-1)?.to ?? '';
}

describe("AWS's tables of missing data", () => {
  it.each([
    ['0 - X - X', 3, 'OK', 'OK'],
    ['0 - - - -', 3, 'OK', 'OK'],
    ['- - - - -', 3, 'ALARM', 'OK'],
    ['0 X X - X', 3, 'ALARM', 'ALARM'],
    ['- - X - -', 3, 'ALARM', 'OK'],
    ['0 - X - X', 2, 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 2, 'ALARM', 'ALARM'],
    ['0 - X - -', 2, 'ALARM', 'OK'],
    ['- - - - 0', 2, 'ALARM', 'OK'],
    ['- - - X -', 2, 'ALARM', 'OK'],
  ])('%s with %d of 3', (points, DatapointsToAlarm, breaching, notBreaching) => {
    const state = (TreatMissingData: string): string =>
      stateOf(points, { DatapointsToAlarm, TreatMissingData });
    expect(state('breaching')).toBe(breaching);
    expect(state('notBreaching')).toBe(notBreaching);
  });
});

const filled = (Expression: string, more: object = {}) => ({
  Metrics: [
    { Id: 'e', Expression },
    {
      Id: 'm',
      ReturnData: false,
      MetricStat: {
        Metric: { ...properties },
        Period: 300,
        Stat: 'Maximum',
      },
    },
  ],
  ...more,
});

describe('metric math', () => {
  it.each([
    ['0 - X - -', 'FILL(m, 0)', 1, 'ALARM'],
    ['0 X - - -', 'FILL(m, 0)', 1, 'OK'],
    ['- - - - -', 'FILL(m, 1)', 3, 'ALARM'],
    ['0 0 X X X', 'IF(FILL(m, 0) > 0, FILL(m, 0), 0)', 3, 'ALARM'],
    ['0 0 X X X', 'IF(FILL(m, 0) > 1, FILL(m, 0), 0)', 1, 'OK'],
  ])('%s as %s with %d of 3', (points, expression, DatapointsToAlarm, state) => {
    expect(stateOf(points, filled(expression, { DatapointsToAlarm }))).toBe(state);
  });
});

const changesOf = (
  more: object,
  at: readonly number[],
  { to = 100 * DAY + 4 * HOUR, reading = sliding }: { to?: number; reading?: Reading } = {},
) =>
  statesOf(
    alarmWith(more),
    at.map((each) => ({ metric, at: each, value: 1 })),
    { from: 100 * DAY, to, reading },
  ).map((change) => `${(change.at - 100 * DAY) / MINUTE} ${change.to}`);

describe('the times of an evaluation', () => {
  const one = { EvaluationPeriods: 1 };
  const noon = 100 * DAY + 62 * MINUTE;

  it('are minutes, with periods that end now, and points from farther back where there is none', () => {
    expect(changesOf(one, [noon])).toEqual([
      '0 INSUFFICIENT_DATA',
      '0 OK',
      '63 ALARM',
      // Three periods of five minutes.
      '78 OK',
    ]);
  });

  it('are later by the delay of a point', () => {
    const reading = { ...sliding, delay: 2 * MINUTE };
    expect(changesOf(one, [noon], { reading })).toContain('64 ALARM');
  });

  it('have the periods of the clock, the unfinished one first', () => {
    const reading: Reading = { ...sliding, periods: 'of the clock' };
    const changes = changesOf({ ...filled('FILL(m, 0)'), EvaluationPeriods: 1 }, [noon], {
      reading,
    });
    expect(changes.slice(2)).toEqual(['63 ALARM', '65 OK']);
  });

  it('are hours for more than a day, with the points up to the hour', () => {
    const days = { Period: 86_400, EvaluationPeriods: 2, DatapointsToAlarm: 1 };
    expect(changesOf(days, [noon])).toEqual(['0 INSUFFICIENT_DATA', '3 OK', '123 ALARM']);
  });

  it('begin after the warm-up', () => {
    const warm = {
      EvaluationPeriods: 1,
      TreatMissingData: 'breaching',
      WarmUpConfiguration: {
        OnlyStartEvaluatingAfterWarmUpPeriodEnds: true,
        WarmUpPeriodDurationInMinutes: 90,
      },
    };
    expect(changesOf(warm, [])).toEqual(['0 INSUFFICIENT_DATA', '90 ALARM']);
  });
});

describe('an alarm that is not understood', () => {
  it.each([
    ['another property', { EvaluationWindow: {} }, /EvaluationWindow is not simulated/],
    ['another operator', { ComparisonOperator: 'Odd' }, /Odd is not simulated/],
    ['another treatment', { TreatMissingData: 'ignore' }, /ignore is not simulated/],
  ])('for %s is refused', (_, more, why) => {
    expect(() => alarmWith(more)).toThrow(why);
  });

  it('for an expression or a statistic is refused when asked', () => {
    expect(() => stateOf('0', filled('RATE(m)'))).toThrow('"RATE(m)" is not simulated');
    expect(() => stateOf('0', { Statistic: 'p90' })).toThrow('p90 is not simulated');
  });
});
