import { readFileSync } from 'node:fs';
import { checks } from '../rule/judge/decide.ts';
import { ruleParameters } from '../rule/model/parameters.ts';
import { flowLogKey } from './desk/command-line.ts';

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
    expectShown(0, golden);
  });

  it('shows what the command really prints about a template', async () => {
    const { out } = await flowLogKey('check', '--template', 'examples/network.yaml');
    expectShown(1, out.split('\n'));
  });

  it('shows what explain really prints', () => {
    const first = readme.indexOf('REQUESTS OF DELIVERY');
    const shown = readme.slice(first, readme.indexOf('```', first)).join('\n');
    expect(shown.split('\n').length).toBeGreaterThan(4);
    expect(readFileSync('test/golden/account.explain.txt', 'utf8')).toContain(shown);
  });

  /** Compares a printed block of the README, line by line, with the lines that a command prints. */
  function expectShown(nth: number, lines: readonly string[]): void {
    const starts = readme.flatMap((line, index) => (line.startsWith('BLOCKED') ? [index] : []));
    const first = starts[nth] ?? NaN;
    const shown = readme.slice(first, readme.indexOf('```', first));
    const printed = lines.slice(lines.indexOf(nearest(shown[0] ?? '', lines)));
    expect(shown.length).toBeGreaterThan(1);
    for (const [index, line] of shown.entries()) {
      const at = `README.md:${first + index + 1}: `;
      expect(at + line).toBe(at + (printed[index] ?? ''));
    }
  }
});
