import type { Facts } from '../model/facts.ts';
import type { Outcome, Verdict } from '../model/verdict.ts';
import type { Open } from '../model/world.ts';
import type { Explored } from './explore.ts';

/** A world with the flow log. */
export type JudgedWorld = Explored<{
  readonly kind: 'judged';
  readonly facts: Facts;
  readonly verdict: Verdict;
}>;

/** The open values that the outcome depends on, and the values of the gravest world. */
export function whySplit(worlds: readonly JudgedWorld[], gravest: JudgedWorld): string {
  const alone = gravest.choices.filter(({ open }) => splits(open, worlds));
  const splitting = alone.length > 0 ? alone : gravest.choices;
  const where = splitting.slice(0, MAX_NAMED).map(({ open, value }) => open.inWords(value));
  return `depends on ${namesOfOpen(splitting.map(({ open }) => open))}: ${where.join(' and ')}`;
}

const MAX_NAMED = 3;

/** Whether worlds with different values of something open have different outcomes. */
function splits({ id }: Open, worlds: readonly JudgedWorld[]): boolean {
  const outcomesByValue = new Map<string, Set<Outcome>>();
  for (const { choices, result } of worlds) {
    const choice = choices.find(({ open }) => open.id === id);
    if (choice === undefined) continue;
    const outcomes = outcomesByValue.get(choice.value) ?? new Set();
    outcomesByValue.set(choice.value, outcomes.add(result.verdict.outcome));
  }
  const all = [...outcomesByValue.values()].map((outcomes) => [...outcomes].sort().join());
  return new Set(all).size > 1;
}

export const whyTooMany = ({ choices }: Explored<unknown>, maxWorlds: number): string =>
  `leaves more than ${maxWorlds} combinations open: depends on ${namesOfOpen(choices.map(({ open }) => open))}`;

/** The first few names, each once, with the steps that settle these. */
function namesOfOpen(open: readonly Open[]): string {
  const names = [...new Set(open.map(({ name, settledBy }) => `${name} (${settledBy})`))];
  const rest = names.length - MAX_NAMED;
  return names.slice(0, MAX_NAMED).join(' and on ') + (rest > 0 ? `, and on ${rest} more` : '');
}
