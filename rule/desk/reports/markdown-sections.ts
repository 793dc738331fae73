import { cut, counted, numeral } from '../../basics/text.ts';
import { pageOf } from '../../model/check-page.ts';
import { problemLine, type Problem } from '../../model/problem.ts';
import type { StatementLanguage } from '../../model/world.ts';
import type { Row, StatementForKey } from '../../remedy/run.ts';
import type { Task } from '../../remedy/tasks.ts';
import { writeStatement } from '../../remedy/write-statement.ts';
import { flowLogCount } from './counts-in-words.ts';
import { findingParts } from './finding-lines.ts';
import { code, codeBlock, prose } from './markdown-text.ts';

/** Bounds in characters and lines: a section fits into a comment. */
const MAX_PROSE = 500;
const MAX_NAME = 200;
const MAX_STATEMENT = 15_000;
const MAX_BULLETS = 50;
const MAX_WARNINGS = 10;
const MAX_BUCKET_NAMES = 10;
const MAX_FURTHER_STEPS = 2;

/** A list this short needs no fold. */
const SHORT_LIST = 5;

export function taskSection(task: Task, language: StatementLanguage): string {
  const { key, buckets, steps, rows, remedy } = task;
  const [{ outcome, check, what, next, others }, ...more] = steps;
  const lines = [
    `- Cause: ${words(what)}`,
    others > 0 && `- ${counted(others, 'more cause')} like this, each in \`--format json\``,
    buckets.length > 0 && bucketsLine(buckets),
    key !== null && `- Key: ${name(key)}`,
    next !== '' && `- Next: ${words(next)}`,
    ...more
      .slice(0, MAX_FURTHER_STEPS)
      .map((step) => `- Also ${step.outcome}: ${words(step.what)}; next: ${words(step.next)}`),
    `- [About this check](${pageOf(check)})`,
  ].filter((line) => typeof line === 'string');
  const title = outcome === 'blocked' ? 'Blocked' : 'Unknown';
  const parts = [
    `### ${title}: \`${check}\`, ${flowLogCount(rows.length)}`,
    lines.join('\n'),
    ...(remedy === null ? [] : [statementFold(remedy, language)]),
    flowLogList(rows),
  ];
  return `\n${parts.join('\n\n')}\n`;
}

/** A bucket alone needs no number: the title has the number of flow logs. */
function bucketsLine(buckets: Task['buckets']): string {
  if (buckets.length === 1) return `- Bucket: ${buckets.map(({ bucket }) => name(bucket)).join()}`;
  const shown = buckets
    .slice(0, MAX_BUCKET_NAMES)
    .map(({ bucket, count }) => `${name(bucket)} (${numeral(count)})`);
  const left = buckets.length - shown.length;
  return `- Buckets: ${[...shown, ...(left > 0 ? [`${numeral(left)} more`] : [])].join(', ')}`;
}

/** Flow logs that need no work are folded. Exempt flow logs have the reason beside. */
export const settledSection = (outcome: 'deliverable' | 'exempt', rows: readonly Row[]): string =>
  `\n${folded(`${flowLogCount(rows.length)}: ${outcome}`, bullets(rows))}\n`;

export function unreadSection(problems: readonly Problem[]): string {
  const lines = problems
    .slice(0, MAX_WARNINGS)
    .map((problem) => `> - ${words(problemLine(problem))}`);
  const left = problems.length - lines.length;
  return `\n${[
    '> [!WARNING]',
    `> Input could not be read (${problems.length}), so flow logs may be missing from this report:`,
    '>',
    ...lines,
    ...(left > 0 ? [`> - ... and ${left} more`] : []),
  ].join('\n')}\n`;
}

const words = (text: string): string => prose(cut(text, MAX_PROSE));

const name = (text: string): string => code(cut(text, MAX_NAME));

function statementFold(
  { statement, replaces }: StatementForKey,
  language: StatementLanguage,
): string {
  const title = replaces
    ? 'Statement for the key policy, in place of the statement with the same Sid'
    : 'Statement to add to the key policy';
  const text = writeStatement(statement, language);
  const isLong = text.length > MAX_STATEMENT;
  return isLong
    ? '- Statement: too long for a comment, `--format json` has it'
    : folded(title, codeBlock(text, blockLanguages[language]));
}

const blockLanguages: Record<StatementLanguage, string> = {
  json: 'json',
  terraform: 'hcl',
  cloudformation: 'yaml',
  cdk: 'ts',
};

const flowLogList = (rows: readonly Row[]): string =>
  rows.length <= SHORT_LIST
    ? `Flow logs:\n\n${bullets(rows)}`
    : folded(flowLogCount(rows.length), bullets(rows));

function bullets(rows: readonly Row[]): string {
  const lines = rows.slice(0, MAX_BULLETS).map(({ id, accountId, region, source, verdict }) => {
    const place =
      source === null ? [accountId, region] : [`${source.file}:${source.line}:${source.column}`];
    const names = [id, ...place].map(name).filter((part) => part !== '');
    const reason = verdict.outcome === 'exempt' ? `: ${words(findingParts(verdict).what)}` : '';
    return `- ${names.join(' ')}${reason}`;
  });
  const left = rows.length - lines.length;
  return [...lines, ...(left > 0 ? [`- ... and ${left} more, all in \`--format json\``] : [])].join(
    '\n',
  );
}

/** GitHub reads Markdown inside of a fold only after an empty line. */
const folded = (title: string, content: string): string =>
  `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
