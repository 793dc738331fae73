import type { FlowLog } from '../model/facts.ts';
import type { KeyStatement } from '../model/key-statement.ts';
import type { Problem } from '../model/problem.ts';
import type { CheckCode, Outcome, Verdict } from '../model/verdict.ts';
import type { SourceLine, StatementLanguage } from '../model/world.ts';

/**
 * A flow log in a report: few fields, because a run may have a million rows. Account and Region are empty where only a
 * deployment tells them.
 */
export interface Row extends Pick<
  FlowLog,
  'id' | 'accountId' | 'region' | 'partition' | 'resourceId'
> {
  /** The place in a template or plan; null for a flow log that exists. */
  readonly source: SourceLine | null;
  /** The time of the recording in milliseconds since 1970, where the source says. */
  readonly capturedAt: number | undefined;
  readonly verdict: Verdict;
  /** The outcome with the key policies as they are, where the verdict is about proposed key policies. */
  readonly presentOutcome?: Outcome;
  /** The statement for the key policy to settle the verdict; null where no statement does. */
  readonly remedy: KeyStatement | null;
}

/** The order of a run: by account, Region and flow log. */
export const compareRows = (a: Row, b: Row): number =>
  compareTexts(a.accountId, b.accountId) ||
  compareTexts(a.region, b.region) ||
  compareTexts(a.id, b.id);

const compareTexts = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** A verdict with a cause: blocked or unknown, for a reason. */
export type FailingVerdict = Verdict & {
  readonly outcome: 'blocked' | 'unknown';
  readonly reason: CheckCode;
};

export const isFailing = (verdict: Verdict): verdict is FailingVerdict =>
  verdict.outcome === 'blocked' || verdict.outcome === 'unknown';

/** A flow log with a failing verdict. */
export interface FailingRow extends Row {
  readonly verdict: FailingVerdict;
}

/** Flow logs with the same outcome for the same reason, key and bucket. */
export interface Cause extends Pick<FailingVerdict, 'outcome' | 'keyArn' | 'bucket'> {
  readonly check: CheckCode;
  readonly rows: readonly [FailingRow, ...FailingRow[]];
  /** One statement for the key, shared by all causes of the key; null where no statement settles this cause. */
  readonly remedy: StatementForKey | null;
}

export interface StatementForKey {
  readonly statement: KeyStatement;
  /** True where the new statement replaces a statement of the same Sid. */
  readonly replaces: boolean;
}

/** The result of judging many flow logs, for reports. */
export interface Run {
  /** Sorted by account, Region and flow log. */
  readonly rows: readonly Row[];
  readonly causes: readonly Cause[];
  readonly problems: readonly Problem[];
  /** The number of judged flow logs with each outcome, where the run is a part of these. */
  readonly judged?: Readonly<Record<Outcome, number>>;
  /** The language for statements: JSON, or the language of the templates. */
  readonly language?: StatementLanguage;
}
