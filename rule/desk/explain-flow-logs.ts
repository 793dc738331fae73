import { exitCodes } from './exit-code.ts';
import { explainExisting } from './explain-existing.ts';
import { refuseBadIds, refuseTwoInputs, refuseUnwritable } from './bad-usage.ts';
import {
  isPlanned,
  refuseMixedInput,
  type InputOptions,
  type PlannedOptions,
} from './open-input.ts';
import {
  questionOf,
  readExemptionsFile,
  remarkOnRegions,
  type QuestionOptions,
} from './options.ts';
import { explanationJson } from './reports/explanation-json.ts';
import { explanationText } from './reports/explanation-text.ts';
import { complain, complainOf, remarkUnless, reportStyle } from './terminal.ts';
import { write } from './write.ts';

export interface ExplainOptions extends QuestionOptions, InputOptions, PlannedOptions {
  readonly exemptions?: string;
  readonly format: 'table' | 'json';
  readonly output?: string;
  readonly quiet?: boolean;
}

/** Explains the verdicts on flow logs; resolves with the exit code. */
export async function explain(ids: readonly string[], options: ExplainOptions): Promise<number> {
  refuseBadIds(ids, isPlanned(options));
  refuseMixedInput(options);
  const { snapshot = [], template = [], plan = [], exemptions } = options;
  refuseTwoInputs(...snapshot, ...template, ...plan, exemptions);
  await refuseUnwritable(options.output);
  const remark = remarkUnless(options);
  remarkOnRegions(options.regions, remark);
  const question = questionOf(options, await readExemptionsFile(exemptions, remark));
  const wanted = new Set(ids);
  const asking = { question, wanted, remark };
  const { explanations, problems, remarks, whyNotThere } = isPlanned(options)
    ? await (await import('./explain-planned.ts')).explainPlanned(options, asking)
    : await explainExisting(options, asking);
  complainOf(problems);
  remarks.forEach(remark);
  const lacking = [...wanted].filter(
    (id) =>
      !explanations.some(({ flowLog }) => flowLog.id === id) &&
      !problems.some(({ item }) => item === id),
  );
  for (const id of lacking) complain(whyNotThere(id));
  if (explanations.length > 0 || options.format === 'json')
    await write(
      options.format === 'json'
        ? explanationJson(explanations, problems)
        : explanationText(explanations, reportStyle(options)),
      options.output,
    );
  return problems.length + lacking.length > 0 ? exitCodes.unreadable : exitCodes.fine;
}
