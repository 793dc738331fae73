import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** The path of Chromium or Chrome; undefined where there is none. */
export const browserPath = [
  process.env.CHROME_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find(existsSync);

if (browserPath === undefined)
  console.error('the html report is not tried: no Chromium is here, and CHROME_PATH names none');

/** Starts the browser. A container's root user has no sandbox of the browser. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    ...(browserPath !== undefined && { executablePath: browserPath }),
    args: ['--no-sandbox'],
  });
