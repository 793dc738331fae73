import type { Question } from '../model/question.ts';
import { plannedRun } from '../remedy/planned-run.ts';
import { readPlans } from '../sources/plan/source.ts';
import { readTemplates } from '../sources/template/source.ts';
import type { Judgement } from './judge-existing.ts';
import type { PlannedOptions } from './open-input.ts';

/** Reads and judges templates or plans. */
export function judgePlanned(options: PlannedOptions, question: Question): Judgement {
  const { template = [], plan, account, region, parameter = {}, source = '.' } = options;
  const input =
    plan === undefined
      ? readTemplates(template, { account, region, given: parameter })
      : readPlans(plan, { account, region, source });
  return { run: plannedRun(input, question), remarks: input.remarks };
}
