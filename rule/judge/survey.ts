import { asCompleted } from '../basics/as-completed.ts';
import type { Facts, FlowLog } from '../model/facts.ts';
import type { Verdict } from '../model/verdict.ts';
import { verdictOn } from './decide.ts';
import { gatherFacts, type Survey } from './gather-facts.ts';

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

/**
 * Flow logs that wait for answers at once, about 30 MB of them. The source bounds the calls. A smaller bound would let
 * the flow logs of one late bucket hold up all others.
 */
export const MAX_WAITING_FLOW_LOGS = 10_000;

/**
 * Judges flow logs, and yields each as soon as the flow log is judged. A call that fails, or has no answer, leaves only
 * the flow logs unjudged that need the call. Rejects if the flow logs cannot be listed.
 */
export const survey = (
  flowLogs: AsyncIterable<FlowLog>,
  asked: Survey,
): AsyncIterable<Judged | NotJudged> =>
  asCompleted(flowLogs, (flowLog) => judgeFlowLog(flowLog, asked), MAX_WAITING_FLOW_LOGS);

async function judgeFlowLog(flowLog: FlowLog, asked: Survey): Promise<Judged | NotJudged> {
  try {
    const checked = await gatherFacts(flowLog, asked);
    return { kind: 'judged', flowLog, facts: checked.facts, verdict: verdictOn(checked) };
  } catch (failure) {
    return { kind: 'not-judged', flowLog, failure };
  }
}
