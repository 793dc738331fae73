import { boundedCache, makeIntern } from '../../rule/basics/memory.ts';

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

describe('an intern', () => {
  it('returns the first of equal objects', () => {
    const intern = makeIntern();
    const first = { text: 'a' };
    expect(intern(first)).toBe(first);
    expect(intern({ text: 'a' })).toBe(first);
    expect(intern({ text: 'b' })).not.toBe(first);
  });

  // Only the memory shows whether texts are shared: 50 MB of equal texts, each made anew.
  it('keeps equal texts once', () => {
    const intern = makeIntern();
    const before = process.memoryUsage().heapUsed;
    const kept = Array.from({ length: 500 }, () =>
      intern(Buffer.alloc(100_000, 'x').toString('latin1')),
    );
    expect(new Set(kept).size).toBe(1);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30_000_000);
  });
});
