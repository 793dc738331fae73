import { compared } from '../judge/judge-again.ts';
import { judgeInWorlds } from '../judge/worlds.ts';
import { learned, type Facts } from '../model/facts.ts';
import type { Problem } from '../model/problem.ts';
import type { Question } from '../model/question.ts';
import type { Verdict } from '../model/verdict.ts';
import type { PlannedFlowLog, StatementLanguage } from '../model/world.ts';
import { collectionFor, type Collected } from './collection.ts';
import type { Run } from './run.ts';
import { runInWords, type Words } from './run-in-words.ts';

/** The flow logs of templates or plans, before deployment. */
export interface PlannedFlowLogs {
  readonly flowLogs: readonly PlannedFlowLog[];
  /** The words for values that only a deployment knows. */
  readonly madeUp: Words;
  /** The language of the code that makes the keys. */
  readonly language: StatementLanguage;
  readonly problems: readonly Problem[];
  /** Whether a verdict counts; undefined where every verdict counts. */
  readonly isChosen?: (verdict: Verdict) => boolean;
  /** The same flow log with proposed key policies in place; undefined where nobody proposes any. */
  readonly withProposed?: ((flowLog: PlannedFlowLog) => PlannedFlowLog) | undefined;
}

/** Judges planned flow logs. The run has words in the place of values that only a deployment knows. */
export function plannedRun(planned: PlannedFlowLogs, question: Question): Run {
  const collection = collectionFor(question);
  const { isChosen = () => true } = planned;
  for (const judged of judgedIn(planned, question))
    if (isChosen(judged.verdict)) collection.add(judged);
  const run = { ...collection.run(planned.problems), language: planned.language };
  return runInWords(run, planned.madeUp);
}

/** Judges one flow log after the other. */
function* judgedIn(
  { flowLogs, madeUp, withProposed }: PlannedFlowLogs,
  question: Question,
): Iterable<Collected> {
  const isMadeUp = (text: string): boolean => madeUp.inWords(text) !== text;
  for (const planned of flowLogs) {
    const present = judgeInWorlds(planned, question);
    const judged = withProposed ? judgeInWorlds(withProposed(planned), question) : present;
    if (present === undefined || judged === undefined) continue;
    const { facts, verdict, failing } = judged;
    const { source } = planned;
    const toSettle = failing.every((each) => isSayable(each, isMadeUp)) ? failing : [];
    if (withProposed === undefined) yield { facts, verdict, source, toSettle };
    else {
      const presentOutcome = present.verdict.outcome;
      const withRemark = compared(verdict, presentOutcome);
      yield { facts, verdict: withRemark, presentOutcome, source, toSettle };
    }
  }
}

/** The owner of a key can write "this account" and "this Region" only for the key's own. */
function isSayable({ flowLog, key }: Facts, isMadeUp: (text: string) => boolean): boolean {
  const known = learned(key);
  return (['accountId', 'region'] as const).every(
    (part) => !isMadeUp(flowLog[part]) || known?.[part] === flowLog[part],
  );
}
