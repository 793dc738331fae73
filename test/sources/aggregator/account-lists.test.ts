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
  readonly count?: () => readonly string[];
}

/** An aggregator with so many flow logs in each account, and its calls. */
function aggregatorWith(counts: readonly number[], { refused, count }: Faults = {}) {
  const calls: string[] = [];
  let inFlight = 0;
  let most = 0;
  const client = new ConfigServiceClient({ region: 'us-east-1' });
  const answer = (expression: string, start: number) => {
    if (expression.length > 4096) throw new Error('expression is too long');
    if (!expression.includes('accountId IN') && !expression.includes('GROUP BY'))
      return page(counts.flatMap(flowLogsOf), { start, size: 100 });
    if (expression.includes('GROUP BY') && count) return { Results: count() };
    if (expression.includes('GROUP BY'))
      return page(
        counts.flatMap((of, nth) =>
          of === 0 ? [] : [{ 'COUNT(*)': of, accountId: accountOf(nth) }],
        ),
        { start, size: 500 },
      );
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
  it('come once each, side by side, with one call more for each list, and one', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 900 })), { maxLength: 40 }),
        async (counts) => {
          const { aggregator, calls, most } = aggregatorWith(counts);
          expect(await idsOf(selectAll(aggregator, 'AWS::EC2::FlowLog'))).toEqual(allIds(counts));
          const lists = new Set(calls.filter((each) => each.includes('accountId IN'))).size;
          const total = counts.reduce((sum, count) => sum + count, 0);
          const pages = Math.max(1, Math.ceil(total / 100));
          expect(calls.length).toBeLessThanOrEqual(pages + lists + 1);
          if (total < 100) expect(calls).toHaveLength(1);
          const accounts = counts.filter((count) => count > 0).length;
          const possible = pages < 40 ? 0 : Math.min(16, Math.floor(pages / 10), accounts);
          expect(lists).toBe(possible > 1 ? possible : 0);
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

  it.each([
    ['a row of the count names no account', () => [`{"COUNT(*)":1,"accountId":"x' OR 'a"}`]],
    [
      'the count fails',
      (): never => {
        throw new Error('refused');
      },
    ],
  ])('come from a single query where %s', async (_, count) => {
    const counts = [5_000, 300];
    const { aggregator, calls } = aggregatorWith(counts, { count });
    expect(await idsOf(selectAll(aggregator, 'AWS::EC2::FlowLog'))).toEqual(allIds(counts));
    expect(calls).toHaveLength(54);
  });
});
