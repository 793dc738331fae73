import type { Question } from '../model/question.ts';
import { plannedRun } from '../remedy/planned-run.ts';
import { readTemplates } from '../sources/template/source.ts';
import type { Judgement } from './judge-existing.ts';
import type { PlannedOptions } from './open-input.ts';

/** Reads and judges templates. */
export function judgePlanned(options: PlannedOptions, question: Question): Judgement {
  const { template = [], account, region, parameter = {} } = options;
  const input = readTemplates(template, { account, region, given: parameter });
  return { run: plannedRun(input, question), remarks: input.remarks };
}
