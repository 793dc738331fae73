import { newBudget } from './budget.ts';
import { decideWhole, unsettledKeys, type Decision } from './decision.ts';
import { stepsOf } from './explanation.ts';
import { knownInWords } from './known.ts';
import { decisionOf, decisiveOf, type Policy } from './policy.ts';
import type { Request } from './request.ts';
import type { Effect } from './statement.ts';
import type { Ternary } from './ternary.ts';

/** A decision, with the answer of every statement. */
export interface ExplainedDecision {
  readonly outcome: Decision['outcome'];
  /** Whether the outcome is the same in each case of an unsettled key, although statements are unsure. */
  readonly byCases: boolean;
  /** The condition keys behind each unsure statement that may decide. */
  readonly unsettled: readonly string[];
  readonly statements: readonly ExplainedStatement[];
}

export interface ExplainedStatement {
  /** The place in the policy, counted from 1. */
  readonly number: number;
  readonly sid: string | null;
  readonly effect: Effect;
  readonly applies: Ternary;
  /** Whether the outcome follows from this statement. */
  readonly decides: boolean;
  readonly steps: readonly ExplainedStep[];
}

/** An element or condition of a statement, beside the part of the request that is compared. */
export interface ExplainedStep {
  readonly element: string;
  readonly operator: string | null;
  readonly key: string | null;
  readonly holds: Ternary;
  readonly wants: readonly string[];
  readonly sent: string;
}

/** Explains a decision, statement by statement, and condition by condition. */
export function explainDecision(policy: Policy, request: Request): ExplainedDecision {
  const asked = { ...request, budget: newBudget() };
  const { outcome, applies } = decisionOf(policy, request);
  const decisive = decisiveOf(policy, request);
  return {
    outcome,
    byCases: decideWhole(policy.statements, asked).outcome !== outcome,
    unsettled: unsettledKeys(
      decisive.filter(({ index }) => applies[index] === 'unsure'),
      asked,
    ),
    statements: policy.statements.map((statement) => ({
      number: statement.index + 1,
      sid: statement.sid ?? null,
      effect: statement.effect,
      applies: applies[statement.index] ?? 'unsure',
      decides: decisive.includes(statement) && applies[statement.index] !== false,
      steps: stepsOf(statement, asked).map(
        ({ element, operator = null, key = null, holds, wants, sent }) => ({
          ...{ element, operator, key, holds, wants },
          sent: knownInWords(sent),
        }),
      ),
    })),
  };
}
