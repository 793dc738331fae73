import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const builder = fileURLToPath(new URL('../../../../build/page.js', import.meta.url));

/** The script and the style of the page. A bundle has these texts in place of this module: see build/bundle.js. */
export const pageTexts = JSON.parse(
  execFileSync(process.execPath, [builder], { encoding: 'utf8' }),
) as { readonly script: string; readonly style: string };
