import { errorText } from '../basics/text.ts';
import { judgeRecorded, type Recorded } from '../judge/judge-recorded.ts';
import { survey, type Judged, type NotJudged } from '../judge/survey.ts';
import type { FlowLog } from '../model/facts.ts';
import type { Problem } from '../model/problem.ts';
import type { Question } from '../model/question.ts';
import type { Listing, Source } from '../model/source.ts';

/** Takes a problem, and lets the reading go on. */
export type Fail = (problem: Problem) => void;

/** Flow logs to judge, and the source of their facts, which asks AWS. */
interface Listed {
  readonly source: Source;
  readonly listings: readonly Listing[];
}

/** Flow logs to judge: recorded in files, or listed by AWS. */
export type Input =
  | (Recorded & { readonly kind: 'recorded'; readonly flowLogs: readonly FlowLog[] })
  | (Listed & { readonly kind: 'listed' });

/**
 * Judges the flow logs of all listings. A listing that fails becomes a problem, and the other listings are judged.
 * A failed call becomes one problem at the end, with the number of flow logs behind the call.
 */
export async function* judgeListings(
  input: Input,
  question: Question,
  fail: Fail,
): AsyncIterable<Judged | NotJudged> {
  const spoiled = new Map<unknown, { readonly first: FlowLog; count: number }>();
  const results =
    input.kind === 'recorded'
      ? judgeRecorded(input, question)
      : survey(flowLogsIn(input.listings, fail), { source: input.source, question });
  for await (const result of results) {
    yield result;
    if (result.kind === 'judged') continue;
    const { failure, flowLog } = result;
    const known = spoiled.get(failure);
    if (known === undefined) spoiled.set(failure, { first: flowLog, count: 1 });
    else known.count++;
  }
  for (const [failure, { first, count }] of spoiled) {
    const item = count === 1 ? first.id : `${first.id} and ${count - 1} more`;
    fail({ file: first.region, item, message: errorText(failure) });
  }
}

async function* flowLogsIn(listings: readonly Listing[], fail: Fail): AsyncIterable<FlowLog> {
  for (const { name, flowLogs } of listings)
    try {
      yield* flowLogs();
    } catch (error) {
      fail({ file: name, item: null, message: errorText(error) });
    }
}
