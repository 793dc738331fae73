import type { Problem } from '../model/problem.ts';
import type { Question } from '../model/question.ts';
import { collectionFor } from '../remedy/collection.ts';
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

/** Judges flow logs that exist. */
export async function judgeExisting(
  options: InputOptions & { readonly quiet?: boolean },
  question: Question,
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
  await judgeListings(toJudge, question, {
    take(result) {
      if (result.kind === 'judged') collection.add(result);
      count++;
      if (count < 100 || count % 100 === 0) progress.show(`judged ${count} flow logs`);
    },
    fail,
  });
  progress.clear();
  return { run: collection.run(problems), remarks: remarks?.() ?? [] };
}
