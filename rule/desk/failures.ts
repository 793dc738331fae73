import type { FlowLog } from '../model/facts.ts';
import type { Problem } from '../model/problem.ts';
import { errorText } from '../basics/text.ts';
import type { NotJudged } from '../judge/survey.ts';

/** What could not be read, because of an error. */
export const lost = (file: string, item: string | null, error: unknown): Problem => ({
  file,
  item,
  message: errorText(error),
});

/** Calls that failed, each once, with the flow logs that it spoiled. */
export function failures() {
  const spoiled = new Map<unknown, { readonly first: FlowLog; count: number }>();
  return {
    add({ failure, flowLog }: NotJudged): void {
      const known = spoiled.get(failure);
      if (known === undefined) spoiled.set(failure, { first: flowLog, count: 1 });
      else known.count++;
    },
    problems: (): readonly Problem[] =>
      [...spoiled].map(([failure, { first, count }]) =>
        lost(first.region, count === 1 ? first.id : `${first.id} and ${count - 1} more`, failure),
      ),
  };
}
