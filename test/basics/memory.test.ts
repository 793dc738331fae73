import { boundedCache, makeIntern, makeNumbering } from '../../rule/basics/memory.ts';
import { collectGarbage } from '../garbage.ts';

describe('a bounded cache', () => {
  it.each([['text'], [null], [undefined], [0]])('makes %p once', (value) => {
    const cache = boundedCache<unknown>(4);
    const make = jest.fn(() => value);
    expect([cache('a', make), cache('a', make), cache('a', make)]).toEqual([value, value, value]);
    expect(make).toHaveBeenCalledTimes(1);
  });

  it('keeps the newest values, and makes the forgotten ones anew', () => {
    const cache = boundedCache<string>(4);
    const made: string[] = [];
    const ask = (name: string): string =>
      cache(name, () => {
        made.push(name);
        return name;
      });
    ['a', 'b', 'c', 'd', 'e', 'd', 'c', 'a'].forEach(ask);
    expect(made).toEqual(['a', 'b', 'c', 'd', 'e', 'a']);
  });
});

describe('a numbering', () => {
  it('has one number for equal objects, and another for each other object', () => {
    const numberOf = makeNumbering();
    const values = [{ a: 1 }, { a: 2 }, { a: 1 }, [], { a: { b: 2 } }, []];
    expect(values.map(numberOf)).toEqual([1, 2, 1, 3, 4, 3]);
  });

  it('never gives a number twice, also after many values', () => {
    const numberOf = makeNumbering();
    const many = Array.from({ length: 30_000 }, (_, n) => numberOf({ n: n % 20_000 }));
    const values = new Map(many.map((number, n) => [number, n % 20_000]));
    expect(many.every((number, n) => values.get(number) === n % 20_000)).toBe(true);
  });
});

describe('an intern', () => {
  it('returns the first of equal objects', () => {
    const intern = makeIntern();
    const first = { text: 'a' };
    expect(intern(first)).toBe(first);
    expect(intern({ text: 'a' })).toBe(first);
    expect(intern({ text: 'b' })).not.toBe(first);
  });

  /** The memory in use, without garbage. */
  const heapUsed = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };

  // Only the memory shows whether texts are shared: 50 MB of equal texts, each made anew.
  it('keeps equal texts once', () => {
    const intern = makeIntern();
    const before = heapUsed();
    const kept = Array.from({ length: 500 }, () =>
      intern(Buffer.alloc(100_000, 'x').toString('latin1')),
    );
    expect(new Set(kept).size).toBe(1);
    expect(heapUsed() - before).toBeLessThan(30_000_000);
  });
});
