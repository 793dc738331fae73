import { anything, covers, glob, literal, match, textOf, type Glob } from './glob.ts';
import type { Ternary } from './ternary.ts';

type Value = string | number | boolean;

/** What is known of one condition key of a request that was never seen. */
export type Known =
  /** Present with this value; a list is a multivalued key with just these, or, when open, at least these. */
  | { readonly present: Value | readonly Value[]; readonly open?: boolean }
  /** Present with one value that matches one of these globs; `many`: a multivalued key whose every value does. */
  | { readonly like: string | readonly string[]; readonly many?: boolean }
  /** Perhaps not present; if it is, with this value. */
  | { readonly maybe: Value | readonly Value[] }
  /** Perhaps not present; if it is, with a value that matches none of these globs. */
  | { readonly maybeOutside: readonly string[] }
  | { readonly absent: true }
  | { readonly unknown: true };

/** What is known of a request, by condition key. A name that ends in `*` stands for all names below it; a name not listed is unknown. */
export type Context = Readonly<Record<string, Known>>;

/** A set of strings one of which was sent: all that the glob matches, or all that these globs do not. */
export type Shape = Glob | { readonly outside: readonly Glob[] };

/** One way the key may have been sent: not at all, or with these values (an open list may hold more). */
export type Sent =
  | 'absent'
  | { readonly shapes: readonly Shape[]; readonly multivalued: boolean; readonly open: boolean };

/** Every way in which the key may have been sent. */
export function waysSent(known: Known): readonly Sent[] {
  if ('absent' in known) return ['absent'];
  if ('unknown' in known) return ['absent', one(anything), many([anything])];
  if ('maybe' in known) return ['absent', exactly(known.maybe)];
  if ('maybeOutside' in known)
    return ['absent', one({ outside: known.maybeOutside.map((text) => glob(text)) })];
  if ('present' in known) return [exactly(known.present, known.open)];
  const globs = listOf(known.like).map((text) => glob(text));
  return globs.map((each) => (known.many ? many([each]) : one(each)));
}

const one = (shape: Shape): Sent => ({ shapes: [shape], multivalued: false, open: false });
const many = (shapes: readonly Shape[], open = false): Sent => ({
  shapes,
  multivalued: true,
  open,
});
const exactly = (value: Value | readonly Value[], open = false): Sent =>
  isList(value)
    ? many(
        value.map((each) => literal(String(each))),
        open,
      )
    : one(literal(String(value)));

/** The separate things that this may turn out to be, where they can be listed. */
export function possibilities(known: Known): readonly Known[] {
  if ('maybe' in known) return [{ absent: true }, { present: known.maybe }];
  if ('like' in known && isList(known.like) && !known.many)
    return known.like.map((each) => ({ ...known, like: each }));
  return [known];
}

/** Does the pattern match the value sent, whichever of the shape it was? */
export function matchShape(pattern: Glob, shape: Shape): Ternary {
  if (!('outside' in shape)) return match(pattern, shape);
  if (covers(pattern, anything) === true) return true;
  return shape.outside.some((excluded) => covers(excluded, pattern) === true) ? false : 'unsure';
}

/** The value sent, where there is only one that it can be. */
export const textSent = (shape: Shape): string | undefined =>
  'outside' in shape ? undefined : textOf(shape);

const indexes = new WeakMap<Context, { exact: Map<string, Known>; below: [string, Known][] }>();

/** What is known of a key, by its name in any casing. */
export function lookUp(context: Context, key: string): Known {
  const { exact, below } = indexes.get(context) ?? indexed(context);
  const name = key.toLowerCase();
  return (
    exact.get(name) ?? below.find(([prefix]) => name.startsWith(prefix))?.[1] ?? { unknown: true }
  );
}

function indexed(context: Context): { exact: Map<string, Known>; below: [string, Known][] } {
  const entries = Object.entries(context).map(([key, known]): [string, Known] => [
    key.toLowerCase(),
    known,
  ]);
  const below = entries
    .filter(([key]) => key.endsWith('*'))
    .map(([key, known]): [string, Known] => [key.slice(0, -1), known])
    .sort(([a], [b]) => b.length - a.length);
  const index = { exact: new Map(entries), below };
  indexes.set(context, index);
  return index;
}

/** What is known, in words: "none", "a or b", "unknown". */
export function describe(known: Known): string {
  if ('absent' in known) return 'none';
  if ('unknown' in known) return 'something not known';
  if ('maybe' in known) return `${words(known.maybe)} or none`;
  if ('maybeOutside' in known) return `none, or nothing like ${words(known.maybeOutside)}`;
  if ('present' in known)
    return `${isList(known.present) ? 'the list ' : ''}${words(known.present)}${known.open ? ' and perhaps more' : ''}`;
  return listOf(known.like).join(' or ');
}

const words = (value: Value | readonly Value[]): string => listOf(value).join(', ');

const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);
const listOf = <T>(value: T | readonly T[]): readonly T[] => (isList(value) ? value : [value]);
