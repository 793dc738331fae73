import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import fc from 'fast-check';
import { selectAll } from '../../../rule/sources/aggregator/items.ts';

const accountOf = (nth: number): string => String(100_000_000_000 + nth);

const flowLogsOf = (count: number, nth: number): readonly object[] =>
  Array.from({ length: count }, (_, at) => ({
    resourceType: 'AWS::EC2::FlowLog',
    resourceId: `fl-${nth}-${at}`,
    accountId: accountOf(nth),
    awsRegion: 'us-east-1',
  }));

interface Faults {
  /** An account: a query about the account fails. */
  readonly refused?: string;
  /** The rows in the place of the counts by account. */
  readonly groups?: () => readonly string[];
  /** The rows in the place of the count of all. */
  readonly total?: () => readonly string[];
}

/** An aggregator with so many flow logs in each account, and its calls. */
function aggregatorWith(counts: readonly number[], { refused, groups, total }: Faults = {}) {
  const calls: string[] = [];
  let inFlight = 0;
  let most = 0;
  const client = new ConfigServiceClient({ region: 'us-east-1' });
  const countsIn = (expression: string, start: number) => {
    if (!expression.includes('GROUP BY'))
      return { Results: total?.() ?? [`{"COUNT(*)":${sumOf(counts)}}`] };
    if (groups) return { Results: groups() };
    const rows = counts.flatMap((of, nth) =>
      of === 0 ? [] : [{ 'COUNT(*)': of, accountId: accountOf(nth) }],
    );
    return page(rows, { start, size: 500 });
  };
  const answer = (expression: string, start: number) => {
    if (expression.length > 4096) throw new Error('expression is too long');
    if (expression.includes('COUNT(*)')) return countsIn(expression, start);
    if (!expression.includes('accountId IN'))
      return page(counts.flatMap(flowLogsOf), { start, size: 100 });
    const named = new Set(/accountId IN \(([^)]*)\)/.exec(expression)?.[1]?.split(','));
    if (refused !== undefined && named.has(`'${refused}'`)) throw new Error('refused');
    const items = counts.flatMap((of, nth) =>
      named.has(`'${accountOf(nth)}'`) ? flowLogsOf(of, nth) : [],
    );
    return page(items, { start, size: 100 });
  };
  client.send = (async ({ input }: { input: { Expression: string; NextToken?: string } }) => {
    calls.push(input.Expression);
    most = Math.max(most, ++inFlight);
    await new Promise(setImmediate);
    inFlight--;
    return answer(input.Expression, Number(input.NextToken ?? 0));
  }) as never;
  return { aggregator: { client, name: 'acme', fail: () => undefined }, calls, most: () => most };
}

const page = (rows: readonly object[], { start, size }: { start: number; size: number }) => ({
  Results: rows.slice(start, start + size).map((row) => JSON.stringify(row)),
  NextToken: start + size < rows.length ? String(start + size) : undefined,
});

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

const groupRow = (nth: number, count: number): string =>
  JSON.stringify({ 'COUNT(*)': count, accountId: accountOf(nth) });

const fails = (): never => {
  throw new Error('refused');
};

async function idsOf(pages: ReturnType<typeof selectAll>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const items of pages)
    ids.push(...items.map((item) => (item.kind === 'item' ? item.id : 'unreadable')));
  return ids.sort();
}

const allIds = (counts: readonly number[]): readonly string[] =>
  counts
    .flatMap((count, nth) => Array.from({ length: count }, (_, at) => `fl-${nth}-${at}`))
    .sort();

describe('the flow logs of an aggregator', () => {
  it('come once each, side by side, with one call more for each list, and two for the counts', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 900 })), { maxLength: 40 }),
        async (counts) => {
          const { aggregator, calls, most } = aggregatorWith(counts);
          expect(await idsOf(selectAll(aggregator, 'AWS::EC2::FlowLog'))).toEqual(allIds(counts));
          const lists = new Set(calls.filter((each) => each.includes('accountId IN'))).size;
          const total = sumOf(counts);
          const pages = Math.max(1, Math.ceil(total / 100));
          expect(calls.length).toBeLessThanOrEqual(pages + lists + 2);
          if (pages < 20) expect(calls.length).toBeLessThanOrEqual(pages + 1);
          if (total < 100) expect(calls).toHaveLength(1);
          const accounts = counts.filter((count) => count > 0).length;
          const possible = Math.min(pages < 160 ? 8 : 16, accounts);
          expect(lists).toBe(pages < 20 || possible === 1 ? 0 : possible);
          expect(most()).toBe(Math.min(8, Math.max(1, lists)));
        },
      ),
      { numRuns: 30 },
    ));

  it('come from more accounts than an expression has room for', async () => {
    const counts = Array.from({ length: 4_100 }, () => 1);
    const { aggregator, most } = aggregatorWith(counts);
    expect(await idsOf(selectAll(aggregator, 'AWS::EC2::FlowLog'))).toHaveLength(4_100);
    expect(most()).toBe(8);
  });

  it('come from all other lists before the failure of a list', async () => {
    const counts = Array.from({ length: 20 }, () => 400);
    const { aggregator } = aggregatorWith(counts, { refused: accountOf(3) });
    const ids: string[] = [];
    const read = async (): Promise<void> => {
      for await (const items of selectAll(aggregator, 'AWS::EC2::FlowLog'))
        ids.push(...items.map((item) => (item.kind === 'item' ? item.id : '')));
    };
    await expect(read()).rejects.toThrow('refused');
    expect(ids.filter((id) => id.startsWith('fl-3-'))).toEqual([]);
    expect(ids.length).toBeGreaterThanOrEqual(6_400);
  });

  // 53 pages, and one or two calls for the counts.
  it.each<[string, Faults, number]>([
    [
      'a row of the counts names no account',
      { groups: () => [`{"COUNT(*)":5300,"accountId":"x' OR 'a"}`] },
      55,
    ],
    ['the counts by account fail', { groups: fails }, 55],
    [
      'the counts leave an account out',
      { groups: () => [groupRow(0, 5_000), groupRow(1, 200)] },
      55,
    ],
    ['the counts have no account', { groups: () => [] }, 55],
    [
      'a count is too small',
      { groups: () => [groupRow(0, 5_000), groupRow(1, 200), groupRow(2, 99)] },
      55,
    ],
    [
      'a row has no count',
      { groups: () => [groupRow(0, 5_000), groupRow(1, 300), `{"accountId":"${accountOf(2)}"}`] },
      55,
    ],
    ['the count of all fails', { total: fails }, 54],
    ['the count of all has no row', { total: () => [] }, 54],
    ['the count of all is none', { total: () => ['{}', '{}'] }, 54],
    ['the count of all is larger', { total: () => ['{"COUNT(*)":5301}'] }, 55],
  ])('come from a single query where %s', async (_, faults, callCount) => {
    const counts = [5_000, 200, 100];
    const { aggregator, calls } = aggregatorWith(counts, faults);
    const ids = await idsOf(selectAll(aggregator, 'AWS::EC2::FlowLog'));
    expect(ids).toHaveLength(5_300);
    expect(new Set(ids).size).toBe(5_300);
    expect(calls.length).toBe(callCount);
  });
});
