import type { Outcome } from '../../../model/verdict.ts';
import type { Run } from '../../../remedy/run.ts';

/** The number of flow logs with an outcome. */
export const countOutcome = ({ rows }: Run, outcome: Outcome): number =>
  rows.filter(({ verdict }) => verdict.outcome === outcome).length;

/** The answer in a line. A run with problems never looks whole. */
export const title = (run: Run): string =>
  `${run.problems.length > 0 ? 'Not whole: ' : ''}${headline(run)}`;

export function headline(run: Run): string {
  const all = run.rows.length;
  if (all === 0) return 'No flow log was found';
  const [blocked, unknown, exempt] = (['blocked', 'unknown', 'exempt'] as const).map((outcome) =>
    countOutcome(run, outcome),
  );
  if (blocked) return `${ofAll(blocked, all)} blocked`;
  if (unknown) return `${ofAll(unknown, all)} unknown`;
  return exempt ? 'No flow log is blocked or unknown' : 'Every flow log is deliverable';
}

const ofAll = (count: number, all: number): string =>
  `${count.toLocaleString('en')} of ${all.toLocaleString('en')} flow ${all === 1 ? 'log' : 'logs'} ${count === 1 ? 'is' : 'are'}`;

/** The places of the flow logs, and the time of the facts. */
export function origin(run: Run): string {
  const count = (part: 'accountId' | 'region', noun: string): string => {
    const known = new Set(run.rows.map((row) => row[part]).filter((value) => value !== ''));
    return known.size === 0
      ? ''
      : `${known.size.toLocaleString('en')} ${noun}${known.size === 1 ? '' : 's'}`;
  };
  return [count('accountId', 'account'), count('region', 'Region'), timeOfFacts(run)]
    .filter((part) => part !== '')
    .join(' · ');
}

/** The time of the facts, where the source says. */
function timeOfFacts({ rows }: Run): string {
  let [oldest, newest] = [Infinity, -Infinity];
  for (const { capturedAt } of rows) {
    oldest = Math.min(oldest, capturedAt ?? Infinity);
    newest = Math.max(newest, capturedAt ?? -Infinity);
  }
  if (newest === -Infinity) return '';
  const [from, to] = [minuteOf(oldest), minuteOf(newest)];
  return from === to ? `facts recorded ${to}` : `facts recorded from ${from} to ${to}`;
}

const minuteOf = (time: number): string =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
