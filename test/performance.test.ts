import { readFileSync } from 'node:fs';
import { growths, pageOf, type Result, type Results } from '../bench/results.ts';

const page = readFileSync('docs/performance.md', 'utf8');
const linesOf = (text: string): readonly string[] => text.replace(/ +/g, ' ').split('\n');

describe('docs/performance.md', () => {
  it('is the page of the last results: `npm run -s performance`', () => {
    const results = JSON.parse(readFileSync('bench/results.json', 'utf8')) as Results;
    expect(page).toBe(pageOf(results));
  });

  it('is quoted by three lines of the README', () => {
    const readme = linesOf(readFileSync('README.md', 'utf8'));
    const first = readme.findIndex((line) => line.startsWith('| measured | takes |')) + 2;
    const quoted = readme.slice(first, first + 3);
    expect(readme[first + 3]).toBe('');
    expect(linesOf(page)).toEqual(expect.arrayContaining([...quoted]));
  });
});

describe('the exponent of growth', () => {
  const at = (size: number | null, ours: number): Result => ({
    what: 'a survey',
    reference: 'its calls',
    unit: 's',
    goal: 1,
    size,
    ours,
    theirs: 1,
    ratio: ours,
  });

  it.each<[string, readonly Result[], number | undefined]>([
    ['is 1 where all is proportional', [at(10, 2), at(100, 20), at(1000, 200)], 1],
    ['is 2 where ten times as many take a hundred times as long', [at(10, 2), at(100, 200)], 2],
    ['is 0 where nothing grows', [at(10, 2), at(100, 2), at(1000, 2)], 0],
    ['is not known from one size', [at(10, 2)], undefined],
    ['is not known without a size', [at(null, 2)], undefined],
  ])('%s', (_, results, expected) => {
    const found = growths(results).get('a survey');
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(expected);
  });
});
