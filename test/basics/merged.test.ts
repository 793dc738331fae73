import fc from 'fast-check';
import { merged } from '../../rule/basics/merged.ts';

const pause = (turns: number): Promise<void> =>
  turns === 0 ? Promise.resolve() : Promise.resolve().then(() => pause(turns - 1));

/** Lists of items, each a number of turns until the item comes; some lists fail after their items. */
const drawn = fc.array(
  fc.record({ items: fc.array(fc.nat({ max: 9 }), { maxLength: 9 }), fails: fc.boolean() }),
  { maxLength: 12 },
);

describe('merged lists', () => {
  it('pass on each item once, a bounded number of lists at a time, and reject at the end where one fails', () =>
    fc.assert(
      fc.asyncProperty(drawn, fc.integer({ min: 1, max: 5 }), async (lists, max) => {
        let open = 0;
        let most = 0;
        async function* list({ items, fails }: (typeof lists)[number], nth: number) {
          most = Math.max(most, ++open);
          try {
            await pause(1);
            for (const [at, turns] of items.entries()) {
              await pause(turns);
              yield `${nth}-${at}`;
            }
            if (fails) throw new Error(`list ${nth}`);
          } finally {
            open--;
          }
        }
        const found: string[] = [];
        let failure: unknown;
        try {
          for await (const item of merged(lists.map(list), max)) found.push(item);
        } catch (error) {
          failure = error;
        }
        const all = lists.flatMap(({ items }, nth) => items.map((_, at) => `${nth}-${at}`));
        expect(found.sort()).toEqual(all.sort());
        expect(failure !== undefined).toBe(lists.some(({ fails }) => fails));
        expect(most).toBe(Math.min(max, lists.length));
      }),
    ));

  it('pass on the items of all other lists where a list never answers', async () => {
    async function* hung() {
      await new Promise(() => undefined);
      yield 0;
    }
    async function* list(first: number) {
      for (let nth = 0; nth < 5; nth++) yield await Promise.resolve(first + nth);
    }
    const found: number[] = [];
    for await (const item of merged([hung(), list(10), list(20), list(30)], 2)) {
      found.push(item);
      if (found.length === 15) break;
    }
    expect(found.sort()).toEqual(
      [10, 20, 30].flatMap((first) => [0, 1, 2, 3, 4].map((n) => first + n)),
    );
  });
});
