import { sum } from '../../basics/lists.ts';
import { allOutcomes } from '../../model/verdict.ts';
import type { Run } from '../../remedy/run.ts';
import { tasksOf, type Task } from '../../remedy/tasks.ts';
import { languageFor } from '../../remedy/write-statement.ts';
import { outcomeCounts } from '../../remedy/shown-run.ts';
import { blockLines, LABEL_COLUMNS, type Block } from './block.ts';
import { flowLogsInWords } from './counts-in-words.ts';
import { counted, numeral } from '../../basics/text.ts';
import { factLines } from './fact-lines.ts';
import { foldPhrases, foldWords } from './fold.ts';
import { painterOf, type Paint } from './paint.ts';
import { settledBlocks } from './settled-blocks.ts';
import { taskEntries } from './task-entries.ts';
import { toDoCounts } from './to-do-counts.ts';
import { toDoList } from './to-do-list.ts';

export interface TableOptions {
  /** In columns. */
  readonly width: number;
  readonly paint: Paint;
  /** The source of the facts, in words. */
  readonly source?: string;
}

/** So many tasks fit on a screen. More are told in fewer lines each, and listed at the end. */
const FEW_TASKS = 3;

/** A person begins with the largest tasks. Later blocks are short, and without a statement. */
const MAX_FULL_BLOCKS = 10;

/** The list and the lines below stay on a small screen. */
const LAST_LINES = 20;

/**
 * The report for people: a block for each task, then flow logs that need no work. At the end, where the eye is, stand a list
 * of many tasks, the source of the facts and the counts.
 */
export function table(run: Run, options: TableOptions): string {
  const { width, paint } = options;
  const tasks = tasksOf(run.causes);
  const room = width - LABEL_COLUMNS;
  const blocks = [...taskBlocks(tasks, run, room), ...settledBlocks(run.rows, room)];
  const end = endLines(run, tasks, options);
  const maxLines = LAST_LINES - 1 - end.length;
  const parts = [
    ...blocks.map((block) => blockLines(block, paint)),
    ...(tasks.length > FEW_TASKS ? [toDoList(tasks, { width, paint, maxLines })] : []),
    end,
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function taskBlocks(
  tasks: readonly Task[],
  { language = 'json' }: Run,
  room: number,
): readonly Block[] {
  const isLong = tasks.length > FEW_TASKS;
  const maxIdLines = isLong ? 3 : 20;
  return tasks.map((task, nth) => {
    const { steps, rows, isPlanned } = task;
    const [{ outcome, check }] = steps;
    const isShort = nth >= MAX_FULL_BLOCKS && !isPlanned;
    const entries = taskEntries(task, {
      room,
      language: languageFor(task.key, language),
      showsStatement: !isShort,
      maxBuckets: isLong ? 5 : 20,
      maxIdLines: isShort ? 1 : maxIdLines,
    });
    return { outcome, title: check, rows, entries };
  });
}

/** Standard error names the input that could not be read. */
function endLines(
  run: Run,
  tasks: readonly Task[],
  { width, paint, source }: TableOptions,
): readonly string[] {
  const { rows, problems } = run;
  const unread = `input could not be read (${numeral(problems.length)}), so flow logs may be missing`;
  return [
    ...factLines(rows, { source, width }).map(paint.dim),
    ...(problems.length === 0 ? [] : [paint.red(unread)]),
    ...countLines(run, { width, paint }),
    ...foldPhrases(toDoCounts(tasks), width),
  ];
}

/** The counts, in lines that are broken between counts only. */
function countLines(run: Run, { width, paint }: TableOptions): readonly string[] {
  const all = outcomeCounts(run);
  const counts = allOutcomes.map((outcome) => `${numeral(all[outcome])} ${outcome}`);
  const judged = sum(allOutcomes, (outcome) => all[outcome]);
  const heading = run.judged
    ? `${numeral(run.rows.length)} of ${counted(judged, 'flow log')} shown`
    : flowLogsInWords(run.rows);
  const phrases = `${heading}:|${counts.join(',|')}`.split('|');
  const painted = (phrase: string): string => {
    const outcome = allOutcomes.find((each) => phrase.includes(` ${each}`));
    return outcome === undefined ? phrase : painterOf(outcome, paint)(phrase);
  };
  return foldWords(phrases, width).map((line) => line.map(painted).join(' '));
}
