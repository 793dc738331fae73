import { sum } from '../../basics/lists.ts';
import type { TaskStep, Task, Thing } from '../../remedy/tasks.ts';
import { flowLogCount } from './counts-in-words.ts';
import { counted } from '../../basics/text.ts';

/** The numbers of things to change, such as "64 keys to change, 1,254 flow logs", and of things to look into. */
export function toDoCounts(tasks: readonly Task[]): readonly string[] {
  const ofOutcome = (outcome: TaskStep['outcome']): readonly Task[] =>
    tasks.filter(({ steps: [step] }) => step.outcome === outcome);
  return [
    countsFor(ofOutcome('blocked'), 'to change'),
    countsFor(ofOutcome('unknown'), 'to look into'),
  ].flat();
}

function countsFor(tasks: readonly Task[], work: string): readonly string[] {
  if (tasks.length === 0) return [];
  const of = (thing: Thing): readonly Task[] => tasks.filter((task) => task.thing === thing);
  const buckets = new Set(of('bucket').flatMap((task) => task.buckets.map(({ bucket }) => bucket)));
  const flowLogs = sum(of('flow log'), ({ rows }) => rows.length);
  const things = [
    [of('key').length, 'key'],
    [buckets.size, 'bucket'],
    [flowLogs, 'flow log'],
  ] as const;
  const words = things.filter(([count]) => count > 0).map(([count, noun]) => counted(count, noun));
  const all = sum(tasks, ({ rows }) => rows.length);
  const total = flowLogs === all ? '' : `, ${flowLogCount(all)}`;
  return [`${words.join(' and ')} ${work}${total}`];
}
