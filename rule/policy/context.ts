import { cacheOf } from '../basics/memory.ts';
import { unknownValue, type Known } from './known.ts';

/** Knowledge by condition key. A name with `*` at the end stands for all longer names. */
export type Layer = Readonly<Record<string, Known>>;

/** Knowledge about a request: of several layers the first that knows a key counts. Any other key is unknown. */
export type Context = Layer | readonly Layer[];

const isLayered = (context: Context): context is readonly Layer[] => Array.isArray(context);

const layersOf = (context: Context): readonly Layer[] => (isLayered(context) ? context : [context]);

/** The knowledge about a condition key, by its name in any casing. */
export function knownOf(context: Context, key: string): Known {
  const name = key.toLowerCase();
  if (!isLayered(context)) return knownIn(context, name) ?? unknownValue;
  for (const layer of context) {
    const known = knownIn(layer, name);
    if (known !== undefined) return known;
  }
  return unknownValue;
}

/** The context with other knowledge about the key. */
export const withKey = (context: Context, key: string, known: Known): Context => [
  { [key]: known },
  ...layersOf(context),
];

interface Index {
  readonly exact: ReadonlyMap<string, Known>;
  /** The names with `*` at the end, without the star, the longest first. */
  readonly prefixes: readonly (readonly [prefix: string, known: Known])[];
}

const indexOf = cacheOf((layer: Layer): Index => {
  const entries = Object.entries(layer).map(([key, known]) => [key.toLowerCase(), known] as const);
  const prefixes = entries
    .filter(([key]) => key.endsWith('*'))
    .map(([key, known]) => [key.slice(0, -1), known] as const)
    .sort(([a], [b]) => b.length - a.length);
  return { exact: new Map(entries), prefixes };
});

function knownIn(layer: Layer, name: string): Known | undefined {
  const { exact, prefixes } = indexOf(layer);
  const known = exact.get(name);
  if (known !== undefined || prefixes.length === 0) return known;
  return prefixes.find(([prefix]) => name.startsWith(prefix))?.[1];
}
