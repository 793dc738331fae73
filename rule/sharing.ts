/** Gives the first of equal values for each of them. */
export type Sharing = <T extends string | object>(value: T) => T;

/** What comes by the million has little that is its own: the rest is kept once. */
export function sharing(): Sharing {
  const texts = new Map<string, unknown>();
  const others = new Map<string, unknown>();
  return <T extends string | object>(value: T): T => {
    const [known, name] =
      typeof value === 'string' ? [texts, value] : [others, JSON.stringify(value)];
    if (!known.has(name)) known.set(name, value);
    return known.get(name) as T;
  };
}
