/**
 * The work left for one decision, in steps of comparisons of patterns. All comparisons of the decision share the budget,
 * also where the decision is made by cases. A comparison beyond the budget is unsure.
 */
export interface Budget {
  left: number;
}

/** Far above any real policy, far below a time-out. */
export const STEPS_OF_A_DECISION = 60_000;

export const newBudget = (): Budget => ({ left: STEPS_OF_A_DECISION });

/** Takes steps from the budget; false where the budget has fewer. */
export function spend(budget: Budget, steps: number): boolean {
  if (steps > budget.left) return false;
  budget.left -= steps;
  return true;
}
