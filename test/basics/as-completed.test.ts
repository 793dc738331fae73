import fc from 'fast-check';
import { asCompleted } from '../../rule/basics/as-completed.ts';

async function* listed<T>(items: readonly T[], failure?: Error): AsyncGenerator<T> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
  if (failure !== undefined) throw failure;
}

const never = new Promise<never>(() => undefined);

const pause = (turns: number): Promise<void> =>
  turns === 0 ? Promise.resolve() : Promise.resolve().then(() => pause(turns - 1));

/** The first so many results. */
async function firstOf<R>(results: AsyncIterable<R>, count: number): Promise<readonly R[]> {
  const found: R[] = [];
  if (count === 0) return found;
  for await (const result of results) {
    found.push(result);
    if (found.length === count) break;
  }
  return found;
}

const turnsOfItems = fc.array(fc.nat({ max: 20 }), { maxLength: 30 });
const maxAtOnce = fc.integer({ min: 1, max: 9 });

describe('results as they are known', () => {
  it('come once for each item, with a bounded number of items at work', () =>
    fc.assert(
      fc.asyncProperty(turnsOfItems, maxAtOnce, async (items, max) => {
        let atWork = 0;
        let most = 0;
        const work = async (turns: number): Promise<number> => {
          most = Math.max(most, ++atWork);
          await pause(turns);
          atWork--;
          return turns;
        };
        const found = await firstOf(asCompleted(listed(items), work, max), Infinity);
        expect([...found].sort()).toEqual([...items].sort());
        expect(most).toBeLessThanOrEqual(max);
      }),
    ));

  it('come for all other items where the work on a few never ends', () =>
    fc.assert(
      fc.asyncProperty(turnsOfItems, maxAtOnce, fc.gen(), async (items, max, gen) => {
        const stuck = new Set(
          gen(() => fc.subarray([...items.keys()], { maxLength: Math.min(max - 1, items.length) })),
        );
        const work = (nth: number): Promise<number> =>
          stuck.has(nth) ? never : pause(nth).then(() => nth);
        const others = [...items.keys()].filter((nth) => !stuck.has(nth));
        const found = await firstOf(
          asCompleted(listed([...items.keys()]), work, max),
          others.length,
        );
        expect([...found].sort((a, b) => a - b)).toEqual(others);
      }),
    ));

  it('come although the next item never comes, and nobody waits for that item in the end', async () => {
    let asked = false;
    async function* items(): AsyncGenerator<number> {
      yield 1;
      yield 2;
      asked = true;
      await never;
    }
    const results = asCompleted(items(), (item) => pause(50).then(() => item), 8);
    expect(await firstOf(results, 2)).toEqual([1, 2]);
    expect(asked).toBe(true);
  });

  it('come before the failure of the items', () =>
    fc.assert(
      fc.asyncProperty(turnsOfItems, maxAtOnce, async (items, max) => {
        const found: number[] = [];
        const all = async (): Promise<void> => {
          const work = (turns: number): Promise<number> => pause(turns).then(() => turns);
          for await (const result of asCompleted(listed(items, new Error('no page')), work, max))
            found.push(result);
        };
        await expect(all()).rejects.toThrow('no page');
        expect(found.sort()).toEqual([...items].sort());
      }),
    ));

  it('end the items where nobody asks for more', async () => {
    let ended = false;
    async function* items(): AsyncGenerator<number> {
      try {
        for (let nth = 0; ; nth++) yield await Promise.resolve(nth);
      } finally {
        ended = true;
      }
    }
    await firstOf(
      asCompleted(items(), (item) => Promise.resolve(item), 3),
      5,
    );
    await new Promise(setImmediate);
    expect(ended).toBe(true);
  });
});
