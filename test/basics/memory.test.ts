import { boundedCache } from '../../rule/basics/memory.ts';

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
