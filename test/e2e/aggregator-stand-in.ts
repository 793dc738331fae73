import { refusal, type Operation } from './aws-stand-in.ts';

/** A resource as an aggregator has it. */
export interface Recorded {
  readonly resourceType: string;
  readonly resourceId: string;
  readonly accountId: string;
  readonly awsRegion: string;
  readonly configuration?: unknown;
  readonly supplementaryConfiguration?: object;
  readonly [field: string]: unknown;
}

export interface AggregatorOptions {
  readonly name: string;
  /** Asked for at each query, so that it may change. */
  readonly items: () => readonly Recorded[];
  /** How many rows there are on a page, at most. */
  readonly page: number;
  /** Whether what is nested comes as JSON in a string, as other calls of AWS Config have it. */
  readonly inStrings?: boolean;
  /** What it says of the accounts and Regions that it collects from. */
  readonly sources?: readonly object[];
}

/** What a query may name, or what is in it. https://github.com/awslabs/aws-config-resource-schema */
const fieldsOfItems = [
  'resourceId',
  'resourceType',
  'accountId',
  'awsRegion',
  'arn',
  'configurationItemCaptureTime',
  'configurationItemStatus',
  'configurationStateId',
  'configuration',
  'tags',
  'supplementaryConfiguration',
];

/** https://docs.aws.amazon.com/config/latest/APIReference/API_SelectAggregateResourceConfig.html */
export function aggregator(options: AggregatorOptions) {
  const { name, items, page, inStrings = false, sources = [] } = options;
  const queries: string[] = [];
  const SelectAggregateResourceConfig: Operation = ({ input }) => {
    const { ConfigurationAggregatorName, Expression, Limit = 100, NextToken = '0' } = input;
    if (ConfigurationAggregatorName !== name)
      return refusal('NoSuchConfigurationAggregatorException', 'there is none of this name');
    const text = String(Expression);
    if (NextToken === '0') queries.push(text);
    if (Number(Limit) > 100) return refusal('InvalidLimitException', 'more than 100');
    let rows: readonly object[];
    try {
      rows = answerTo(text, items(), inStrings);
    } catch (error) {
      return refusal('InvalidExpressionException', String(error));
    }
    const start = Number(NextToken);
    const end = start + Math.min(page, Number(Limit));
    return {
      output: {
        Results: rows.slice(start, end).map((row) => JSON.stringify(row)),
        NextToken: end < rows.length ? String(end) : undefined,
      },
    };
  };
  const DescribeConfigurationAggregatorSourcesStatus: Operation = ({ input }) => {
    if (input.ConfigurationAggregatorName !== name)
      return refusal('NoSuchConfigurationAggregatorException', 'there is none of this name');
    const start = Number(input.NextToken ?? '0');
    const end = start + page;
    return {
      output: {
        AggregatedSourceStatusList: sources.slice(start, end).map((each) => ({ ...each })),
        NextToken: end < sources.length ? String(end) : undefined,
      },
    };
  };
  return {
    operations: { SelectAggregateResourceConfig, DescribeConfigurationAggregatorSourcesStatus },
    queries,
  };
}

/** The little of the language that is used; throws for all else, and for what AWS documents as not supported. */
function answerTo(text: string, items: readonly Recorded[], inStrings: boolean): readonly object[] {
  if (text.length > 4096) throw new Error('expression is too long');
  const [, fields = '', where, groups] =
    /^SELECT (.+?) WHERE (.+?)(?: GROUP BY (.+))?$/.exec(text) ?? [];
  if (where === undefined) throw new Error(`"${text}" is not known`);
  const names = fields.split(/, ?/);
  const found = items.filter((item) => holds(where, item));
  if (fields === 'COUNT(*)' && groups === undefined) return [{ 'COUNT(*)': found.length }];
  const plain = names.filter((each) => each !== 'COUNT(*)');
  const rows = found.map((item) =>
    plain.reduce((row, each) => put(row, each, item, inStrings), {}),
  );
  if (groups === undefined) return rows;
  if (groups !== plain.join(', ') || plain.length > 3) throw new Error('groups are not the fields');
  const counts = new Map<string, number>();
  for (const row of rows.map((each) => JSON.stringify(each)))
    counts.set(row, (counts.get(row) ?? 0) + 1);
  return [...counts].map(([row, count]) => ({ 'COUNT(*)': count, ...(JSON.parse(row) as object) }));
}

/** The row with one more property, as nested as it is in the item. */
function put(row: object, name: string, item: Recorded, inStrings: boolean): object {
  const [first = '', ...rest] = name.split('.');
  if (!fieldsOfItems.includes(first)) throw new Error(`"${first}" is not a property`);
  let value: unknown = name === 'tags' ? item.tags : valuesOf(item, name)[0];
  if (Array.isArray(value) && name !== 'tags') throw new Error(`${name} is in an array`);
  if (typeof value === 'object' && inStrings) value = JSON.stringify(value);
  const nested = rest.reduceRight<unknown>((inner, each) => ({ [each]: inner }), value);
  const before = (row as Record<string, unknown>)[first];
  return {
    ...row,
    [first]: rest.length === 0 ? nested : { ...(before as object), ...(nested as object) },
  };
}

/** All that is under a name, which arrays have many of. */
const valuesOf = (item: object, name: string): readonly unknown[] =>
  name.split('.').reduce<readonly unknown[]>(
    (all, each) =>
      all
        .flat()
        .map((it) => (it as Record<string, unknown> | undefined)?.[each])
        .filter((it) => it !== undefined && it !== null),
    [item],
  );

function holds(where: string, item: Recorded): boolean {
  const inner = /^(.+?) AND \((.+)\)$/.exec(where);
  if (inner !== null) {
    const [, left = '', right = ''] = inner;
    return holds(left, item) && right.split(' OR ').some((each) => compares(each, item));
  }
  return where.split(' AND ').every((each) => compares(each, item));
}

function compares(text: string, item: Recorded): boolean {
  const [, name = '', sign, right = ''] = /^([\w.]+) (=|IN|LIKE) (.+)$/.exec(text) ?? [];
  const list = sign === 'IN' ? /^\((.+)\)$/.exec(right)?.[1] : right;
  const values = list?.split(/, ?/).map((each) => /^'([^']+)'$/.exec(each)?.[1]);
  if (values === undefined || values.includes(undefined)) throw new Error(`"${text}" is not known`);
  const [pattern = ''] = values;
  if (sign === 'LIKE' && !/^[^%]{3,}%$/.test(pattern))
    throw new Error(`pattern "${pattern}" is not supported`);
  const like = new RegExp(
    `^${pattern
      .replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')
      .replace(/%/g, '.*')
      .replace(/_/g, '.')}$`,
  );
  return valuesOf(item, name).some((value) =>
    sign === 'LIKE' ? like.test(String(value)) : values.includes(String(value)),
  );
}
