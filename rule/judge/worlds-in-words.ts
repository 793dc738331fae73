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

/** The reason for a doubt about a verdict, and the step that settles the doubt. */
export interface Doubt {
  readonly why: string;
  readonly next: string;
}

/** The open values that the outcome depends on, and the values of the gravest world. */
export function whySplit(worlds: readonly JudgedWorld[], gravest: JudgedWorld): Doubt {
  const alone = gravest.choices.filter(({ open }) => splits(open, worlds));
  const splitting = alone.length > 0 ? alone : gravest.choices;
  const where = splitting.slice(0, MAX_NAMED).map(({ open, value }) => open.inWords(value));
  const open = splitting.map((choice) => choice.open);
  return { why: `depends on ${namesOfOpen(open)}: ${where.join(' and ')}`, next: stepsFor(open) };
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

export function whyTooMany({ choices }: Explored<unknown>, maxWorlds: number): Doubt {
  const open = choices.map((choice) => choice.open);
  return {
    why: `leaves more than ${maxWorlds} combinations open: depends on ${namesOfOpen(open)}`,
    next: stepsFor(open),
  };
}

/** The first few names, each once. */
function namesOfOpen(open: readonly Open[]): string {
  const names = [...new Set(open.map(({ name }) => name))];
  const rest = names.length - MAX_NAMED;
  return names.slice(0, MAX_NAMED).join(' and on ') + (rest > 0 ? `, and on ${rest} more` : '');
}

/** The steps that settle the first few open values. */
const stepsFor = (open: readonly Open[]): string =>
  [...new Set(open.slice(0, MAX_NAMED).map(({ settledBy }) => settledBy))].join(', and ');
