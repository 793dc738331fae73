import { errorText } from '../basics/text.ts';
import { untilDeadline, withinDeadline } from '../basics/time-limit.ts';
import { survey, type Judged, type NotJudged } from '../judge/survey.ts';
import type { Exemption } from '../model/exemption.ts';
import type { FlowLog } from '../model/facts.ts';
import type { Parameters } from '../model/parameters.ts';
import { evaluation, evaluationOf, notJudgedAgain, type EvaluationSink } from './evaluations.ts';
import type { RuleRequest } from './event.ts';
import { flowLogsToJudge, type FlowLogsToJudge } from './flow-logs-to-judge.ts';
import type { Member } from './member.ts';
import { addNotReached, type NotReachedOptions } from './not-reached.ts';
import { notJudgedProblems, notTakenProblems } from './problems.ts';
import { requestedIdsOf, type Evaluated } from './security-hub/update.ts';

/** The time after the deadline to name the flow logs without a verdict. */
const NAMING_MS = 1_000;

/** One invocation of the rule: the request, and everything an answer needs. */
export interface Invocation extends NotReachedOptions {
  readonly request: RuleRequest;
  readonly region: string;
  readonly parameters: Parameters;
  readonly exemptions: readonly Exemption[];
  readonly member: Member;
  readonly sink: EvaluationSink;
  /** Called for each flow log. */
  readonly onResult: (result: Judged | NotJudged) => void;
  /** Called once, after AWS Config took the evaluations; must not reject. */
  readonly onEvaluated: ((evaluated: Evaluated) => Promise<void>) | undefined;
}

/**
 * Judges the flow logs of a request and reports the verdicts. Rejects when a flow log could not be judged or reported, but
 * only after the report of all others; the error says how many were reported.
 */
export async function evaluate(invocation: Invocation): Promise<void> {
  const { sink, onEvaluated } = invocation;
  const problems: string[] = [];
  const evaluated = await addEvaluations(invocation).catch((error: unknown) => {
    problems.push(errorText(error));
  });
  if (evaluated) {
    const { flowLogCount } = evaluated;
    const failures = evaluated.failures.filter(
      ({ flowLog }) => !invocation.notJudgedBefore.has(flowLog.id),
    );
    problems.push(...notJudgedProblems(failures, flowLogCount), ...evaluated.problems);
  }
  try {
    await sink.flush();
    if (evaluated) await onEvaluated?.(evaluated);
  } catch (error) {
    problems.push(errorText(error));
  }
  problems.push(...notTakenProblems(sink));
  if (problems.length > 0)
    throw new Error(`${problems.join('; ')}; ${sink.reported()} evaluations were reported`);
}

/** Hands the sink an evaluation of each flow log of the request, deleted flow logs included. */
async function addEvaluations(
  invocation: Invocation,
): Promise<Evaluated & Pick<FlowLogsToJudge, 'problems'> & { readonly flowLogCount: number }> {
  const { request, member, sink, deadline } = invocation;
  const { subject, orderingTime } = request;
  const clear = (id: string, annotation: string, type?: string): Promise<void> =>
    withinDeadline(
      sink.add(evaluation(id, orderingTime, { compliance: 'NOT_APPLICABLE', annotation, type })),
      deadline,
    );
  if (subject.kind === 'not-applicable') await clear(subject.id, subject.why, subject.type);
  const toJudge = await withinDeadline(flowLogsToJudge(request, member, invocation), deadline);
  const foundIds = new Set<string>();
  const { judged, failures } = await judge(toJudge, foundIds, invocation).catch(
    async (failure: unknown) => {
      await addNotReached(
        [...toJudge.compliantIds].filter((id) => !foundIds.has(id)),
        failure,
        invocation,
      );
      throw failure;
    },
  );
  for (const id of toJudge.idsWithResult)
    if (!foundIds.has(id)) await clear(id, 'flow log does not exist any more');
  return {
    judged,
    failures,
    requestedIds: requestedIdsOf(subject, foundIds),
    flowLogCount: foundIds.size,
    problems: toJudge.problems,
  };
}

interface Results {
  /** Empty where nobody reads verdicts after AWS Config: a million verdicts take memory. */
  readonly judged: readonly Judged[];
  readonly failures: readonly NotJudged[];
}

/**
 * Adds an evaluation for each verdict as soon as the verdict is known. A flow log that delivers to CloudWatch
 * Logs or Firehose gets an evaluation only to replace an older result. An exemption shows, with the reason.
 */
async function judge(
  { flowLogs, source, idsWithResult, isNews }: FlowLogsToJudge,
  foundIds: Set<string>,
  invocation: Invocation,
): Promise<Results> {
  const { request, parameters, exemptions, sink, deadline, onResult, onEvaluated } = invocation;
  const judged: Judged[] = [];
  const failures: NotJudged[] = [];
  const question = { ...parameters, exemptions, now: new Date() };
  for await (const result of untilDeadline(
    survey(flowLogs, { source, question }),
    deadline + NAMING_MS,
  )) {
    const { id } = result.flowLog;
    // A flow log may move to the next page while the pages are read.
    if (foundIds.has(id) || (result.kind === 'judged' && !(await isNews(result)))) continue;
    foundIds.add(id);
    onResult(result);
    if (onEvaluated && result.kind === 'judged') judged.push(result);
    if (result.kind === 'not-judged') {
      failures.push(result);
      if (invocation.notJudgedBefore.has(id))
        await sink.add(
          notJudgedAgain({ id, ...result }, request.orderingTime, parameters.unknownAs),
        );
    } else if (!deliversElsewhere(result.flowLog) || idsWithResult.has(id))
      await sink.add(evaluationOf(result, request.orderingTime, parameters.unknownAs));
  }
  return { judged, failures };
}

const deliversElsewhere = ({ destination }: FlowLog): boolean => destination.kind === 'elsewhere';
