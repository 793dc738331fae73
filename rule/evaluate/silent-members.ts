import * as v from 'valibot';
import { inGroups } from '../basics/batches.ts';
import { environment } from './environment.ts';
import { inTime } from './last-run.ts';
import { callCounter, count, logger } from './telemetry.ts';

/** Reads at one time; a thousand members take seconds. */
const READS_AT_ONCE = 25;

const comparisonEvent = v.strictObject({
  /** The accounts whose rules have to ask. */
  members: v.array(v.pipe(v.string(), v.regex(/^\d{12}$/))),
  /** A member that has not asked for longer is silent. */
  longestSilenceMinutes: v.number(),
});

/** The event of the schedule in the central account. The function cannot know the members from its environment of 4 KB. */
export type MemberComparison = Readonly<v.InferOutput<typeof comparisonEvent>>;

/** Undefined for an event of AWS Config. */
export function readComparison(event: unknown): MemberComparison | undefined {
  const result = v.safeParse(comparisonEvent, event);
  return result.success ? result.output : undefined;
}

/**
 * Compares the members that have to ask with those that asked in this Region, and counts the silent members. A member
 * that never asked counts from the first comparison on, because its stack may come later.
 */
export async function compareMembers(
  { members, longestSilenceMinutes }: MemberComparison,
  region: string,
): Promise<void> {
  const { RUNS_TABLE_NAME: name, POWERTOOLS_SERVICE_NAME: ruleName } = environment;
  if (name === undefined)
    throw new Error('members cannot be compared without a table of runs: set RUNS_TABLE_NAME');
  const { runIdOf, runsTable } = await import('./runs-table.ts');
  const table = runsTable(name, callCounter);
  const now = Date.now();
  const silent: string[] = [];
  for (const group of inGroups(members, READS_AT_ONCE))
    await Promise.all(
      group.map(async (accountId) => {
        const id = runIdOf({ accountId, region }, ruleName);
        const since = await inTime((signal) => table.askedOrExpected(id, now, signal));
        if (now - since > longestSilenceMinutes * 60_000)
          silent.push(`${accountId} since ${new Date(since).toISOString()}`);
      }),
    );
  count('MembersSilent', silent.length);
  if (silent.length > 0) logger.warn('members are silent', { members: silent.sort() });
}
