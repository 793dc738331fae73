import { readFileSync } from 'node:fs';
import { checkPages } from '../build/check-pages.ts';
import { HOMEPAGE, pageOf } from '../rule/model/check-page.ts';
import { checkCodes } from '../rule/model/verdict.ts';
import { homepage } from '../package.json';

const sections = [
  '## What it means',
  '## How AWS behaves',
  '## Mend it',
  '### Console',
  '### AWS CLI',
  '### Terraform',
  '### CDK',
  '## What is unsure',
];

describe('the page of a check', () => {
  it.each(checkPages())('$file is current (npm run -s check-pages)', ({ file, text }) => {
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it.each(checkCodes)(
    '%s says what it means, how to mend the cause, and what is unsure',
    (code) => {
      const lines = readFileSync(`docs/checks/${code}.md`, 'utf8').split('\n');
      expect(lines.filter((line) => /^###? /.test(line))).toEqual(sections);
      for (const [index, line] of lines.entries())
        if (sections.includes(line) && line !== '## Mend it')
          expect(lines.slice(index + 1).find((each) => each !== '')).not.toMatch(/^#/);
    },
  );

  it.each(checkCodes)('%s has the address that reports link to, and is in the list', (code) => {
    expect(pageOf(code)).toBe(`${homepage}/blob/main/docs/checks/${code}.md`);
    expect(readFileSync('docs/checks/README.md', 'utf8')).toContain(`[\`${code}\`](${code}.md)`);
  });

  it('has an address at the home of the project', () => {
    expect(HOMEPAGE).toBe(homepage);
  });
});
