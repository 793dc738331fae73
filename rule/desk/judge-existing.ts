import { errorText } from '../basics/text.ts';
import { judgeAgain, type Again } from '../judge/judge-again.ts';
import type { ProposedPolicies } from '../judge/proposed-policies.ts';
import type { Judged } from '../judge/survey.ts';
import type { Problem } from '../model/problem.ts';
import { bucketNameOf } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import { collectionFor, type Collected } from '../remedy/collection.ts';
import { keysIn, type Chosen } from './chosen.ts';
import { chosenInput } from './chosen-input.ts';
import { judgeListings, type Fail, type Input } from './judge-listings.ts';
import { openInput, type InputOptions } from './open-input.ts';
import type { Run } from '../remedy/run.ts';
import { watchWaits } from './say-waits.ts';
import type { Remark } from './options.ts';
import { progressLine } from './terminal.ts';

/** A run, and remarks on its input. */
export interface Judgement {
  readonly run: Run;
  readonly remarks: readonly string[];
}

/** A question, the flow logs to ask about, and key policies that somebody is about to put. */
export interface Asking {
  readonly question: Question;
  readonly chosen: Chosen;
  readonly remark: Remark;
  readonly proposed: ProposedPolicies | undefined;
}

/** Judges flow logs that exist. */
export async function judgeExisting(
  options: InputOptions & { readonly quiet?: boolean },
  { question, chosen, remark, proposed }: Asking,
): Promise<Judgement> {
  const problems: Problem[] = [];
  const fail = (problem: Problem): void => void problems.push(problem);
  const watch = watchWaits(remark);
  const { remarks, ...input } = await watch(
    openInput(options, fail, watch),
    'the account, its Regions and their flow logs',
  );
  const toJudge = chosenInput(
    input,
    (flowLog) => chosen.hasId(flowLog.id) && chosen.hasBucket(bucketNameOf(flowLog)),
    watch,
  );
  const collection = collectionFor(question);
  const progress = countingLine(toJudge, options);
  const toJudgeAgain: Judged[] = [];
  await judgeListings(toJudge, question, {
    take(result) {
      progress.count();
      if (result.kind !== 'judged' || !chosen.hasKey(() => keysIn(result.verdict))) return;
      if (proposed === undefined) collection.add(result);
      else toJudgeAgain.push(result);
    },
    fail,
  });
  if (proposed !== undefined) {
    const source = input.kind === 'recorded' ? {} : input.source;
    for (const judged of toJudgeAgain)
      collection.add(await againOrAsBefore(judged, { proposed, source, question }, fail));
  }
  progress.clear();
  return { run: collection.run(problems), remarks: remarks?.() ?? [] };
}

/** Shows how many flow logs are judged: each of the first hundred, then each hundredth. */
function countingLine(toJudge: Input, options: { readonly quiet?: boolean }) {
  const total = toJudge.kind === 'recorded' ? ` of ${toJudge.flowLogs.length}` : '';
  const { show, clear } = progressLine(options);
  let judged = 0;
  show('reading flow logs');
  return {
    clear,
    count(): void {
      judged++;
      if (judged < 100 || judged % 100 === 0) show(`judged ${judged}${total} flow logs`);
    },
  };
}

/** The judgement with proposed key policies. After a failure, which becomes a problem, the first judgement stays. */
async function againOrAsBefore(judged: Judged, again: Again, fail: Fail): Promise<Collected> {
  try {
    return await judgeAgain(judged, again);
  } catch (error) {
    const { region, id } = judged.flowLog;
    fail({ file: region, item: id, message: errorText(error) });
    return judged;
  }
}
