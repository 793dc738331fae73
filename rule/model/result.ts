import type { FlowLog } from './facts.ts';
import type { CheckCode, Verdict } from './verdict.ts';

/** A statement of a key policy. */
export interface KeyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: { readonly Service: string };
  readonly Action: readonly string[];
  readonly Resource: '*';
  readonly Condition: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

export type OneOrMore = string | readonly string[];

/** A verdict, and the statement that would settle it if one does. */
export interface Result {
  readonly verdict: Verdict;
  readonly remedy: KeyStatement | null;
}

/** What is said of a flow log, and in the same words of all that are like it. */
export type Said = Omit<Verdict, 'flowLog'>;

/** A flow log of a run, with no more of it than reports need: there may be a million. */
export interface Row extends Pick<
  FlowLog,
  'id' | 'accountId' | 'region' | 'partition' | 'resourceId'
> {
  /** When it was recorded, in milliseconds since 1970, where the source says. */
  readonly capturedAt: number | undefined;
  readonly verdict: Said;
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

/** Input that could not be read. */
export interface Problem {
  readonly file: string;
  /** The item in the file; null for the whole file. */
  readonly item: string | null;
  readonly message: string;
}

/** Everything that a run at a desk found out. */
export interface Run {
  /** By account, Region and flow log. */
  readonly rows: readonly Row[];
  readonly causes: readonly Cause[];
  readonly problems: readonly Problem[];
}
