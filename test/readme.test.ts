import { readFileSync } from 'node:fs';
import { checks } from '../rule/judge/decide.ts';

const readme = readFileSync('README.md', 'utf8');

describe('the README', () => {
  it.each(checks.map(({ code, title }) => [code, title]))(
    'has the check %s in its table',
    (code, title) => {
      expect(readme.replace(/ +/g, ' ')).toContain(`| \`${code}\` | ${title} |`);
    },
  );

  it('shows what npm start really prints', () => {
    const shown = /```\n(BLOCKED[^]*?)```/.exec(readme)?.[1];
    expect(readFileSync('test/golden/start.txt', 'utf8')).toContain(shown);
  });
});
