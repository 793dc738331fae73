/** Makes a thing once for each name, and forgets all of them when there are too many: memory is bounded by `most`. */
export function recent<T>(most: number): (name: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (name, make) => {
    if (known.has(name)) return known.get(name) as T;
    if (known.size >= most) known.clear();
    const made = make();
    known.set(name, made);
    return made;
  };
}
