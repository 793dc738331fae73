import fc from 'fast-check';
import { repeatedName } from '../../rule/basics/repeated-name.ts';

const rows: [json: string, name: string | undefined][] = [
  ['{"a":1,"b":2}', undefined],
  ['{"a":1,"a":2}', 'a'],
  ['{"a":1, "b":{"c":1}, "a" \n:2}', 'a'],
  ['{"a":{"b":1},"c":{"b":1}}', undefined],
  ['[{"a":1},{"a":1}]', undefined],
  ['{"a":["a","a"]}', undefined],
  ['{"a":"a","b":"\\"a\\":"}', undefined],
  ['{"a":"}{","a":1}', 'a'],
  ['{"\\u0061":1,"a":2}', 'a'],
  ['{"a\\\\":1,"a":2,"a\\\\":3}', 'a\\'],
  ['{"A":1,"a":2}', undefined],
  ['{"":1,"":2}', ''],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ['{"constructor":1}', undefined],
  ['[[{"b":{"x":[{"c":1,"d":{},"c":1}]}}]]', 'c'],
  ['"a"', undefined],
];
it.each(rows)('%s', (json, name) => {
  expect(repeatedName(json)).toBe(name);
});

it('finds no name in the text of any object, and finds any name that is written twice', () => {
  const law = fc.property(
    fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
    fc.nat(),
    fc.jsonValue(),
    (whole, at, value) => {
      const text = JSON.stringify(whole);
      expect(repeatedName(text)).toBe(undefined);
      const names = Object.keys(whole);
      const name = names[at % names.length] ?? '';
      const member = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
      const twice = `[${text.slice(0, -1)},${member}}]`;
      expect(JSON.parse(twice)).toBeDefined();
      expect(repeatedName(twice)).toBe(name);
    },
  );
  fc.assert(law, { numRuns: 500 });
});
