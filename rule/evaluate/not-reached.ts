import type { Parameters } from '../model/parameters.ts';
import { notJudgedAgain, type EvaluationSink } from './evaluations.ts';
import type { RuleRequest } from './event.ts';
import type { NotReached } from './run-record.ts';

/** The time after the deadline to report unknown for flow logs that were not reached. */
const REPORTING_MS = 3_000;

export interface NotReachedOptions {
  readonly request: Pick<RuleRequest, 'orderingTime'>;
  readonly parameters: Pick<Parameters, 'unknownAs'>;
  readonly sink: Pick<EvaluationSink, 'add'>;
  /** The end of judging, in milliseconds since 1970. Verdicts are reported after this time. */
  readonly deadline: number;
  /** The ids without a verdict in the scheduled run before: without a verdict again, the flow log is unknown. */
  readonly notJudgedBefore: ReadonlySet<string>;
  /** Called for each COMPLIANT flow log that a broken run did not reach. */
  readonly onNotReached: (flowLog: NotReached) => void;
}

/**
 * Adds unknown for COMPLIANT flow logs that two runs in a row did not reach: else COMPLIANT would stand for ever. Without
 * time for all, the next run adds the rest.
 */
export async function addNotReached(
  compliantIds: readonly string[],
  failure: unknown,
  { request, parameters, sink, deadline, notJudgedBefore, onNotReached }: NotReachedOptions,
): Promise<void> {
  for (const id of compliantIds) {
    const reported = notJudgedBefore.has(id) && Date.now() < deadline + REPORTING_MS;
    if (reported)
      await sink.add(notJudgedAgain({ id, failure }, request.orderingTime, parameters.unknownAs));
    onNotReached({ id, reported });
  }
}
