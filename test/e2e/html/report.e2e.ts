import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { html } from '../../../rule/desk/reports/html/html.ts';
import type { Run } from '../../../rule/remedy/run.ts';
import { hostileNames, hostileRun, seen } from '../../desk/reports/hostile-names.ts';
import { manyFacts, runOfFacts } from '../../desk/reports/html-runs.ts';
import { browserPath, startBrowser } from '../browser.ts';
import { faintTexts, namelessControls } from './in-page.ts';

const described = browserPath === undefined ? describe.skip : describe;

let folder: string;
let browser: Browser;
/** Everything that a page requested or complained about. */
let heard: string[];
const files: Record<string, string> = {};

const write = (name: string, run: Run): void => {
  files[name] = join(folder, `${name}.html`);
  writeFileSync(files[name], [...html(run)].join(''));
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'html-'));
  files.sample = join(folder, 'sample.html');
  await new Promise((done) => {
    const sample = ['examples/workload-111122223333-us-east-1.json'];
    sample.push('examples/log-archive-444455556666-us-east-1.json');
    const args = ['check', '--snapshot', ...sample, '--format', 'html', '--output'];
    execFile(process.execPath, ['bin/flow-log-key.js', ...args, files.sample ?? ''], done);
  });
  write('many', runOfFacts(manyFacts(2000)));
  write('hostile', hostileRun(hostileNames));
  write('empty', runOfFacts([]));
  if (browserPath !== undefined) browser = await startBrowser();
});
afterAll(async () => {
  if (browserPath !== undefined) await browser.close();
  rmSync(folder, { recursive: true });
});

/** Opens a page from its file, and listens. */
async function open(name: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  heard = [];
  page.on('console', (message) => heard.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`));
  page.on('request', (request) => heard.push(`request: ${request.url()}`));
  page.on('dialog', (dialog) => {
    heard.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(pathToFileURL(files[name] ?? '').href);
  return page;
}

const phone = { width: 390, height: 844 };
const rowsIn = (page: Page) => page.locator('#flow-logs tbody tr');
const status = (page: Page) => page.locator('#status').textContent();
/** Waits until the page has the text: some of what the page does comes after the event. */
const shows = (page: Page, text: string): Promise<void> => page.getByText(text).first().waitFor();

described('the html report in Chromium', () => {
  it.each(
    ['sample', 'many', 'hostile', 'empty'].flatMap((name) =>
      (['light', 'dark'] as const).flatMap((scheme) =>
        [phone, { width: 1280, height: 900 }].map(
          (viewport) => [name, scheme, viewport.width, viewport] as const,
        ),
      ),
    ),
  )(
    'of %s in %s colours, %d pixels wide, loads nothing, complains of nothing, fits and has contrast',
    async (name, colorScheme, width, viewport) => {
      const page = await open(name, { viewport, colorScheme });
      expect(heard).toEqual([`request: ${pathToFileURL(files[name] ?? '').href}`]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(await page.evaluate(faintTexts)).toEqual([]);
      expect(await page.evaluate(namelessControls)).toEqual([]);
      await page.close();
    },
  );

  it('shows hostile names as names', async () => {
    const page = await open('hostile');
    const ids = await page.locator('#flow-logs th[scope=row]').allTextContents();
    expect(ids.sort()).toEqual(hostileNames.map(seen).sort());
    const problems = await page.locator('.problems li code:first-child').allTextContents();
    expect(problems).toEqual(hostileNames.map(seen));
    await page.getByRole('button', { name: 'Show all' }).click();
    expect(await page.locator('.card').count()).toBe(new Set(hostileNames.map(seen)).size);
    expect(await page.locator('img, iframe, a[href*=evil], [onerror], b b').count()).toBe(0);
    await page.getByRole('button', { name: 'Find this key' }).first().click();
    await page.waitForFunction(() => document.querySelectorAll('.card').length < 12);
    expect(heard.filter((each) => !each.startsWith('request: file:'))).toEqual([]);
    await page.close();
  });

  it('filters by outcome, cause, account, Region and text, and clears the filter', async () => {
    const page = await open('many');
    expect(await status(page)).toBe('2,000 flow logs, on 64 keys and buckets');
    await page.locator('#deliverable').uncheck();
    expect(await status(page)).toMatch(/^\d+ of 2,000 flow logs, on 10 keys and buckets$/);
    expect(await page.locator('.card').count()).toBe(10);
    await page.getByRole('combobox', { name: 'Cause' }).selectOption('key-policy');
    await page.getByRole('combobox', { name: 'Account' }).selectOption('100000000007');
    const before = await rowsIn(page).count();
    expect(before).toBeGreaterThan(0);
    await page.getByRole('combobox', { name: 'Region' }).selectOption('eu-west-1');
    const regions = await rowsIn(page).locator('td:nth-child(5)').allTextContents();
    expect(new Set(regions)).toEqual(new Set(['eu-west-1']));
    await page.getByRole('button', { name: 'Clear' }).click();
    await shows(page, '2,000 flow logs, on 64 keys and buckets');
    expect(await status(page)).toBe('2,000 flow logs, on 64 keys and buckets');
    await page.getByRole('searchbox', { name: 'Find' }).fill('organization-flow-logs-7');
    expect(await rowsIn(page).first().locator('td:nth-child(6)').textContent()).toMatch(/logs-7/);
    await page.getByRole('searchbox', { name: 'Find' }).fill('nothing of the kind');
    expect(await rowsIn(page).count()).toBe(0);
    expect(await page.locator('svg a').count()).toBe(0);
    await page.close();
  });

  it('draws the worst first, folds the others, and turns the pages of the table', async () => {
    const page = await open('many');
    const links = page.locator('svg a');
    expect(await links.count()).toBe(12);
    expect(await links.first().getAttribute('aria-label')).toMatch(
      /^Key 1234abcd-\S+: \d+ flow logs in \d buckets blocked by key-policy$/,
    );
    await page.getByRole('button', { name: 'Show 12 more' }).click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('card-13');
    await page.getByRole('button', { name: 'Show all 64' }).click();
    expect([await links.count(), await page.locator('.card').count()]).toEqual([64, 64]);
    const first = await rowsIn(page).first().textContent();
    await page.getByRole('button', { name: 'Next 100' }).click();
    expect(await rowsIn(page).first().textContent()).not.toBe(first);
    expect(await page.locator('#flow-logs caption').textContent()).toBe(
      'Flow logs 101 to 200 of 2,000',
    );
    await page.close();
  });

  it('copies the statement, also from a file', async () => {
    const page = await open('sample');
    await page.getByRole('button', { name: 'Copy statement' }).first().click();
    await shows(page, 'Copied');
    expect(await page.getByText('Copied').count()).toBe(1);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Copy statement');
    await page.evaluate(() => {
      document.body.append(document.createElement('textarea'));
    });
    await page.locator('textarea').focus();
    await page.keyboard.press('Control+V');
    expect(JSON.parse(await page.locator('textarea').inputValue())).toMatchObject({
      Sid: 'FlowLogKeyRule',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    });
    await page.close();
  });

  it('says that the browser refuses to copy, and opens the statement', async () => {
    const page = await open('sample');
    await page.evaluate(() => {
      Object.defineProperty(document, 'execCommand', { value: () => false });
      navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));
    });
    const last = page.locator('.statement').last();
    await last.getByRole('button').click();
    await shows(page, 'The browser refuses to copy');
    expect(await last.textContent()).toContain('The browser refuses to copy');
    expect(await last.locator('pre').isVisible()).toBe(true);
    await page.close();
  });

  it('is used with keys alone', async () => {
    const page = await open('sample', { reducedMotion: 'reduce' });
    const focused = () =>
      page.evaluate(() => {
        const { outlineStyle } = getComputedStyle(document.activeElement ?? document.body);
        const back = document.activeElement?.querySelector('.back');
        return outlineStyle !== 'none' || (back && getComputedStyle(back).strokeWidth) === '2px';
      });
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Skip to/);
    const stops: boolean[] = [];
    for (let stop = 0; stop < 12; stop++) {
      await page.keyboard.press('Tab');
      stops.push(await focused());
    }
    expect(stops).not.toContain(false);
    await page.locator('#blocked').focus();
    await page.keyboard.press('Space');
    expect(await status(page)).toBe('5 of 13 flow logs, on 5 keys and buckets');
    await page.keyboard.press('Space');
    await page.locator('svg a').nth(1).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#card-2$/);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('article')?.id)).toMatch(
      /^card-[23]$/,
    );
    await page.close();
  });

  it('tells a screen reader all that the picture shows', async () => {
    const page = await open('sample');
    const heardByReader = await page.locator('body').ariaSnapshot();
    for (const part of ['banner', 'search', 'main', 'heading "8 of 13 flow logs are blocked"'])
      expect(heardByReader).toContain(part);
    expect(heardByReader).toMatch(
      /link "Key 11111111-\S+: 3 flow logs in bucket acme-vpc-logs blocked by key-policy"/,
    );
    await page.locator('summary', { hasText: 'The picture as a table' }).click();
    const table = await page.locator('#picture-table').ariaSnapshot();
    expect(table).toMatch(
      /row "blocked 3 acme-vpc-logs 11111111-\S+ from the bucket to the key key-policy"/,
    );
    await page.close();
  });

  it('prints everything that is folded, and no controls', async () => {
    const page = await open('sample', { colorScheme: 'dark' });
    await page.evaluate(() => {
      addEventListener('beforeprint', () => {
        const folded = [...document.querySelectorAll('details')].filter((each) => !each.open);
        document.title = `${folded.length} folded`;
      });
    });
    const pdf = await page.pdf();
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(await page.title()).toBe('0 folded');
    expect(await page.locator('details:not([open])').count()).toBeGreaterThan(0);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.getByRole('button', { name: 'Clear' }).isVisible()).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe(
      'rgb(27, 33, 39)',
    );
    await page.close();
  });

  it('shows the answer and the problems where the script does not run', async () => {
    const page = await open('hostile', { javaScriptEnabled: false });
    const text = await page.locator('body').innerText();
    expect(text).toMatch(/This report is not whole: \d+ inputs could not be read/);
    expect(text).toMatch(/The script has not run/);
    expect(await page.getByText('Clear').isVisible()).toBe(false);
    await page.close();
    const scripted = await open('hostile');
    expect(await scripted.locator('.problems').count()).toBe(1);
    expect(await scripted.title()).toMatch(/^Not whole: /);
    await scripted.close();
  });
});
