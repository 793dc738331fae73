import { makeNumbering } from '../basics/memory.ts';

type Value = string | number | boolean;

/** A condition key that was sent: with a single value, or with a list; an open list may hold more values. */
type Present =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'list'; readonly values: readonly Value[]; readonly open: boolean };

/** Knowledge about a condition key, or the resource, of a request nobody has seen. */
export type Known =
  | Present
  /** Sent, with a value like one of the globs; `many`: with a list whose values are all like the same glob. */
  | { readonly kind: 'like'; readonly globs: readonly string[]; readonly many: boolean }
  /** Perhaps sent, and then so. */
  | { readonly kind: 'maybe'; readonly present: Present }
  /** Perhaps sent, and then with a value like none of the globs. */
  | { readonly kind: 'maybe-outside'; readonly globs: readonly string[] }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' };

/** Sent with exactly this value, or exactly this list of values. */
export const present = (value: Value | readonly Value[]): Present =>
  typeof value === 'object'
    ? { kind: 'list', values: value, open: false }
    : { kind: 'value', value };

/** Sent with a list of these values, and perhaps more. */
export const atLeast = (...values: readonly Value[]): Known => ({
  kind: 'list',
  values,
  open: true,
});

/** Sent with a single value, like one of the globs. */
export const oneLike = (...globs: readonly string[]): Known => ({
  kind: 'like',
  globs,
  many: false,
});

/** Sent with a list of values, all like the same glob. */
export const manyLike = (...globs: readonly string[]): Known => ({
  kind: 'like',
  globs,
  many: true,
});

/** Perhaps sent, with exactly this value or list. */
export const maybe = (value: Value | readonly Value[]): Known => ({
  kind: 'maybe',
  present: present(value),
});

/** Perhaps sent, with a value like none of the globs. */
export const maybeOutside = (...globs: readonly string[]): Known => ({
  kind: 'maybe-outside',
  globs,
});

export const absent: Known = { kind: 'absent' };

/** Perhaps sent, with any value or list. */
export const unknownValue: Known = { kind: 'unknown' };

/** The cases to decide separately, where the knowledge is a short list of cases; otherwise the knowledge unchanged. */
export function casesOf(known: Known): readonly Known[] {
  if (known.kind === 'maybe') return [absent, known.present];
  if (known.kind === 'like' && !known.many) return known.globs.map((glob) => oneLike(glob));
  return [known];
}

/** Whether the value is known, or known to be absent: nothing more can be learned. */
export const isSettled = (known: Known): boolean =>
  known.kind === 'value' || known.kind === 'absent' || (known.kind === 'list' && !known.open);

/** The knowledge in words: "none", "a or b", "something not known". */
export function knownInWords(known: Known): string {
  switch (known.kind) {
    case 'absent':
      return 'none';
    case 'unknown':
      return 'something not known';
    case 'maybe':
      return `${valuesInWords(known.present)} or none`;
    case 'maybe-outside':
      return `none, or nothing like ${known.globs.join(', ')}`;
    case 'value':
      return valuesInWords(known);
    case 'list':
      return `the list ${valuesInWords(known)}${known.open ? ' and perhaps more' : ''}`;
    case 'like':
      return known.globs.join(' or ');
  }
}

const valuesInWords = (present: Present): string =>
  present.kind === 'list' ? present.values.join(', ') : String(present.value);

/**
 * A short name for the knowledge, without line breaks: equal knowledge mostly has the same name, other knowledge never. A
 * single value is named by itself.
 */
export const nameOf = (known: Known): string =>
  known.kind === 'value' ? JSON.stringify(known.value) : `number ${knownNumber(known)}`;

const knownNumber = makeNumbering();
