// Builds the script and the style of the html report, and prints both as JSON. The bundle of the command line takes both as
// texts; a checkout without a bundle runs this file.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const folder = resolve(import.meta.dirname, '../rule/desk/reports/html/page');

/**
 * The texts of the elements `script` and `style`.
 * @returns {Promise<{ readonly script: string, readonly style: string }>}
 */
export async function pageTexts() {
  const bundle = await rolldown({ input: `${folder}/page.ts`, platform: 'browser' });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  const script = output[0].code.trim();
  // A browser hashes the text with line ends of its own.
  const style = readFileSync(`${folder}/page.css`, 'utf8').replaceAll('\r\n', '\n');
  for (const text of [script, style])
    if (/<\/?(script|style)|<!--/i.test(text))
      throw new Error('a text of the page would end early');
  return { script, style };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(JSON.stringify(await pageTexts()));
