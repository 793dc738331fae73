import { errorText } from '../basics/text.ts';
import type { NotJudged } from '../judge/survey.ts';

/** Longer lists would hide the rest of an error message. */
const MAX_ITEMS_IN_MESSAGE = 20;

/** Names the flow logs without a verdict, with the reasons; empty where all were judged. */
export function notJudgedProblems(
  failures: readonly NotJudged[],
  flowLogCount: number,
): readonly string[] {
  if (failures.length === 0) return [];
  const reasons = failures.map(({ flowLog, failure }) => `${flowLog.id} (${errorText(failure)})`);
  return [
    `${failures.length} of ${flowLogCount} flow logs could not be judged and keep their last result: ${firstOf(reasons)}`,
  ];
}

/** Names the evaluations not taken by AWS Config; empty where all were taken. */
export function notTakenProblems(ids: readonly string[], reported: number): readonly string[] {
  if (ids.length === 0) return [];
  return [
    `AWS Config did not take ${ids.length} of ${reported + ids.length} evaluations: ${firstOf(ids)}`,
  ];
}

function firstOf(items: readonly string[]): string {
  const rest = items.length - MAX_ITEMS_IN_MESSAGE;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return items.slice(0, MAX_ITEMS_IN_MESSAGE).join(', ') + more;
}
