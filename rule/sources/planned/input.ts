import type { Problem } from '../../model/problem.ts';
import type { PlannedFlowLog, SourceLine, StatementLanguage } from '../../model/world.ts';
import type { MadeUp } from './made-up.ts';

/** The flow logs of templates or plans, before deployment. */
export interface PlannedInput {
  readonly flowLogs: readonly PlannedFlowLog[];
  /** The place of a resource by its name in reports; null where no line is known. */
  readonly lineOf: (name: string) => SourceLine | null;
  /** The words for values that only a deployment knows. */
  readonly madeUp: MadeUp;
  /** The language of the code that makes the keys. */
  readonly language: StatementLanguage;
  readonly problems: readonly Problem[];
  /** Remarks on the input that are no problem. */
  readonly remarks: readonly string[];
}
