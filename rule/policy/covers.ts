import { spend, type Budget } from './budget.ts';
import { accepts, repeats, type Character } from './characters.ts';
import type { Ternary } from './ternary.ts';

/** Stands for all characters outside the pattern. */
const OTHER = '';

/** A place in the shape, and every place in the pattern to which the text so far may have led. */
interface Position {
  readonly at: number;
  readonly states: readonly number[];
}

/** Whether the pattern matches every string of the shape; unsure where the answer takes too many steps. */
export function coversCharacters(
  pattern: readonly Character[],
  shape: readonly Character[],
  budget: Budget,
): Ternary {
  const seen = new Set<string>();
  const open: Position[] = [{ at: 0, states: reach(pattern, [0]) }];
  let alphabet: readonly string[] | undefined;
  for (let position = open.pop(); position !== undefined; position = open.pop()) {
    const { at, states } = position;
    const atEnd = at === shape.length;
    if (states.length === 0 || (atEnd && states.at(-1) !== pattern.length)) return false;
    if (atEnd || isRepeated(seen, shape, position)) continue;
    alphabet ??= alphabetOf(pattern);
    const token = shape[at] ?? OTHER;
    if (!spend(budget, stepsAt(token, states, alphabet))) return 'unsure';
    open.push(...nextPositions(pattern, token, { position, alphabet }));
  }
  return true;
}

/** A position after a wildcard is stored and looked up, which costs more than a step. */
const STEPS_OF_A_POSITION = 8;

/** The most steps to the next positions. */
const stepsAt = (
  token: Character,
  states: readonly number[],
  alphabet: readonly string[],
): number =>
  typeof token === 'string'
    ? states.length
    : (states.length + STEPS_OF_A_POSITION) * (alphabet.length + 1);

/** Whether the position was seen before. Only wildcards of the shape can lead to a position twice. */
function isRepeated(
  seen: Set<string>,
  shape: readonly Character[],
  { at, states }: Position,
): boolean {
  if (typeof shape[at] === 'string') return false;
  const name = `${at} ${states.join()}`;
  return seen.size === seen.add(name).size;
}

/** A character of each kind: the pattern treats all characters of a kind alike. */
function alphabetOf(pattern: readonly Character[]): readonly string[] {
  return [...new Set([OTHER, ':', ...pattern.filter((token) => typeof token === 'string')])];
}

/** The positions after a token of the shape, for each character that the token may be. */
function nextPositions(
  pattern: readonly Character[],
  token: Character,
  { position, alphabet }: { position: Position; alphabet: readonly string[] },
): readonly Position[] {
  const { at, states } = position;
  if (typeof token === 'string') return [{ at: at + 1, states: step(pattern, states, token) }];
  const characters = alphabet.filter((each) => accepts(token, each));
  const next = token.repeats ? at : at + 1;
  return [
    ...(token.repeats ? [{ at: at + 1, states }] : []),
    ...characters.map((each) => ({ at: next, states: step(pattern, states, each) })),
  ];
}

/** The places in the pattern, in order, after another character. */
function step(
  pattern: readonly Character[],
  states: readonly number[],
  character: string,
): readonly number[] {
  const after: number[] = [];
  for (const state of states) {
    const token = pattern[state];
    if (token !== undefined && accepts(token, character))
      after.push(repeats(token) ? state : state + 1);
  }
  return reach(pattern, after);
}

/** The given ascending places, and the places after an empty match of `*`: ascending, each once. */
function reach(pattern: readonly Character[], states: readonly number[]): readonly number[] {
  const reached: number[] = [];
  for (const state of states)
    for (let at = state; at > (reached.at(-1) ?? -1); at++) {
      reached.push(at);
      if (!repeats(pattern[at])) break;
    }
  return reached;
}
