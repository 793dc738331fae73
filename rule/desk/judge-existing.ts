import { errorText } from '../basics/text.ts';
import { judgeAgain } from '../judge/judge-again.ts';
import type { ProposedPolicies } from '../judge/proposed-policies.ts';
import type { Judged } from '../judge/survey.ts';
import type { Problem } from '../model/problem.ts';
import { bucketNameOf } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import { collectionFor, type Collected } from '../remedy/collection.ts';
import { keysIn, type Chosen } from './chosen.ts';
import { chosenInput } from './chosen-input.ts';
import { judgeListings } from './judge-listings.ts';
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
  const opened = await watch(
    openInput(options, fail, watch),
    'the account, its Regions and their flow logs',
  );
  const { remarks, ...input } = opened;
  const toJudge = chosenInput(
    input,
    (flowLog) => chosen.hasId(flowLog.id) && chosen.hasBucket(bucketNameOf(flowLog)),
    watch,
  );
  const total = toJudge.kind === 'recorded' ? ` of ${toJudge.flowLogs.length}` : '';
  const collection = collectionFor(question);
  const progress = progressLine(options);
  progress.show('reading flow logs');
  let count = 0;
  const toJudgeAgain: Judged[] = [];
  await judgeListings(toJudge, question, {
    take(result) {
      if (result.kind === 'judged' && chosen.hasKey(() => keysIn(result.verdict))) {
        if (proposed === undefined) collection.add(result);
        else toJudgeAgain.push(result);
      }
      count++;
      if (count < 100 || count % 100 === 0) progress.show(`judged ${count}${total} flow logs`);
    },
    fail,
  });
  if (proposed !== undefined)
    for (const judged of toJudgeAgain) collection.add(await again(judged, proposed));
  progress.clear();
  return { run: collection.run(problems), remarks: remarks?.() ?? [] };

  async function again(judged: Judged, proposed: ProposedPolicies): Promise<Collected> {
    const source = input.kind === 'recorded' ? {} : input.source;
    try {
      return await judgeAgain(judged, { proposed, source, question });
    } catch (error) {
      const { region, id } = judged.flowLog;
      fail({ file: region, item: id, message: errorText(error) });
      return judged;
    }
  }
}
