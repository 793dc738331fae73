import { exitCodes } from './exit-code.ts';
import { explainExisting } from './explain-existing.ts';
import { refuseMixedInput, type InputOptions, type PlannedOptions } from './open-input.ts';
import { questionOf, readExemptionsFile, type QuestionOptions } from './options.ts';
import { explanationJson } from './reports/explanation-json.ts';
import { explanationText } from './reports/explanation-text.ts';
import { complain, complainOf, reportStyle } from './terminal.ts';
import { write } from './write.ts';

export interface ExplainOptions extends QuestionOptions, InputOptions, PlannedOptions {
  readonly exemptions?: string;
  readonly format: 'table' | 'json';
  readonly output?: string;
  readonly quiet?: boolean;
}

/** Explains the verdicts on flow logs; resolves with the exit code. */
export async function explain(ids: readonly string[], options: ExplainOptions): Promise<number> {
  refuseMixedInput(options);
  const question = questionOf(options, await readExemptionsFile(options.exemptions));
  const wanted = new Set(ids);
  const isPlanned = options.template !== undefined || options.plan !== undefined;
  const { explanations, problems, remarks, whyNotThere } = isPlanned
    ? await (await import('./explain-planned.ts')).explainPlanned(wanted, options, question)
    : await explainExisting(wanted, options, question);
  complainOf(problems);
  if (!options.quiet) remarks.forEach(complain);
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
