import fc from 'fast-check';
import { pieces } from '../../../rule/desk/reports/pieces.ts';

/** The same value with a generator in place of every list. */
const lazily = (value: unknown): unknown => {
  if (Array.isArray(value)) return comes(value.map(lazily));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, lazily(each)]));
};

function* comes(values: readonly unknown[]) {
  yield* values;
}

describe('JSON in pieces', () => {
  it('is the JSON of the whole, whether lists are there or come one by one', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(value, (report) => {
        const whole = `${JSON.stringify(report, null, 2)}\n`;
        expect([...pieces(report)].join('')).toBe(whole);
        expect([...pieces(lazily(report) as object)].join('')).toBe(whole);
      }),
    );
  });

  it('comes while the list does', () => {
    const made: number[] = [];
    function* numbers(): Generator<number> {
      for (let n = 0; n < 1000; n++) {
        made.push(n);
        yield n;
      }
    }
    const text = pieces({ numbers: numbers() });
    for (const piece of text) if (piece.includes('[')) break;
    expect(made.length).toBeLessThan(3);
  });
});
