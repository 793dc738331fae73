/** Numbers values by name, from 0 in the order of their arrival. */
export interface Numbering<T> {
  readonly values: T[];
  /** The number of this name; a new name gets this value. */
  readonly numberOf: (name: string, value: T) => number;
}

export function numbering<T>(): Numbering<T> {
  const numbers = new Map<string, number>();
  const values: T[] = [];
  return {
    values,
    numberOf(name, value) {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, values.length);
      return values.push(value) - 1;
    },
  };
}
