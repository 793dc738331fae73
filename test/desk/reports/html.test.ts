import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { html } from '../../../rule/desk/reports/html/html.ts';
import type { PageData } from '../../../rule/desk/reports/html/page-data.ts';
import type { Run } from '../../../rule/remedy/run.ts';
import { flowLogKey } from '../command-line.ts';
import { hostileNames, hostileRun } from './hostile-names.ts';
import { manyFacts, runOfFacts } from './html-runs.ts';
import { samples } from './samples.ts';

const textOf = (run: Run): string => [...html(run)].join('');

/** The texts of the elements `script` and `style`. */
const elementsIn = (page: string): readonly string[] =>
  [...page.matchAll(/<(script|style)[^>]*>([^]*?)<\/\1>/g)].map(([, , text = '']) => text);

/** The page without its script, its style and their hashes, which change with each release of the bundler. */
function pageForReviewers(page: string): string {
  const [style = '', , script = ''] = elementsIn(page);
  return page
    .replace(style, () => 'the style')
    .replace(script, () => 'the script')
    .replaceAll(/'sha256-[^']*'/g, "'its hash'");
}

const dataIn = (page: string): PageData => JSON.parse(elementsIn(page)[1] ?? '') as PageData;

describe('the page', () => {
  it.each(Object.entries(samples))(
    'of the sample %s is the one that a reviewer has read: GOLDEN=write renews the file',
    async (sample, args) => {
      const { out } = await flowLogKey('check', ...args, '--format', 'html');
      const file = `test/golden/${sample}.html`;
      const page = pageForReviewers(out);
      if (process.env.GOLDEN === 'write') writeFileSync(file, page);
      expect(page).toBe(readFileSync(file, 'utf8'));
    },
  );

  it('allows its own script and style by their hashes, and to load nothing', () => {
    const page = textOf(runOfFacts(manyFacts(1)));
    const [style = '', , script = ''] = elementsIn(page);
    const hashOf = (text: string): string =>
      `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hashOf(script)}`,
      `style-src ${hashOf(style)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style'));
    expect(`${style}${script}`).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|@import|url\(/,
    );
  });

  it.each([0, 1, 13])('has the data of %d flow logs as JSON', (count) => {
    const run = runOfFacts(manyFacts(count));
    const { flowLogs, groups, places } = dataIn(textOf(run));
    expect(
      flowLogs.map(([id, group, place]) => [id, groups[group]?.outcome, ...(places[place] ?? [])]),
    ).toEqual(
      run.rows.map(({ id, verdict, accountId, region }) => [
        id,
        verdict.outcome,
        accountId,
        region,
      ]),
    );
  });

  it('has 10,000 flow logs in a megabyte', () => {
    expect(Buffer.byteLength(textOf(runOfFacts(manyFacts(10_000))))).toBeLessThan(1_000_000);
  });

  it('comes flow log by flow log: a million flow logs make more text than one string can hold', () => {
    const pieces = [...html(runOfFacts(manyFacts(1000)))];
    expect(Math.max(...pieces.slice(1, -2).map(({ length }) => length))).toBeLessThan(100_000);
  });
});

describe('a hostile name', () => {
  it.each(hostileNames.map((name) => [JSON.stringify(name), name]))('%s adds no tag', (_, name) => {
    expect(tagsIn(textOf(hostileRun([name])))).toEqual(tagsIn(textOf(hostileRun(['plain']))));
  });

  /** The tags as a browser finds them, with the names of their attributes. */
  const tagsIn = (page: string): readonly string[] =>
    [...pageForReviewers(page).matchAll(/<!?\/?[a-z-]+(?:\s+[a-z-]+(?:="[^"]*")?)*>|<!--/gi)].map(
      ([tag]) => tag.replace(/="[^"]*"/g, ''),
    );
});
