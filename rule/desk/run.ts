import type { FlowLog } from '../model/facts.ts';
import type { KeyStatement } from '../model/key-statement.ts';
import type { Problem } from '../model/problem.ts';
import type { CheckCode, Verdict } from '../model/verdict.ts';

/** A flow log of a run, with no more of it than reports need: there may be a million. */
export interface Row extends Pick<
  FlowLog,
  'id' | 'accountId' | 'region' | 'partition' | 'resourceId'
> {
  /** When it was recorded, in milliseconds since 1970, where the source says. */
  readonly capturedAt: number | undefined;
  readonly verdict: Verdict;
  /** The statement that would settle the verdict if one does. */
  readonly remedy: KeyStatement | null;
}

/** Flow logs that are not delivered for the same reason by the same key and bucket. */
export interface Cause {
  readonly check: CheckCode;
  readonly rows: readonly Row[];
  /** The one statement that settles all of those that a statement settles; it may take the place of the one of its Sid. */
  readonly remedy: { readonly statement: KeyStatement; readonly replaces: boolean } | null;
}

/** Everything that a run at a desk found out. */
export interface Run {
  /** By account, Region and flow log. */
  readonly rows: readonly Row[];
  readonly causes: readonly Cause[];
  readonly problems: readonly Problem[];
}
