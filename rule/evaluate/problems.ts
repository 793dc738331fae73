import { errorText } from '../basics/text.ts';
import type { NotJudged } from '../judge/survey.ts';
import type { EvaluationSink } from './evaluations.ts';

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

/** Names the evaluations not taken by AWS Config, and why the last put got no answer; empty where all were taken. */
export function notTakenProblems(
  sink: Pick<EvaluationSink, 'notTaken' | 'reported' | 'unanswered'>,
): readonly string[] {
  const ids = sink.notTaken();
  if (ids.length === 0) return [];
  const why = sink.unanswered();
  const count = `${ids.length} of ${sink.reported() + ids.length} evaluations`;
  return [...(why === undefined ? [] : [why]), `AWS Config did not take ${count}: ${firstOf(ids)}`];
}

function firstOf(items: readonly string[]): string {
  const rest = items.length - MAX_ITEMS_IN_MESSAGE;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return items.slice(0, MAX_ITEMS_IN_MESSAGE).join(', ') + more;
}
