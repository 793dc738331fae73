/** Makes a value once for each name. The cache is emptied when there are `maxSize` values, so memory stays bounded. */
export function boundedCache<T>(maxSize: number): (name: string, make: () => T) => T {
  const values = new Map<string, T>();
  return (name, make) => {
    if (values.has(name)) return values.get(name) as T;
    if (values.size >= maxSize) values.clear();
    const value = make();
    values.set(name, value);
    return value;
  };
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
  return <T extends string | object>(value: T): T => {
    const [first, name] =
      typeof value === 'string' ? [texts, value] : [objects, JSON.stringify(value)];
    if (!first.has(name)) first.set(name, value);
    return first.get(name) as T;
  };
}
