import fc from 'fast-check';
import { checkCodes } from '../../rule/model/verdict.ts';
import { tasksOf, type Task } from '../../rule/remedy/tasks.ts';
import { rowOf, runOf, verdictOf } from '../desk/reports/runs.ts';

type Words = Parameters<typeof verdictOf>[0];

const tasksFor = (...all: readonly Words[]): readonly Task[] =>
  tasksOf(runOf(all.map((words, n) => rowOf(`fl-${n}`, verdictOf(words)))).causes);

const names = fc.constantFrom('a', 'b', 'c');
const failing = fc.record({
  outcome: fc.constantFrom('blocked', 'unknown'),
  check: fc.constantFrom(...checkCodes),
  bucket: names,
  key: names,
  what: names,
  next: names,
} satisfies Readonly<Record<string, fc.Arbitrary<string>>>);

const blocked = { outcome: 'blocked' } as const;

describe('tasks', () => {
  it.each<[string, readonly Words[], readonly string[]]>([
    [
      'a key, for all its checks and buckets',
      [
        { ...blocked, bucket: 'a' },
        { ...blocked, bucket: 'b' },
        { outcome: 'unknown', check: 'key-state' },
      ],
      ['key 3'],
    ],
    [
      'a key each',
      [
        { ...blocked, key: 'a' },
        { ...blocked, key: 'b' },
      ],
      ['key 1', 'key 1'],
    ],
    [
      'buckets that are changed in the same way',
      [
        { ...blocked, check: 'key-by-arn', bucket: 'a' },
        { ...blocked, check: 'key-by-arn', bucket: 'b' },
      ],
      ['bucket 2'],
    ],
    [
      'buckets that are changed in other ways',
      [
        { ...blocked, check: 'key-by-arn', bucket: 'a' },
        { ...blocked, check: 'key-by-arn', bucket: 'b', next: 'other' },
      ],
      ['bucket 1', 'bucket 1'],
    ],
    [
      'a bucket of a key, where the bucket is to be changed',
      [{ ...blocked, check: 'bucket-policy' }, blocked],
      ['key 1', 'bucket 1'],
    ],
    [
      'flow logs themselves',
      [
        { outcome: 'unknown', check: 'delivery-status', bucket: 'a' },
        { outcome: 'unknown', check: 'delivery-status', bucket: 'b' },
      ],
      ['flow log 2'],
    ],

    [
      'what is blocked first, then for most flow logs',
      [
        { outcome: 'unknown', key: 'a' },
        { outcome: 'unknown', key: 'a' },
        { outcome: 'unknown', key: 'a' },
        { ...blocked, key: 'b' },
        { ...blocked, key: 'c' },
        { ...blocked, key: 'c' },
      ],
      ['key 2', 'key 1', 'key 3'],
    ],
  ])('are for %s', (_, all, expected) => {
    const found = tasksFor(...all).map(({ thing, rows }) => `${thing} ${rows.length}`);
    expect(found).toEqual(expected);
  });

  it('have every failing flow log once, each key once, and what is blocked first', () => {
    fc.assert(
      fc.property(fc.array(failing, { maxLength: 30 }), (all) => {
        const tasks = tasksFor(...all);
        const ids = tasks.flatMap(({ rows }) => rows.map(({ id }) => id));
        expect(ids.sort()).toEqual(all.map((__, n) => `fl-${n}`).sort());
        const keys = tasks.flatMap(({ thing, key }) => (thing === 'key' ? [key] : []));
        expect(new Set(keys).size).toBe(keys.length);
        const order = tasks.map(
          ({ steps: [{ outcome }], rows }) => (outcome === 'blocked' ? 1000 : 0) + rows.length,
        );
        expect(order).toEqual([...order].sort((a, b) => b - a));
        for (const { steps, rows, buckets } of tasks) {
          const gravest = rows.some(({ verdict }) => verdict.outcome === 'blocked');
          expect(steps[0].outcome).toBe(gravest ? 'blocked' : 'unknown');
          const counted = buckets.reduce((sum, { count }) => sum + count, 0);
          expect(counted).toBe(rows.length);
        }
      }),
    );
  });
});
