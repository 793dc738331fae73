import { spend, type Budget } from './budget.ts';
import { literalText, type Glob, type Token } from './glob.ts';
import type { Ternary } from './ternary.ts';

/**
 * Whether the pattern matches every string of the shape (true), none (false), or some (unsure). Unsure too where the
 * answer would take more steps than the budget has.
 */
export function match(pattern: Glob, shape: Glob, budget: Budget): Ternary {
  const text = literalText(shape);
  if (text !== undefined && literalText(pattern) !== undefined)
    return text === literalText(pattern);
  const covered = covers(pattern, shape, budget);
  if (covered === true || text !== undefined) return covered;
  return intersects(pattern, shape, budget) ? 'unsure' : false;
}

/** Stands for all characters outside the pattern. */
const OTHER = '';

/** A pair of places in two globs is cheaper than a step. */
const PAIRS_IN_A_STEP = 40;

const accepts = (token: Token, character: string): boolean =>
  typeof token === 'string' ? token === character : token.colons || character !== ':';

const repeats = (token: Token | undefined): boolean => typeof token === 'object' && token.repeats;

/** A place in the shape, and every place in the pattern to which the text so far may have led. */
interface Position {
  readonly at: number;
  readonly states: readonly number[];
}

/** Whether the pattern matches every string of the shape; unsure where the answer takes too many steps. */
export function covers(pattern: Glob, shape: Glob, budget: Budget): Ternary {
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
const stepsAt = (token: Token, states: readonly number[], alphabet: readonly string[]): number =>
  typeof token === 'string'
    ? states.length
    : (states.length + STEPS_OF_A_POSITION) * (alphabet.length + 1);

/** Whether the position was seen before. Only wildcards of the shape can lead to a position twice. */
function isRepeated(seen: Set<string>, shape: Glob, { at, states }: Position): boolean {
  if (typeof shape[at] === 'string') return false;
  const name = `${at} ${states.join()}`;
  return seen.size === seen.add(name).size;
}

/** A character of each kind: the pattern treats all characters of a kind alike. */
function alphabetOf(pattern: Glob): readonly string[] {
  return [...new Set([OTHER, ':', ...pattern.filter((token) => typeof token === 'string')])];
}

/** The positions after a token of the shape, for each character that the token may be. */
function nextPositions(
  pattern: Glob,
  token: Token,
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
function step(pattern: Glob, states: readonly number[], character: string): readonly number[] {
  const after: number[] = [];
  for (const state of states) {
    const token = pattern[state];
    if (token !== undefined && accepts(token, character))
      after.push(repeats(token) ? state : state + 1);
  }
  return reach(pattern, after);
}

/** The given ascending places, and the places after an empty match of `*`: ascending, each once. */
function reach(pattern: Glob, states: readonly number[]): readonly number[] {
  const reached: number[] = [];
  for (const state of states)
    for (let at = state; at > (reached.at(-1) ?? -1); at++) {
      reached.push(at);
      if (!repeats(pattern[at])) break;
    }
  return reached;
}

/** Whether both globs match some string; true where the answer takes too many steps. */
function intersects(left: Glob, right: Glob, budget: Budget): boolean {
  if (!spend(budget, (left.length * right.length) / PAIRS_IN_A_STEP)) return true;
  const width = right.length + 1;
  const seen = new Uint8Array((left.length + 1) * width);
  const open = [0];
  const visit = (i: number, j: number): void => {
    const pair = i * width + j;
    if (seen[pair] === 1) return;
    seen[pair] = 1;
    open.push(pair);
  };
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const i = Math.floor(pair / width);
    const j = pair % width;
    const a = left[i];
    const b = right[j];
    if (a === undefined && b === undefined) return true;
    if (repeats(a)) visit(i + 1, j);
    if (repeats(b)) visit(i, j + 1);
    if (a === undefined || b === undefined || !shareCharacter(a, b)) continue;
    visit(repeats(a) ? i : i + 1, repeats(b) ? j : j + 1);
  }
  return false;
}

/** Whether some character fits both tokens; two wildcards always share a character other than the colon. */
function shareCharacter(a: Token, b: Token): boolean {
  if (typeof a === 'string') return accepts(b, a);
  return typeof b !== 'string' || accepts(a, b);
}
