import type { Run } from '../../remedy/run.ts';
import { tasksOf } from '../../remedy/tasks.ts';
import { languageFor } from '../../remedy/write-statement.ts';
import { countsInWords } from './counts-in-words.ts';
import { settledSection, taskSection, unreadSection } from './markdown-sections.ts';
import { toDoCounts } from './to-do-counts.ts';

/** GitHub refuses a longer comment. */
const MAX_LENGTH = 65_536;

/** The room for the words about the cut. */
const CUT_LENGTH = 300;

/** The report for a comment on a pull request, and for the summary of a step: a section for each task. */
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

function* sectionsOf(run: Run): Generator<string> {
  const { rows, causes, problems, language = 'json' } = run;
  const tasks = tasksOf(causes);
  yield `## ${countsInWords(run).replace(/^./, (first) => first.toUpperCase())}\n`;
  if (tasks.length > 0) yield `\n${toDoCounts(tasks).join('; ')}\n`;
  if (problems.length > 0) yield unreadSection(problems);
  for (const task of tasks) yield taskSection(task, languageFor(task.key, language));
  for (const outcome of ['deliverable', 'exempt'] as const) {
    const settled = rows.filter(({ verdict }) => verdict.outcome === outcome);
    if (settled.length > 0) yield settledSection(outcome, settled);
  }
}
