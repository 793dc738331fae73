import { unknownValue, type Known } from './known.ts';

/**
 * Knowledge about a request, by condition key. A name with `*` at the end stands for all longer names; any other key
 * is unknown.
 */
export type Context = Readonly<Record<string, Known>>;

interface Index {
  readonly exact: ReadonlyMap<string, Known>;
  /** The names with `*` at the end, without the star, the longest first. */
  readonly prefixes: readonly (readonly [prefix: string, known: Known])[];
}

const indexes = new WeakMap<Context, Index>();

/** The knowledge about a condition key, by its name in any casing. */
export function knownOf(context: Context, key: string): Known {
  const { exact, prefixes } = indexes.get(context) ?? indexOf(context);
  const name = key.toLowerCase();
  return (
    exact.get(name) ?? prefixes.find(([prefix]) => name.startsWith(prefix))?.[1] ?? unknownValue
  );
}

function indexOf(context: Context): Index {
  const entries = Object.entries(context).map(
    ([key, known]) => [key.toLowerCase(), known] as const,
  );
  const prefixes = entries
    .filter(([key]) => key.endsWith('*'))
    .map(([key, known]) => [key.slice(0, -1), known] as const)
    .sort(([a], [b]) => b.length - a.length);
  const index = { exact: new Map(entries), prefixes };
  indexes.set(context, index);
  return index;
}

/** The context with other knowledge about the key. */
export function withKey(context: Context, key: string, known: Known): Context {
  const name = key.toLowerCase();
  const others = Object.entries(context).filter(([each]) => each.toLowerCase() !== name);
  return { ...Object.fromEntries(others), [name]: known };
}
