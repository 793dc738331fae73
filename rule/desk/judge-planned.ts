import { judgeInWorlds } from '../judge/worlds.ts';
import { learned, type Facts } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { PlannedInput } from '../sources/planned/input.ts';
import { readPlans } from '../sources/plan/source.ts';
import { readTemplates } from '../sources/template/source.ts';
import { collectionFor, type Collected } from './collection.ts';
import type { Judgement } from './judge-existing.ts';
import type { PlannedOptions } from './open-input.ts';
import { runInWords } from './run-in-words.ts';

/** Reads and judges templates or plans. The run has words in the place of values that only a deployment knows. */
export function judgePlanned(options: PlannedOptions, question: Question): Judgement {
  const { template = [], plan, account, region, parameter = {}, source = '.' } = options;
  const input =
    plan === undefined
      ? readTemplates(template, { account, region, given: parameter })
      : readPlans(plan, { account, region, source });
  const collection = collectionFor(question);
  for (const judged of judgedIn(input, question)) collection.add(judged);
  const run = { ...collection.run(input.problems), language: input.language };
  return { run: runInWords(run, input.madeUp), remarks: input.remarks };
}

/** Judges planned flow logs, one after the other. */
function* judgedIn({ flowLogs, madeUp }: PlannedInput, question: Question): Iterable<Collected> {
  const isMadeUp = (text: string): boolean => madeUp.inWords(text) !== text;
  for (const planned of flowLogs) {
    const judged = judgeInWorlds(planned, question);
    if (judged === undefined) continue;
    const { facts, verdict, failing } = judged;
    const canSay = failing.every((each) => isSayable(each, isMadeUp));
    yield { facts, verdict, source: planned.source, toSettle: canSay ? failing : [] };
  }
}

/** The owner of a key can write "this account" and "this Region" only for the key's own. */
function isSayable({ flowLog, key }: Facts, isMadeUp: (text: string) => boolean): boolean {
  const known = learned(key);
  return (['accountId', 'region'] as const).every(
    (part) => !isMadeUp(flowLog[part]) || known?.[part] === flowLog[part],
  );
}
