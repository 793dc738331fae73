/** Groups values by name. Groups, and the values of a group, keep their order. */
export function groupBy<T, N>(
  values: Iterable<T>,
  nameOf: (value: T) => N,
): ReadonlyMap<N, readonly [T, ...T[]]> {
  const groups = new Map<N, [T, ...T[]]>();
  for (const value of values) {
    const name = nameOf(value);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [value]);
    else group.push(value);
  }
  return groups;
}

export const sum = <T>(values: readonly T[], numberOf: (value: T) => number): number =>
  values.reduce((total, value) => total + numberOf(value), 0);
