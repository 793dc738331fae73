import { withTimeLimit } from '../basics/time-limit.ts';
import type { Judged, NotJudged } from '../judge/survey.ts';
import type { Place } from '../model/place.ts';
import { environment } from './environment.ts';
import type { RuleRequest } from './event.ts';
import { isDryRun } from './put-evaluations.ts';
import {
  emptyNotes,
  newIn,
  notJudgedBefore,
  noteNotReached,
  noteResult,
  recordAfter,
  type NotReached,
  type RunNotes,
  type RunRecord,
} from './run-record.ts';
import type { RunsTable } from './runs-table.ts';
import { callCounter, count, logger } from './telemetry.ts';

const MAX_TABLE_MS = 3_000;

/** A running run, beside the run before. */
export interface RunInSequence {
  /** The ids without a verdict in the scheduled run before. */
  readonly notJudgedBefore: ReadonlySet<string>;
  /** Called for each flow log. */
  readonly note: (result: Judged | NotJudged) => void;
  /** Called for each COMPLIANT flow log that the run did not reach. */
  readonly noteNotReached: (flowLog: NotReached) => void;
}

interface LastRun {
  readonly id: string;
  readonly record: RunRecord;
  readonly table: RunsTable;
}

/** Does the work of a run, compares the verdicts with the last scheduled run, and remembers the run for the next. */
export async function withLastRun(
  request: RuleRequest,
  place: Place,
  work: (run: RunInSequence) => Promise<void>,
): Promise<void> {
  const last = await lastRun(request, place);
  const ignore = (): void => undefined;
  if (last === undefined)
    return work({ notJudgedBefore: new Set(), note: ignore, noteNotReached: ignore });
  const askedAt = request.orderingTime.getTime();
  const before = notJudgedBefore(last.record, askedAt);
  const notes = emptyNotes();
  const note = (result: Judged | NotJudged): void => {
    noteResult(notes, result, before);
    if (result.kind === 'not-judged' && before.has(result.flowLog.id)) count('Unknown');
  };
  let ended = false;
  try {
    await work({
      notJudgedBefore: before,
      note,
      noteNotReached(flowLog) {
        noteNotReached(notes, flowLog);
      },
    });
    ended = true;
  } finally {
    await rememberRun(last, notes, { askedAt, ended });
  }
}

/** Reads the last run. Undefined without a table, and for other events; a failure costs a warning, not the run. */
async function lastRun(
  { subject, ruleName, resultToken }: RuleRequest,
  place: Place,
): Promise<LastRun | undefined> {
  const name = environment.RUNS_TABLE_NAME;
  if (name === undefined || subject.kind !== 'everything' || isDryRun(resultToken))
    return undefined;
  try {
    // Loaded on demand: a cold start does without.
    const { runIdOf, runsTable } = await import('./runs-table.ts');
    const id = runIdOf(place, ruleName);
    const table = runsTable(name, callCounter);
    return { id, table, record: await inTime((signal) => table.last(id, signal)) };
  } catch (error) {
    logger.warn('last run cannot be read, so nothing counts as new', error as Error);
    return undefined;
  }
}

/** Reports new verdicts since the last run, if this run ended, and remembers this run. */
async function rememberRun(
  { id, record, table }: LastRun,
  notes: RunNotes,
  run: { readonly askedAt: number; readonly ended: boolean },
): Promise<void> {
  if (run.askedAt < record.askedAt) return;
  if (run.ended)
    reportNew(newIn(notes.blocked, record.blocked), newIn(notes.unknown, record.unknown));
  try {
    await inTime((signal) => table.remember(id, recordAfter(record, notes, run), signal));
  } catch (error) {
    logger.warn('run was not remembered, so verdicts may count as new again', error as Error);
  }
}

/** The first ids are enough for a person, and fit into a line of the log. */
const MAX_IDS_IN_LINE = 1_000;

/** Counts new verdicts, and names the flow logs: among all open cases nobody would find the new ones. */
function reportNew(blocked: readonly string[], unknown: readonly string[]): void {
  count('NewlyBlocked', blocked.length);
  count('NewlyUnknown', unknown.length);
  if (blocked.length + unknown.length === 0) return;
  const inLine = (ids: readonly string[]): string => ids.slice(0, MAX_IDS_IN_LINE).join(' ');
  logger.warn('flow logs are newly blocked or unknown', {
    blocked: inLine(blocked),
    unknown: inLine(unknown),
  });
}

export const inTime = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
  withTimeLimit(work, MAX_TABLE_MS, `table of runs did not answer within ${MAX_TABLE_MS} ms`);
