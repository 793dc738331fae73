import { readFileSync } from 'node:fs';
import { checks } from '../rule/judge/decide.ts';
import { ruleParameters } from '../rule/model/parameters.ts';

const readme = linesOf('README.md');
const golden = linesOf('test/golden/start.txt');

function linesOf(file: string): readonly string[] {
  return readFileSync(file, 'utf8').split('\n');
}

/** The line of the text with the longest beginning in common with this line. */
function nearest(line: string, text: readonly string[]): string {
  const likeness = (other: string): number => {
    let length = 0;
    while (length < line.length && line[length] === other[length]) length++;
    return length;
  };
  return text.reduce((best, other) => (likeness(other) > likeness(best) ? other : best));
}

describe('the README', () => {
  const rows = readme.map((line) => line.replace(/ +/g, ' '));

  it.each(checks.map(({ code, title }) => [code, title]))(
    'has the check %s in its table',
    (code, title) => {
      const row = `| \`${code}\` | ${title} |`;
      expect(nearest(row, rows).slice(0, row.length)).toBe(row);
    },
  );

  it('has the parameters of the rule in its table, in their order', () => {
    const first = rows.findIndex((row) => row.startsWith('| rule parameter ')) + 2;
    const shown = rows.slice(first, rows.indexOf('', first));
    const expected = Object.entries(ruleParameters).map(([name, parameter]) => {
      const value = [parameter.default ?? []].flat().join();
      return `| \`${name}\` | ${value === '' ? '' : `\`${value}\` `}| ${parameter.meaning} |`;
    });
    expect(shown).toEqual(expected);
  });

  it('shows what npm start really prints', () => {
    const first = readme.findIndex((line) => line.startsWith('BLOCKED'));
    const shown = readme.slice(first, readme.indexOf('```', first));
    const printed = golden.slice(golden.indexOf(nearest(shown[0] ?? '', golden)));
    expect(shown.length).toBeGreaterThan(1);
    for (const [index, line] of shown.entries()) {
      const at = `README.md:${first + index + 1}: `;
      expect(at + line).toBe(at + (printed[index] ?? ''));
    }
  });
});
