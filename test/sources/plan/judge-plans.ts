import { judgeInWorlds } from '../../../rule/judge/worlds.ts';
import { defaultRequiredActions, type Question } from '../../../rule/model/question.ts';
import type { Verdict } from '../../../rule/model/verdict.ts';
import { readPlans, type PlanOptions } from '../../../rule/sources/plan/source.ts';

const question: Question = {
  requiredActions: defaultRequiredActions,
  alsoCheck: [],
  organizationId: undefined,
  exemptions: [],
  now: new Date('2026-11-26'),
};

/** Judges all flow logs of plans; messages are as in reports. */
export function judgePlans(paths: readonly string[], options: Partial<PlanOptions> = {}) {
  const input = readPlans(paths, { account: undefined, region: undefined, ...options });
  const verdicts = new Map<string, Verdict>();
  for (const each of input.flowLogs) {
    const judged = judgeInWorlds(each, question);
    if (judged === undefined) continue;
    const { verdict } = judged;
    verdicts.set(each.id, { ...verdict, message: input.madeUp.inWords(verdict.message) });
  }
  return { ...input, verdicts };
}
