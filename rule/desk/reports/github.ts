import { sum } from '../../basics/lists.ts';
import { cut, printable } from '../../basics/text.ts';
import { problemLine, type Problem } from '../../model/problem.ts';
import type { FailingRow, Run } from '../../remedy/run.ts';
import { countsInWords } from './counts-in-words.ts';
import { findingLines } from './finding-lines.ts';
import { gravest } from './gravest.ts';
import { rootPath, type ReportRoot } from './root-path.ts';

/** GitHub shows so many errors, and as many warnings, of a step. */
const MAX_PER_STEP = 10;

/**
 * Workflow commands for the ten gravest: unreadable input, errors for blocked flow logs, warnings for unknown flow logs. A
 * notice counts the rest.
 */
export function* github(run: Run, root: ReportRoot): Generator<string> {
  const { causes, problems } = run;
  if (problems.length > 0) yield unreadAnnotation(problems);
  const told = gravest(causes, MAX_PER_STEP - (problems.length > 0 ? 1 : 0));
  for (const row of told) yield annotation(row, root);
  const failing = sum(causes, (cause) => cause.rows.length);
  const rest = failing - told.length;
  const left =
    rest > 0 ? `; ${rest} of the blocked and unknown are not shown, --format json has all` : '';
  yield command('notice', { title: 'flow-log-key' }, [`${countsInWords(run)}${left}`]);
}

function annotation({ id, source, verdict }: FailingRow, root: ReportRoot): string {
  const { outcome, reason } = verdict;
  const place = source && {
    file: rootPath(source.file, root),
    line: source.line,
    col: source.column,
  };
  const [what, ...more] = findingLines(verdict);
  const title = `flow log ${outcome}: ${reason}`;
  return command(outcome === 'blocked' ? 'error' : 'warning', { ...place, title }, [
    `${id}: ${what}`,
    ...more,
  ]);
}

const MAX_PROBLEMS = 20;

function unreadAnnotation(problems: readonly Problem[]): string {
  const lines = problems.slice(0, MAX_PROBLEMS).map(problemLine);
  const rest = problems.length - lines.length;
  const title = 'input could not be read, so flow logs may be missing';
  return command('error', { title }, rest > 0 ? [...lines, `... and ${rest} more`] : lines);
}

/** GitHub refuses a message of more than 64 KB. */
const MAX_LINE = 1000;

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands */
function command(
  name: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string | number>>,
  lines: readonly string[],
): string {
  const settings = Object.entries(properties).map(([key, value]) => {
    const text = escapeData(printable(String(value)));
    return `${key}=${text.replaceAll(':', '%3A').replaceAll(',', '%2C')}`;
  });
  const shown = lines.map((line) => cut(printable(line), MAX_LINE));
  return `::${name} ${settings.join(',')}::${escapeData(shown.join('\n'))}\n`;
}

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
