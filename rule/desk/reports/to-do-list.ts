import { groupBy, sum } from '../../basics/lists.ts';
import { printable, counted, numeral } from '../../basics/text.ts';
import { gravityOfStep, type TaskStep, type Task, type Thing } from '../../remedy/tasks.ts';
import { flowLogCount } from './counts-in-words.ts';
import { fold } from './fold.ts';
import { placeInWords } from './id-lines.ts';
import { painterOf, uncoloured, type Paint } from './paint.ts';

/** A key, a bucket, or the flow logs of a place, to work on. */
interface ToDo {
  readonly step: TaskStep;
  readonly thing: Thing;
  readonly name: string;
  /** The number of flow logs. */
  readonly count: number;
}

interface ToDoOptions {
  readonly width: number;
  readonly paint: Paint;
  /** The lines of a terminal for the list. */
  readonly maxLines: number;
}

/** The keys and buckets with the most flow logs, by next step: so many as the lines hold. */
export function toDoList(tasks: readonly Task[], options: ToDoOptions): readonly string[] {
  const { width, maxLines } = options;
  const toDos = tasks
    .flatMap(toDosOf)
    .sort((a, b) => gravityOfStep(a.step) - gravityOfStep(b.step) || b.count - a.count);
  const bySteps = groupBy(toDos, ({ step: { outcome, check, next } }) =>
    JSON.stringify([outcome, check, next]),
  );
  const linesWith = (shown: number, paint: Paint): readonly string[] => [
    ...fold(headingOf(tasks), width).map(paint.dim),
    ...[...bySteps.values()].flatMap((group) =>
      stepLines(group, new Set(toDos.slice(0, shown)), { width, paint }),
    ),
    ...restLine(toDos.slice(shown)),
  ];
  let shown = Math.min(toDos.length, maxLines);
  while (shown > 1 && screenLines(linesWith(shown, uncoloured), width) > maxLines) shown--;
  return linesWith(shown, options.paint);
}

/** Planned keys and buckets have no names yet to ask for. */
function headingOf(tasks: readonly Task[]): string {
  const hint = tasks.some(({ isPlanned }) => isPlanned)
    ? ''
    : ' (--key ARN or --bucket NAME shows one alone)';
  return `to do, most flow logs first${hint}:`;
}

/** The buckets of a task are changed one by one. */
function toDosOf({ thing, key, buckets, steps: [step], rows }: Task): readonly ToDo[] {
  if (thing === 'bucket')
    return buckets.map(({ bucket, count }) => ({ step, thing, name: bucket, count }));
  if (thing === 'key') return [{ step, thing, name: key ?? '', count: rows.length }];
  return [...groupBy(rows, placeInWords)].map(([place, group]) => {
    const more = group.length > 1 ? ` and ${numeral(group.length - 1)} more` : '';
    return { step, thing, name: `${place}: ${group[0].id}${more}`, count: group.length };
  });
}

/** The step, and the keys or buckets shown; nothing where none is shown. */
function stepLines(
  all: readonly [ToDo, ...ToDo[]],
  shown: ReadonlySet<ToDo>,
  { width, paint }: Pick<ToDoOptions, 'width' | 'paint'>,
): readonly string[] {
  const toDos = all.filter((each) => shown.has(each));
  if (toDos.length === 0) return [];
  const [{ step, thing }] = all;
  const title = step.outcome === 'unknown' ? `unknown ${step.check}` : step.check;
  const things = thing === 'flow log' ? sum(all, ({ count }) => count) : all.length;
  const [first = '', ...more] = fold(
    `${title}: ${printable(step.next)} (${counted(things, thing)})`,
    width - 2,
  );
  const digits = Math.max(...[...shown].map(({ count }) => numeral(count).length));
  return [
    painterOf(step.outcome, paint)(title) + first.slice(title.length),
    ...more.map((line) => `  ${line}`),
    ...toDos.map(({ name, count }) => `  ${numeral(count).padStart(digits)}  ${printable(name)}`),
  ];
}

function restLine(toDos: readonly ToDo[]): readonly string[] {
  if (toDos.length === 0) return [];
  const flowLogs = sum(toDos, ({ count }) => count);
  return [`  ... and ${numeral(toDos.length)} more, ${flowLogCount(flowLogs)}`];
}

/** A terminal folds long lines. */
const screenLines = (lines: readonly string[], width: number): number =>
  sum(lines, ({ length }) => Math.max(1, Math.ceil(length / width)));
