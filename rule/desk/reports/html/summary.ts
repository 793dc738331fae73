import { counted, numeral } from '../../../basics/text.ts';
import { isoMinutes, timeSpan } from '../../../basics/time-span.ts';
import type { Run } from '../../../remedy/run.ts';
import { outcomeCounts } from '../../../remedy/shown-run.ts';
import { flowLogCount } from '../counts-in-words.ts';

/** The answer in a line. A run with problems never looks whole. */
export const title = (run: Run): string =>
  `${run.problems.length > 0 ? 'Not whole: ' : ''}${headline(run)}`;

export function headline(run: Run): string {
  const { blocked, unknown, exempt, deliverable } = outcomeCounts(run);
  const all = blocked + unknown + exempt + deliverable;
  if (all === 0) return 'No flow log was found';
  if (blocked) return `${ofAll(blocked, all)} blocked`;
  if (unknown) return `${ofAll(unknown, all)} unknown`;
  return exempt ? 'No flow log is blocked or unknown' : 'Every flow log is deliverable';
}

const ofAll = (count: number, all: number): string =>
  `${numeral(count)} of ${flowLogCount(all)} ${count === 1 ? 'is' : 'are'}`;

/** The places of the flow logs, and the time of the facts. */
export function origin(run: Run): string {
  const count = (part: 'accountId' | 'region', noun: string): string => {
    const known = new Set(run.rows.map((row) => row[part]).filter((value) => value !== ''));
    return known.size === 0 ? '' : counted(known.size, noun);
  };
  return [count('accountId', 'account'), count('region', 'Region'), timeOfFacts(run)]
    .filter((part) => part !== '')
    .join(' · ');
}

/** The time of the facts, where the source says. */
function timeOfFacts({ rows }: Run): string {
  const times = timeSpan();
  for (const { capturedAt } of rows) times.take(capturedAt);
  const [from, to] = times.ends()?.map(isoMinutes) ?? [];
  if (from === undefined || to === undefined) return '';
  return from === to ? `facts recorded ${to}` : `facts recorded from ${from} to ${to}`;
}
