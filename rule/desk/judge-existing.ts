import { errorText } from '../basics/text.ts';
import { judgeAgain } from '../judge/judge-again.ts';
import type { ProposedPolicies } from '../judge/proposed-policies.ts';
import type { Judged } from '../judge/survey.ts';
import type { Problem } from '../model/problem.ts';
import type { Question } from '../model/question.ts';
import { collectionFor, type Collected } from '../remedy/collection.ts';
import { judgeListings, type Input } from './judge-listings.ts';
import { openInput, type InputOptions } from './open-input.ts';
import type { Run } from '../remedy/run.ts';
import { watchedListing, watchWaits } from './say-waits.ts';
import { progressLine } from './terminal.ts';

/** A run, and remarks on its input. */
export interface Judgement {
  readonly run: Run;
  readonly remarks: readonly string[];
}

/** A question, and key policies that somebody is about to put. */
export interface Asking {
  readonly question: Question;
  readonly proposed: ProposedPolicies | undefined;
}

/** Judges flow logs that exist. */
export async function judgeExisting(
  options: InputOptions & { readonly quiet?: boolean },
  { question, proposed }: Asking,
): Promise<Judgement> {
  const problems: Problem[] = [];
  const fail = (problem: Problem): void => void problems.push(problem);
  const watch = watchWaits();
  const opened = await watch(
    openInput(options, fail, watch),
    'the account, its Regions and their flow logs',
  );
  const { remarks, ...input } = opened;
  const toJudge: Input =
    input.kind === 'recorded'
      ? input
      : { ...input, listings: input.listings.map((each) => watchedListing(each, watch)) };
  const collection = collectionFor(question);
  const progress = progressLine(options);
  progress.show('reading flow logs');
  let count = 0;
  const toJudgeAgain: Judged[] = [];
  await judgeListings(toJudge, question, {
    take(result) {
      if (result.kind === 'judged') {
        if (proposed === undefined) collection.add(result);
        else toJudgeAgain.push(result);
      }
      count++;
      if (count < 100 || count % 100 === 0) progress.show(`judged ${count} flow logs`);
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
