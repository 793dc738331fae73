import { existsSync, statSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { whyUnwritable } from '../basics/file-error.ts';
import { FLOW_LOG_ID } from '../model/facts.ts';
import { STANDARD_INPUT } from '../model/problem.ts';

/** A mistake in the use of options that do not go together. */
export type Mistake = readonly [isMade: boolean, message: string];

/** Throws an Error for the first mistake that is made. */
export function refuseMistakes(mistakes: readonly Mistake[]): void {
  const mistake = mistakes.find(([isMade]) => isMade);
  if (mistake !== undefined) throw new Error(mistake[1]);
}

/** Throws an Error for an id of the wrong form: for a path with the option of the path. */
export function refuseBadIds(ids: readonly string[], arePlanned: boolean): void {
  for (const id of ids) {
    const hint = pathHint(id);
    if (hint !== undefined) throw new Error(`"${id}" is a path and no id: give ${hint}`);
    if (!arePlanned && !FLOW_LOG_ID.test(id))
      throw new Error(`"${id}" is not a flow log id, which looks like fl-01234567890abcdef`);
  }
}

/** The option for a path; undefined for a text that is no path. */
export function pathHint(text: string): string | undefined {
  if (/\.tf$/i.test(text)) return '--plan with the output of terraform show -json';
  if (/\.(ya?ml|template)$/i.test(text)) return `--template ${text}`;
  if (/\.(json|gz)$/i.test(text) || text === STANDARD_INPUT)
    return `--snapshot ${text}, or --template or --plan`;
  if (!/[/\\.]/.test(text) || !existsSync(text)) return undefined;
  return statSync(text).isDirectory() ? `--template ${text}` : `--snapshot ${text}`;
}

/** Throws an Error for a second use of standard input, which can be read once. */
export function refuseTwoInputs(...paths: readonly (string | undefined)[]): void {
  if (paths.filter((path) => path === STANDARD_INPUT).length > 1)
    throw new Error('"-" is given twice: standard input can be read once, so give a file');
}

/** Throws an Error for a report that could not be written: before minutes of judging, not after. */
export async function refuseUnwritable(output: string | undefined): Promise<void> {
  if (output === undefined) return;
  try {
    const known = await stat(output).catch(() => undefined);
    if (known?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    await access(known === undefined ? dirname(output) : output, constants.W_OK);
  } catch (error) {
    throw outputError(output, error);
  }
}

/** The Error for a report that cannot be written. */
export const outputError = (output: string, error: unknown): Error =>
  new Error(`--output ${output}: ${whyUnwritable(error)}`, { cause: error });
