/** The time for a change. */
export interface Timing {
  /** The pause between two reads of a key policy. */
  readonly paceMs: number;
  /** The end of the work, in milliseconds since 1970. */
  readonly deadline: number;
}

/** KMS may show a former policy for this many paces: AWS speaks of seconds, and of minutes. */
export const MAX_LAG_PACES = 600;

/** After this many paces the shown policy counts, also if nobody announced the policy: KMS lags, and clocks differ. */
export const SETTLED_PACES = 2 * MAX_LAG_PACES;

/** A lease lasts this many paces if the holder dies. */
export const LEASE_PACES = 1800;

/** This many reads in a row have to agree, with a pause before each: so over 5 seconds at the usual pace, or more. */
export const AGREEING_READS = 11;

/** A put and the following reads need this many paces. */
const WORK_PACES = 30;

/** Whether enough time is left for a put and the following reads. */
export const hasTimeToPut = ({ paceMs, deadline }: Timing): boolean =>
  Date.now() + WORK_PACES * paceMs <= deadline;

/** Answers for one read after the other whether the last reads agree for long enough. */
export function agreement(): (shown: string) => boolean {
  let agreed: string | undefined;
  let reads = 0;
  return (shown) => {
    reads = shown === agreed ? reads + 1 : 1;
    agreed = shown;
    return reads >= AGREEING_READS;
  };
}
