/**
 * Writes docs/performance.md from the results of the bench, and renews the lines that the README quotes.
 *
 *     npx tsx bench/page.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { pageOf, type Results } from './results.ts';

const page = pageOf(JSON.parse(readFileSync('bench/results.json', 'utf8')) as Results);
writeFileSync('docs/performance.md', page);

/** The first cell of a row. */
const nameOf = (line: string): string => line.split('|')[1]?.trim() ?? '';
const rows = new Map(
  page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => [nameOf(line), line]),
);
const renewed = readFileSync('README.md', 'utf8')
  .split('\n')
  .map((line) => (line.startsWith('| ') ? (rows.get(nameOf(line)) ?? line) : line));
const style = { parser: 'markdown', printWidth: 120 };
writeFileSync('README.md', await format(renewed.join('\n'), style));
