/** Measures the html report of 10,000 flow logs in Chromium, where one is, beside the limits of the report. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { browserPath, startBrowser } from '../test/e2e/browser.ts';
import { run } from './processes.ts';
import { tell } from './results.ts';
import { writeSnapshot } from './snapshot-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'html-'));
const [snapshot, report] = [join(folder, 'snapshot.json'), join(folder, 'report.html')];
await writeSnapshot(snapshot, { flowLogs: 10_000, buckets: 300, keys: 64 });
const options = ['--quiet', '--format', 'html', '--output', report];
await run(['bin/flow-log-key.js', 'check', '--snapshot', snapshot, ...options]);
const what = 'html report, 10,000 flow logs';
tell({
  what: `size of the ${what}`,
  reference: 'the limit',
  unit: 'KB',
  goal: 1,
  ours: statSync(report).size / 1000,
  theirs: 1000,
});

/** A redraw of the whole page with its layout, as text: the page has the names of a browser. */
const redraw = `(() => {
  const start = performance.now();
  document.getElementById('find').dispatchEvent(new Event('input', { bubbles: true }));
  document.body.getBoundingClientRect();
  return performance.now() - start;
})()`;

if (browserPath !== undefined) {
  const browser = await startBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(pathToFileURL(report).href);
  const times: number[] = [];
  for (let nth = 0; nth < 9; nth++) times.push(await page.evaluate<number>(redraw));
  await browser.close();
  tell({
    what: `drawing of the ${what}`,
    reference: 'the limit',
    unit: 'ms',
    goal: 1,
    // Other programs delay a redraw, and none makes a redraw faster.
    ours: Math.min(...times),
    theirs: 100,
  });
}
rmSync(folder, { recursive: true });
