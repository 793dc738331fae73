import type { Facts } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { CheckCode, Finding } from '../model/verdict.ts';

/** One reason a delivery can fail. Silent (undefined) when it has nothing to say. */
export interface Check {
  readonly code: CheckCode;
  /** The reason as a sentence, for tables of checks. */
  readonly title: string;
  readonly look: (facts: Facts, question: Question) => Omit<Finding, 'check'> | undefined;
}
