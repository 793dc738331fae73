import type { Ternary } from './ternary.ts';

/** `?` or `*` (repeats), across colons or, as in one field of an ARN, within them. */
interface Wildcard {
  readonly repeats: boolean;
  readonly colons: boolean;
}

/** One character (a code point), or a wildcard. */
type Token = string | Wildcard;

/** A set of strings: those that the tokens match from end to end. */
export type Glob = readonly Token[];

const wildcards = new Map<string, Wildcard>([
  ['?', { repeats: false, colons: true }],
  ['*', { repeats: true, colons: true }],
]);

/** Exactly this text. */
export const literal = (text: string): Glob => Array.from(text);

/** The text with `*` and `?` as wildcards. */
export const glob = (text: string): Glob =>
  Array.from(text, (character) => wildcards.get(character) ?? character);

export const anything: Glob = glob('*');

const texts = new WeakMap<Glob, { readonly text: string | undefined }>();

/** The one string that the glob stands for, if it is one. */
export function textOf(pattern: Glob): string | undefined {
  const known = texts.get(pattern);
  if (known !== undefined) return known.text;
  const text = pattern.every((token) => typeof token === 'string') ? pattern.join('') : undefined;
  texts.set(pattern, { text });
  return text;
}

export const lowerCase = (pattern: Glob): Glob =>
  pattern.map((token) => (typeof token === 'string' ? token.toLowerCase() : token));

/**
 * The glob as an ARN pattern: a wildcard in one of the first five fields stays in its field, the sixth field
 * is the rest. Undefined for a text of fewer than six fields.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function arnGlob(pattern: Glob): Glob | undefined {
  let fields = 1;
  const tokens = pattern.map((token): Token => {
    if (token === ':') fields++;
    return typeof token === 'string' || fields > 5 ? token : { ...token, colons: false };
  });
  return fields < 6 ? undefined : tokens;
}

/**
 * Does the pattern match every string of the shape (true), none (false), or some (unsure)?
 * Unsure too where telling would take more than a bounded effort.
 */
export function match(pattern: Glob, shape: Glob): Ternary {
  const text = textOf(shape);
  if (text !== undefined && textOf(pattern) !== undefined) return text === textOf(pattern);
  const covered = covers(pattern, shape);
  if (covered === true || text !== undefined) return covered;
  return meets(pattern, shape) ? 'unsure' : false;
}

/** A character that no pattern spells out. */
const OTHER = '';

/** The steps that one question may take: far above any real policy, far below a time-out. */
const EFFORT = 50_000;

const accepts = (token: Token, character: string): boolean =>
  typeof token === 'string' ? token === character : token.colons || character !== ':';

const repeats = (token: Token | undefined): boolean => typeof token === 'object' && token.repeats;

/** A place in the shape, and all the places in the pattern that the text so far may have led to. */
interface Position {
  readonly at: number;
  readonly states: readonly number[];
}

/** Whether every string of the shape is matched by the pattern; unsure where that takes too long to tell. */
export function covers(pattern: Glob, shape: Glob): Ternary {
  const seen = new Set<string>();
  const open: Position[] = [{ at: 0, states: reach(pattern, [0]) }];
  let effort = 0;
  let alphabet: readonly string[] | undefined;
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    const { at, states } = here;
    const ended = at === shape.length;
    if (states.length === 0 || (ended && states.at(-1) !== pattern.length)) return false;
    if (ended || visited(seen, shape, here)) continue;
    alphabet ??= alphabetOf(pattern);
    const next = following(pattern, shape[at] ?? OTHER, { here, alphabet });
    effort += states.length * next.length;
    if (effort > EFFORT) return 'unsure';
    open.push(...next);
  }
  return true;
}

/** Whether it has been here before, which only wildcards of the shape can lead to. */
function visited(seen: Set<string>, shape: Glob, { at, states }: Position): boolean {
  if (typeof shape[at] === 'string') return false;
  const name = `${at} ${states.join()}`;
  return seen.size === seen.add(name).size;
}

/** One character of each kind that the pattern tells apart. */
function alphabetOf(pattern: Glob): readonly string[] {
  return [...new Set([OTHER, ':', ...pattern.filter((token) => typeof token === 'string')])];
}

/** Where a token of the shape leads, for each character that it may be. */
function following(
  pattern: Glob,
  token: Token,
  { here: { at, states }, alphabet }: { here: Position; alphabet: readonly string[] },
): readonly Position[] {
  if (typeof token === 'string') return [{ at: at + 1, states: step(pattern, states, token) }];
  const characters = alphabet.filter((each) => accepts(token, each));
  const next = token.repeats ? at : at + 1;
  return [
    ...(token.repeats ? [{ at: at + 1, states }] : []),
    ...characters.map((each) => ({ at: next, states: step(pattern, states, each) })),
  ];
}

/** The positions in the pattern, in order, after one more character. */
function step(pattern: Glob, states: readonly number[], character: string): readonly number[] {
  const after: number[] = [];
  for (const state of states) {
    const token = pattern[state];
    if (token !== undefined && accepts(token, character))
      after.push(repeats(token) ? state : state + 1);
  }
  return reach(pattern, after);
}

/** These ascending positions and those that `*` matching nothing leads to, ascending and each once. */
function reach(pattern: Glob, states: readonly number[]): readonly number[] {
  const reached: number[] = [];
  for (const state of states)
    for (let at = state; at > (reached.at(-1) ?? -1); at++) {
      reached.push(at);
      if (!repeats(pattern[at])) break;
    }
  return reached;
}

/** Whether some string is matched by both; true where that takes too long to tell. */
function meets(left: Glob, right: Glob): boolean {
  if (left.length * right.length > EFFORT * 40) return true;
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
    if (a === undefined || b === undefined || !share(a, b)) continue;
    visit(repeats(a) ? i : i + 1, repeats(b) ? j : j + 1);
  }
  return false;
}

/** Whether one character fits both tokens; two wildcards always share one that is no colon. */
function share(a: Token, b: Token): boolean {
  if (typeof a === 'string') return accepts(b, a);
  return typeof b !== 'string' || accepts(a, b);
}
