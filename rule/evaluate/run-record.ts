import type { Judged, NotJudged } from '../judge/survey.ts';

/** A scheduled run in one place, as the next run needs to know. */
export interface RunRecord {
  /** The ordering time of the run, in milliseconds since 1970. A repetition of the event has the same time. */
  readonly askedAt: number;
  /** The ids with these verdicts in the last run that ended. */
  readonly blocked: readonly string[];
  readonly unknown: readonly string[];
  /** The ids without a verdict in this run, and in the run before. */
  readonly notJudged: readonly string[];
  readonly notJudgedBefore: readonly string[];
}

/** No run is known. */
export const noRun: RunRecord = {
  askedAt: 0,
  blocked: [],
  unknown: [],
  notJudged: [],
  notJudgedBefore: [],
};

/** The ids of a running run. */
export interface RunNotes {
  /** With a verdict in AWS Config: unknown too, where unknown was reported for want of a verdict. */
  readonly judged: Set<string>;
  readonly blocked: Set<string>;
  readonly unknown: Set<string>;
  readonly notJudged: Set<string>;
}

export const emptyNotes = (): RunNotes => ({
  judged: new Set(),
  blocked: new Set(),
  unknown: new Set(),
  notJudged: new Set(),
});

/** A flow log that a run did not reach, and that is COMPLIANT in AWS Config. */
export interface NotReached {
  readonly id: string;
  readonly reported: boolean;
}

/** Notes a result. Without a verdict in two runs in a row, the flow log is unknown. */
export function noteResult(
  notes: RunNotes,
  result: Judged | NotJudged,
  before: ReadonlySet<string>,
): void {
  const { id } = result.flowLog;
  if (result.kind === 'not-judged') {
    notes.notJudged.add(id);
    if (before.has(id)) notes.unknown.add(id);
    return;
  }
  notes.judged.add(id);
  const { outcome } = result.verdict;
  if (outcome === 'blocked' || outcome === 'unknown') notes[outcome].add(id);
}

/** Notes a flow log that the run did not reach; `reported` where unknown was reported in place of COMPLIANT. */
export function noteNotReached(
  { judged, notJudged }: RunNotes,
  { id, reported }: NotReached,
): void {
  (reported ? judged : notJudged).add(id);
}

/** The ids without a verdict in the run before; a repetition of an event does not count as another run. */
export const notJudgedBefore = (last: RunRecord, askedAt: number): ReadonlySet<string> =>
  new Set(askedAt === last.askedAt ? last.notJudgedBefore : last.notJudged);

/** The record after a run. A run that failed has no whole list of verdicts, so the lists of the last run stay. */
export function recordAfter(
  last: RunRecord,
  notes: RunNotes,
  { askedAt, ended }: { readonly askedAt: number; readonly ended: boolean },
): RunRecord {
  const before = notJudgedBefore(last, askedAt);
  const notSeen = ended ? [] : [...before].filter((id) => !notes.judged.has(id));
  return {
    askedAt,
    blocked: ended ? [...notes.blocked] : last.blocked,
    unknown: ended ? [...notes.unknown] : last.unknown,
    notJudged: [...new Set([...notes.notJudged, ...notSeen])],
    notJudgedBefore: [...before],
  };
}

/** The ids that the list of the last run lacks, in order. */
export const newIn = (ids: Iterable<string>, last: readonly string[]): readonly string[] => {
  const known = new Set(last);
  return [...ids].filter((id) => !known.has(id)).sort();
};
