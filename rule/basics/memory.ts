/** A value that was made: `null` and `undefined` are values too. */
interface Made<T> {
  readonly value: T;
}

/** Objects are names too, each of its own. */
type Name = string | object | null;

/**
 * Makes a value once for each name. Keeps `maxSize` values at most: the newest half, and the half made before. Older values
 * are made anew.
 */
export function boundedCache<T>(maxSize: number): (name: Name, make: () => T) => T {
  let newer = new Map<Name, Made<T>>();
  let older = new Map<Name, Made<T>>();
  return (name, make) => {
    const known = newer.get(name) ?? older.get(name);
    if (known !== undefined) return known.value;
    const value = make();
    if (newer.size >= maxSize / 2) {
      older = newer;
      newer = new Map();
    }
    newer.set(name, { value });
    return value;
  };
}

/** Makes a value once for each object, and forgets the value with the object. */
export function cacheOf<K extends object, T>(make: (object: K) => T): (object: K) => T {
  const values = new WeakMap<K, Made<T>>();
  return (object) => {
    const known = values.get(object);
    if (known !== undefined) return known.value;
    const value = make(object);
    values.set(object, { value });
    return value;
  };
}

/** Bounds the memory of a numbering. A value that was forgotten gets a new number. */
const MAX_NUMBERED = 10_000;

/** Numbers objects: different objects have different numbers, and equal objects mostly the same. */
export function makeNumbering(): (object: object) => number {
  const numbers = boundedCache<number>(MAX_NUMBERED);
  let last = 0;
  return cacheOf((object) => numbers(JSON.stringify(object), () => ++last));
}

/** Asks each question once: the same texts get the same promise, also where the promise rejects. */
export function memoize<A extends readonly string[], T>(
  ask: (...texts: A) => Promise<T>,
): (...texts: A) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (...texts) => {
    const name = texts.join(' ');
    const answer = answers.get(name) ?? ask(...texts);
    answers.set(name, answer);
    return answer;
  };
}

/** Returns the first of equal values in the place of each. */
export type Intern = <T extends string | object>(value: T) => T;

/** Interns equal values: a million flow logs share a few thousand messages. */
export function makeIntern(): Intern {
  const texts = new Map<string, unknown>();
  const objects = new Map<string, unknown>();
  const firstObjects = new Set<unknown>();
  return <T extends string | object>(value: T): T => {
    if (typeof value === 'string') return firstEqual(texts, value, value);
    // The first of equal objects needs no text to be found. An equal text is another text in memory.
    if (firstObjects.has(value)) return value;
    const first = firstEqual(objects, JSON.stringify(value), value);
    firstObjects.add(first);
    return first;
  };
}

function firstEqual<T>(firsts: Map<string, unknown>, name: string, value: T): T {
  const first = firsts.get(name);
  if (first !== undefined) return first as T;
  firsts.set(name, value);
  return value;
}
