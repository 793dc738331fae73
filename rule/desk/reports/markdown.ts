import type { Run, StatementForKey } from '../../remedy/run.ts';
import { languageFor } from '../../remedy/write-statement.ts';
import { countsInWords } from './counts-in-words.ts';
import { causeSection, settledSection, unreadSection } from './markdown-sections.ts';

/** GitHub refuses a longer comment. */
const MAX_LENGTH = 65_536;

/** The room for the words about the cut. */
const CUT_LENGTH = 300;

/** The report for a comment on a pull request, and for the summary of a step: a section for each cause. */
export function* markdown(run: Run): Generator<string> {
  let room = MAX_LENGTH - CUT_LENGTH;
  let left = 0;
  for (const section of sectionsOf(run)) {
    room -= section.length;
    if (room < 0) left++;
    else yield section;
  }
  if (left > 0)
    yield `\n**Cut here**, because GitHub takes ${MAX_LENGTH} characters at most: ${left} more sections are not shown, \`--format json\` has all.\n`;
}

function* sectionsOf({ rows, causes, problems, language = 'json' }: Run): Generator<string> {
  yield `## ${countsInWords(rows).replace(/^./, (first) => first.toUpperCase())}\n`;
  if (problems.length > 0) yield unreadSection(problems);
  const shown = new Set<StatementForKey>();
  for (const cause of causes) {
    const { remedy } = cause;
    yield causeSection(
      cause,
      languageFor(cause.keyArn, language),
      remedy !== null && shown.has(remedy),
    );
    if (remedy !== null) shown.add(remedy);
  }
  for (const outcome of ['deliverable', 'exempt'] as const) {
    const settled = rows.filter(({ verdict }) => verdict.outcome === outcome);
    if (settled.length > 0) yield settledSection(outcome, settled);
  }
}
