/**
 * CloudWatch's evaluation of metric alarms, as AWS documents it, for the alarms of a synthesised template.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
 */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A number that was published for a metric. */
export interface Point {
  /** As `metricName` writes it. */
  readonly metric: string;
  /** In milliseconds since 1970, like every time here. */
  readonly at: number;
  readonly value: number;
}

/** Where AWS leaves room: an alarm has to be right in each of these. */
export interface Reading {
  /** Periods that end now, as documented; or the hours and days of the clock, of which the last is unfinished. */
  readonly periods: 'sliding' | 'of the clock';
  /** How long a point takes to be seen. */
  readonly delay: number;
  /** How many more points than its evaluation periods an alarm retrieves. */
  readonly further: number;
}

export const readings: readonly Reading[] = [
  { periods: 'sliding', delay: 0, further: 2 },
  { periods: 'sliding', delay: 5 * MINUTE, further: 3 },
  { periods: 'of the clock', delay: 5 * MINUTE, further: 2 },
];

type State = 'INSUFFICIENT_DATA' | 'OK' | 'ALARM';

export interface Change {
  readonly at: number;
  readonly to: State;
}

// Templates ----------------------------------------------------------------------------------------------------------

type Tree = Readonly<Record<string, unknown>>;

/** A name for a metric with its dimensions; values that refer to a resource become the id of the resource. */
export const metricName = (namespace: string, name: string, dimensions: Tree): string =>
  [namespace, name, ...Object.entries(dimensions).map(([key, value]) => `${key}=${idIn(value)}`)]
    .sort()
    .join(' ');

/** What stands for a text in a template: the text, or the id that it refers to. */
export function idIn(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: string[] };
  return Ref ?? attribute?.[0] ?? JSON.stringify(value);
}

interface Series {
  readonly metric: string;
  readonly statistic: string;
}

export interface MetricAlarm {
  readonly id: string;
  readonly period: number;
  readonly periods: number;
  readonly pointsToAlarm: number;
  readonly breaches: (value: number) => boolean;
  readonly missingBreaches: boolean;
  readonly warmUp: number;
  /** The metrics by the names that the expression has for them. */
  readonly series: Readonly<Record<string, Series>>;
  readonly expression: string;
}

const operators: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** Properties that change nothing of an evaluation, and those that are read. */
const known = [
  ...['AlarmDescription', 'AlarmActions', 'OKActions'],
  ...['ComparisonOperator', 'Threshold', 'EvaluationPeriods', 'DatapointsToAlarm'],
  ...['TreatMissingData', 'WarmUpConfiguration'],
  ...['Metrics', 'Namespace', 'MetricName', 'Dimensions', 'Period', 'Statistic'],
];

/** The alarms of a template by their ids. Throws for a property or word that is not simulated. */
export function alarmsIn(template: object): readonly MetricAlarm[] {
  const { Resources } = template as { Resources: Readonly<Record<string, Tree>> };
  return Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
    Type === 'AWS::CloudWatch::Alarm' ? [alarmOf(id, Properties as Tree)] : [],
  );
}

function alarmOf(id: string, properties: Tree): MetricAlarm {
  const refuse = (word: unknown): never => {
    throw new Error(`${id}: ${String(word)} is not simulated`);
  };
  const unread = Object.keys(properties).find((name) => !known.includes(name));
  if (unread !== undefined) refuse(unread);
  const { ComparisonOperator, Threshold, TreatMissingData, EvaluationPeriods } = properties;
  const compare = operators[String(ComparisonOperator)] ?? refuse(ComparisonOperator);
  if (!/^(notBreaching|breaching)$/.test(String(TreatMissingData))) refuse(TreatMissingData);
  const queries = queriesIn(properties);
  const [result = refuse('no result'), ...results] = queries.filter(
    ({ ReturnData }) => ReturnData !== false,
  );
  const stats = queries.flatMap(({ Id, MetricStat }) => (MetricStat ? [{ Id, MetricStat }] : []));
  const [period = 0, ...periods] = new Set(stats.map(({ MetricStat }) => MetricStat.Period));
  if (results.length + periods.length > 0) refuse('a second result or period');
  return {
    id,
    period: period * 1000,
    periods: Number(EvaluationPeriods),
    pointsToAlarm: Number(properties.DatapointsToAlarm ?? EvaluationPeriods),
    breaches: (value) => compare(value, Number(Threshold)),
    missingBreaches: TreatMissingData === 'breaching',
    warmUp: warmUpOf(properties.WarmUpConfiguration, refuse),
    series: Object.fromEntries(stats.map(({ Id, MetricStat }) => [Id, seriesOf(MetricStat)])),
    expression: result.Expression ?? result.Id,
  };
}

function warmUpOf(configuration: unknown, refuse: (word: string) => never): number {
  if (configuration === undefined) return 0;
  const {
    OnlyStartEvaluatingAfterWarmUpPeriodEnds: whole,
    WarmUpPeriodDurationInMinutes: minutes,
  } = configuration as Tree;
  return whole === true ? Number(minutes) * MINUTE : refuse('a warm-up that ends early');
}

/** An alarm has one metric, or metrics and an expression. */
function queriesIn(properties: Tree): readonly Query[] {
  const { Metrics, Period, Statistic } = properties;
  if (Metrics !== undefined) return Metrics as readonly Query[];
  const Metric = properties as unknown as NonNullable<Query['MetricStat']>['Metric'];
  return [{ Id: 'm', MetricStat: { Metric, Period: Number(Period), Stat: String(Statistic) } }];
}

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

const seriesOf = ({ Metric, Stat }: NonNullable<Query['MetricStat']>): Series => ({
  metric: metricName(
    Metric.Namespace,
    Metric.MetricName,
    Object.fromEntries((Metric.Dimensions ?? []).map(({ Name, Value }) => [Name, Value])),
  ),
  statistic: Stat,
});

// Values -------------------------------------------------------------------------------------------------------------

/** One value for each period, the latest first; undefined where nothing was published. */
type Values = readonly (number | undefined)[];

const statistics: Readonly<Record<string, (before: number, value: number) => number>> = {
  Sum: (before, value) => before + value,
  Maximum: (before, value) => Math.max(before, value),
};

/** Metric math, as far as the alarms have it: metrics, numbers, FILL, IF, and `>`. */
function valuesOf(text: string, series: Readonly<Record<string, Values>>, count: number): Values {
  const of = (part: string): Values => valuesOf(part, series, count);
  const [, name, inside = ''] = /^(FILL|IF)\((.*)\)$/.exec(text) ?? [];
  if (name !== undefined) {
    const [first = [], second = [], third = []] = argumentsIn(inside).map(of);
    if (name === 'FILL') return first.map((value, nth) => value ?? second[nth]);
    return first.map((value, nth) => (value === 0 ? third : second)[nth]);
  }
  const [, left, right] = /^(.+) > (\d+)$/.exec(text) ?? [];
  if (left !== undefined)
    return of(left).map((value) =>
      value === undefined ? undefined : Number(value > Number(right)),
    );
  if (/^\d+$/.test(text)) return Array<number>(count).fill(Number(text));
  const values = series[text];
  if (!values) throw new Error(`"${text}" is not simulated`);
  return values;
}

/** Splits at commas outside of parentheses. */
const argumentsIn = (text: string): string[] =>
  text.split(/, (?![^()]*\))/).map((each) => each.trim());

// Evaluation ---------------------------------------------------------------------------------------------------------

/** The states of an alarm that was made at `from`, with the time of each change. */
export function statesOf(
  alarm: MetricAlarm,
  points: readonly Point[],
  { from, to, reading }: { readonly from: number; readonly to: number; readonly reading: Reading },
): readonly Change[] {
  // More than a day in all is evaluated once an hour, with the points up to the hour: some minutes later in AWS's example.
  const step = alarm.period * alarm.periods > DAY ? HOUR : MINUTE;
  const late = step === HOUR ? 3 * MINUTE : 0;
  const own = Object.values(alarm.series).map(({ metric }) => metric);
  const ours = points
    .filter(({ metric }) => own.includes(metric))
    .sort((one, other) => one.at - other.at);
  const next = (index: number, is: (point: Point) => boolean): number => {
    const point = ours[index];
    return point && is(point) ? next(index + 1, is) : index;
  };
  const changes: Change[] = [{ at: from, to: 'INSUFFICIENT_DATA' }];
  let [past, seen, last]: [number, number, State] = [0, 0, 'INSUFFICIENT_DATA'];
  for (let until = Math.ceil((from + alarm.warmUp) / step) * step; until < to; until += step) {
    const wasEmpty = past === seen;
    seen = next(seen, ({ at }) => at < until && at + reading.delay <= until + late);
    past = next(past, ({ at }) => at < until - spanOf(alarm, reading));
    // Nothing after nothing changes nothing.
    if (wasEmpty && past === seen && changes.length > 1) continue;
    const state = stateAt(alarm, ours.slice(past, seen), { until, reading });
    if (state !== last) changes.push({ at: until + late, to: state });
    last = state;
  }
  return changes;
}

/** No point that is older counts. */
const spanOf = ({ period, periods }: MetricAlarm, { further }: Reading): number =>
  period * (periods + further);

function stateAt(
  { period, periods, pointsToAlarm, breaches, missingBreaches, series, expression }: MetricAlarm,
  points: readonly Point[],
  { until, reading }: { readonly until: number; readonly reading: Reading },
): State {
  const end = reading.periods === 'sliding' ? until : (Math.floor(until / period) + 1) * period;
  const count = periods + reading.further;
  const seriesValues = Object.fromEntries(
    Object.entries(series).map(([id, { metric, statistic }]): [string, Values] => {
      const combine = statistics[statistic];
      if (!combine) throw new Error(`${statistic} is not simulated`);
      const values = Array<number | undefined>(count).fill(undefined);
      for (const point of points) {
        const nth = Math.ceil((end - point.at) / period) - 1;
        if (point.metric !== metric || nth >= count) continue;
        values[nth] = values[nth] === undefined ? point.value : combine(values[nth], point.value);
      }
      return [id, values];
    }),
  );
  const real = valuesOf(expression, seriesValues, count).filter((value) => value !== undefined);
  // Real points from farther back go before missing points.
  const evaluated = real.slice(0, periods);
  const breaching = evaluated.filter(breaches).length;
  const filled = missingBreaches ? periods - evaluated.length : 0;
  return breaching + filled >= pointsToAlarm ? 'ALARM' : 'OK';
}
