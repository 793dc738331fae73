import { readFileSync } from 'node:fs';
import { optionNames } from '../infra/options/options.ts';
import { checks } from '../rule/judge/decide.ts';
import { ruleParameters } from '../rule/model/parameters.ts';
import { flowLogKey } from './desk/command-line.ts';

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

const rowsOf = (file: string): readonly string[] =>
  linesOf(file).map((line) => line.replace(/ +/g, ' '));

describe('the tables of the pages', () => {
  const rows = rowsOf('docs/checks/README.md');

  it.each(checks.map(({ code, title }) => [code, title]))('have the check %s', (code, title) => {
    const row = `| [\`${code}\`](${code}.md) | ${title} |`;
    expect(nearest(row, rows).slice(0, row.length)).toBe(row);
  });

  it('have the parameters of the rule, in their order', () => {
    const options = rowsOf('docs/deploy.md');
    const first = options.findIndex((row) => row.startsWith('| rule parameter ')) + 2;
    const shown = options.slice(first, options.indexOf('', first));
    const expected = Object.entries(ruleParameters).map(([name, parameter]) => {
      const value = [parameter.default ?? []].flat().join();
      return `| \`${name}\` | ${value === '' ? '' : `\`${value}\` `}| ${parameter.meaning} |`;
    });
    expect(shown).toEqual(expected);
  });
});

it.each(optionNames)('the pages have a row for the option %s', (name) => {
  const rows = ['deploy', 'mending', 'organization'].flatMap((page) => linesOf(`docs/${page}.md`));
  expect(rows.filter((row) => row.startsWith(`| \`${name}\` `))).not.toEqual([]);
});

describe('the pages show', () => {
  it('what npm start really prints', () => {
    expectShown('README.md', linesOf('test/golden/start.txt'));
  });

  it('what the command really prints about a template', async () => {
    const { out } = await flowLogKey('check', '--template', 'examples/network.yaml');
    expectShown('docs/before-deployment.md', out.split('\n'));
  });

  it('what explain really prints', () => {
    const page = linesOf('docs/command-line.md');
    const first = page.indexOf('REQUESTS OF DELIVERY');
    const shown = page.slice(first, page.indexOf('```', first)).join('\n');
    expect(shown.split('\n').length).toBeGreaterThan(4);
    expect(readFileSync('test/golden/account.explain.txt', 'utf8')).toContain(shown);
  });

  /** Compares the printed block of a page, line by line, with the lines that a command prints. */
  function expectShown(file: string, lines: readonly string[]): void {
    const page = linesOf(file);
    const first = page.findIndex((line) => line.startsWith('BLOCKED'));
    const shown = page.slice(first, page.indexOf('```', first));
    const printed = lines.slice(lines.indexOf(nearest(shown[0] ?? '', lines)));
    expect(shown.length).toBeGreaterThan(1);
    for (const [index, line] of shown.entries()) {
      const at = `${file}:${first + index + 1}: `;
      expect(at + line).toBe(at + (printed[index] ?? ''));
    }
  }
});
