/** Makes a value once for each name, and forgets all values when there are `most`: the memory is bounded. */
export function boundedCache<T>(most: number): (name: string, make: () => T) => T {
  const values = new Map<string, T>();
  return (name, make) => {
    if (values.has(name)) return values.get(name) as T;
    if (values.size >= most) values.clear();
    const value = make();
    values.set(name, value);
    return value;
  };
}

/** Answers each question once: the same texts get the same promise, also of a rejection. */
export function remembered<A extends readonly string[], T>(
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

/** Returns the first of equal values, for each of them. */
export type Intern = <T extends string | object>(value: T) => T;

/** Interns equal values: a million flow logs share a few thousand messages. */
export function interning(): Intern {
  const texts = new Map<string, unknown>();
  const objects = new Map<string, unknown>();
  return <T extends string | object>(value: T): T => {
    const [first, name] =
      typeof value === 'string' ? [texts, value] : [objects, JSON.stringify(value)];
    if (!first.has(name)) first.set(name, value);
    return first.get(name) as T;
  };
}
