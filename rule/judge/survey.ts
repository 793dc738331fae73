import { asCompleted } from '../basics/as-completed.ts';
import type { Facts, FlowLog } from '../model/facts.ts';
import type { Verdict } from '../model/verdict.ts';
import { decide } from './decide.ts';
import { factsInTime, type Survey } from './facts-in-time.ts';

/** A judged flow log, with the facts behind the verdict. */
export interface Judged {
  readonly kind: 'judged';
  readonly flowLog: FlowLog;
  readonly facts: Facts;
  readonly verdict: Verdict;
}

/** A flow log without a verdict: a call failed for another reason than a refusal by AWS. */
export interface NotJudged {
  readonly kind: 'not-judged';
  readonly flowLog: FlowLog;
  readonly failure: unknown;
}

export const MAX_FLOW_LOGS_AT_ONCE = 8;

/**
 * Judges flow logs, a few at a time, and yields each as soon as the flow log is judged. A call that fails, or has no
 * answer, leaves only the flow logs unjudged that need the call. Rejects if the flow logs cannot be listed.
 */
export const survey = (
  flowLogs: AsyncIterable<FlowLog>,
  asked: Survey,
): AsyncIterable<Judged | NotJudged> =>
  asCompleted(flowLogs, (flowLog) => judgeFlowLog(flowLog, asked), MAX_FLOW_LOGS_AT_ONCE);

async function judgeFlowLog(flowLog: FlowLog, asked: Survey): Promise<Judged | NotJudged> {
  try {
    const facts = await factsInTime(flowLog, asked);
    return { kind: 'judged', flowLog, facts, verdict: decide(facts, asked.question) };
  } catch (failure) {
    return { kind: 'not-judged', flowLog, failure };
  }
}
