import { resolve } from 'node:path';
import { aggregatorQueries, liveCalls, type Sizes } from '../../bench/floors.ts';
import { accountOf, orders, type Order } from '../../bench/survey-world.ts';
import { aggregator } from './aggregator-stand-in.ts';
import { bucket, central, flowLog, home, key, keyArn, numbers } from './aggregator-world.ts';
import { runAgainst, startAws } from './aws-stand-in.ts';

const check = [
  process.execPath,
  resolve('bin/flow-log-key.js'),
  'check',
  '--format',
  'json',
] as const;

const worlds: readonly Sizes[] = [
  { flowLogs: 1, buckets: 1, keys: 1 },
  { flowLogs: 120, buckets: 7, keys: 3 },
  { flowLogs: 101, buckets: 100, keys: 100 },
  { flowLogs: 1001, buckets: 12, keys: 12 },
];

const rows = worlds.flatMap((sizes) => {
  const name = `${sizes.flowLogs} flow logs, ${sizes.buckets} buckets, ${sizes.keys} keys`;
  return (Object.keys(orders) as Order[]).map((order): [string, Order, Sizes] => [
    name,
    order,
    sizes,
  ]);
});

describe('the fewest calls are made', () => {
  it.each(rows)('live: %s, %s', async (_, order, sizes) => {
    const aws = await startAws(accountOf(sizes, order));
    try {
      const { exitCode } = await runAgainst(aws, [...check, '--live'], { env: home });
      expect(exitCode).toBe(0);
      expect(aws.calls).toHaveLength(liveCalls(sizes));
    } finally {
      await aws.close();
    }
  });

  it.each(rows)('aggregator: %s, %s', async (_, order, sizes) => {
    const items = [
      ...numbers(sizes.flowLogs).map((n) => flowLog(n, `logs-${orders[order](n, sizes)}`)),
      ...numbers(sizes.buckets).map((n) => bucket(`logs-${n}`, keyArn(n % sizes.keys))),
      ...numbers(sizes.keys).map((n) => key(n)),
    ];
    const acme = aggregator({ name: 'acme', items: () => items, page: 100 });
    const aws = await startAws({ ...central, services: acme.operations });
    try {
      const { exitCode } = await runAgainst(aws, [...check, '--aggregator', 'acme'], { env: home });
      expect(exitCode).toBe(0);
      const queries = aws.calls.filter(({ operation }) => operation.startsWith('Select'));
      const counts = queries.filter(({ input }) => String(input.Expression).includes('COUNT(*)'));
      expect(counts.length).toBeLessThanOrEqual(1);
      expect(queries.length - counts.length).toBe(aggregatorQueries(sizes));
    } finally {
      await aws.close();
    }
  });
});
