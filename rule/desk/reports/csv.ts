import { printable } from '../../basics/text.ts';
import { complianceOf } from '../../model/compliance.ts';
import type { Problem } from '../../model/problem.ts';
import type { Row, Run } from '../../remedy/run.ts';
import { findingParts } from './finding-lines.ts';

/** The columns, with the cell of a flow log. */
const columns = {
  flowLogId: ({ id }) => id,
  accountId: ({ accountId }) => accountId,
  region: ({ region }) => region,
  resourceId: ({ resourceId }) => resourceId,
  outcome: ({ verdict }) => verdict.outcome,
  compliance: ({ verdict }) => complianceOf(verdict.outcome),
  reason: ({ verdict }) => verdict.reason,
  what: ({ verdict }) => findingParts(verdict).what,
  bucket: ({ verdict }) => verdict.bucket,
  keyArn: ({ verdict }) => verdict.keyArn,
  next: ({ verdict }) => findingParts(verdict).next,
  advice: ({ verdict }) => verdict.advice.join('; '),
  file: ({ source }) => source?.file,
  line: ({ source }) => source?.line.toString(),
} satisfies Readonly<Record<string, (row: Row) => string | null | undefined>>;

/** The report for spreadsheets: a record for each flow log, then a record for each input that could not be read. */
export function* csv({ rows, problems }: Run): Generator<string> {
  yield record(Object.keys(columns));
  for (const row of rows) yield record(Object.values(columns).map((cellOf) => cellOf(row)));
  for (const problem of problems) yield unreadable(problem);
}

/** Without an outcome of a flow log: a sum over the column `outcome` then differs from the number of records. */
function unreadable({ file, item, message }: Problem): string {
  const cells: Partial<Record<keyof typeof columns, string | null>> = {
    flowLogId: item,
    outcome: 'unreadable',
    what: message,
    file,
  };
  return record(Object.keys(columns).map((name) => cells[name as keyof typeof columns]));
}

/** Lines end as RFC 4180 has them. */
const record = (values: readonly (string | null | undefined)[]): string =>
  `${values.map((value) => cell(value ?? '')).join(',')}\r\n`;

/** A spreadsheet would run a cell that begins like a formula; after an apostrophe the cell is a text. */
function cell(value: string): string {
  const text = printable(FORMULA.test(value) ? `'${value}` : value);
  return /[",;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Some spreadsheets read the wide forms too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
