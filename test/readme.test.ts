import { readFileSync } from 'node:fs';
import { checks } from '../rule/judge/decide.ts';
import { ruleParameters } from '../rule/model/parameters.ts';

const readme = readFileSync('README.md', 'utf8');

describe('the README', () => {
  it.each(checks.map(({ code, title }) => [code, title]))(
    'has the check %s in its table',
    (code, title) => {
      expect(readme.replace(/ +/g, ' ')).toContain(`| \`${code}\` | ${title} |`);
    },
  );

  it('has the parameters of the rule in its table, in their order', () => {
    const [, , ...shown] =
      /\| rule parameter (?:.*\n)(?:\|.*\n)+/.exec(readme)?.[0].split('\n') ?? [];
    const expected = Object.entries(ruleParameters).map(([name, parameter]) => {
      const value = [parameter.default ?? []].flat().join();
      return `| \`${name}\` | ${value === '' ? '' : `\`${value}\` `}| ${parameter.meaning} |`;
    });
    expect(shown.map((row) => row.replace(/ +/g, ' '))).toEqual([...expected, '']);
  });

  it('shows what npm start really prints', () => {
    const shown = /```\n(BLOCKED[^]*?)```/.exec(readme)?.[1];
    expect(readFileSync('test/golden/start.txt', 'utf8')).toContain(shown);
  });
});
