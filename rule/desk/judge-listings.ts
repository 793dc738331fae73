import { errorText } from '../basics/text.ts';
import { judgeRecorded, type Recorded } from '../judge/judge-recorded.ts';
import { survey, type Judged, type NotJudged } from '../judge/survey.ts';
import type { FlowLog } from '../model/facts.ts';
import type { Problem } from '../model/problem.ts';
import type { Question } from '../model/question.ts';
import type { Listing, Source } from '../model/source.ts';

/** Takes a problem, and lets the reading go on. */
export type Fail = (problem: Problem) => void;

type Judgeable = Judged | NotJudged;

/** Takes each result as soon as a flow log is judged, and the problems on the way. */
interface Takers {
  readonly take: (result: Judgeable) => void;
  readonly fail: Fail;
}

/** Flow logs to judge, and the source of their facts, which asks AWS. */
interface Listed {
  readonly source: Source;
  readonly listings: readonly Listing[];
}

/** Flow logs to judge: recorded in files, or listed by AWS. */
export type Input =
  (Recorded & { readonly kind: 'recorded' }) | (Listed & { readonly kind: 'listed' });

/**
 * Judges the flow logs of all listings. A listing that fails becomes a problem, and the other listings are judged.
 * A failed call becomes one problem at the end, with the number of flow logs behind the call.
 */
export async function judgeListings(
  input: Input,
  question: Question,
  { take, fail }: Takers,
): Promise<void> {
  const spoiled = new Map<unknown, { readonly first: FlowLog; count: number }>();
  const note = (result: Judgeable): void => {
    take(result);
    if (result.kind === 'judged') return;
    const { failure, flowLog } = result;
    const known = spoiled.get(failure);
    if (known === undefined) spoiled.set(failure, { first: flowLog, count: 1 });
    else known.count++;
  };
  if (input.kind === 'recorded') for (const result of judgeRecorded(input, question)) note(result);
  else {
    const asked = { source: input.source, question };
    for await (const result of survey(flowLogsIn(input.listings, fail), asked)) note(result);
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
