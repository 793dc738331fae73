import type { Run } from '../../remedy/run.ts';
import { json } from './json.ts';
import { table, type TableOptions } from './table.ts';

/** Writes a report in pieces of text. */
type ReportWriter = (run: Run, options: TableOptions) => Iterable<string>;

/** The formats of `--format`. Writers of other formats than table and JSON are loaded on demand. */
export const formats = {
  table: () => Promise.resolve((run, options) => [table(run, options)]),
  json: () => Promise.resolve(json),
  html: async () => (await import('./html/html.ts')).html,
} satisfies Readonly<Record<string, () => Promise<ReportWriter>>>;

export type Format = keyof typeof formats;
