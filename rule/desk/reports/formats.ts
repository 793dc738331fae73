import type { Run } from '../../remedy/run.ts';
import { changesText } from './changes-text.ts';
import { json } from './json.ts';
import type { ReportRoot } from './root-path.ts';
import { table, type TableOptions } from './table.ts';

/** Writes a report in pieces of text. */
type ReportWriter = (run: Run, options: TableOptions & ReportRoot) => Iterable<string>;

/** The formats of `--format`. Writers of other formats than table and JSON are loaded on demand. */
export const formats = {
  table: () =>
    Promise.resolve((run, options) => [table(run, options), ...changesText(run, options)]),
  json: () => Promise.resolve(json),
  csv: async () => (await import('./csv.ts')).csv,
  markdown: async () => (await import('./markdown.ts')).markdown,
  sarif: async () => (await import('./sarif.ts')).sarif,
  junit: async () => (await import('./junit.ts')).junit,
  github: async () => (await import('./github.ts')).github,
  html: async () => (await import('./html/html.ts')).html,
} satisfies Readonly<Record<string, () => Promise<ReportWriter>>>;

export type Format = keyof typeof formats;
