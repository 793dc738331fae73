export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members of a list; a single value becomes a list. */
export const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : [value];

/** The strings, numbers and booleans of a value or list, as text; undefined where the list holds anything else. */
export function scalars(value: unknown): readonly string[] | undefined {
  const texts: string[] = [];
  for (const each of asList(value)) {
    if (typeof each !== 'string' && typeof each !== 'number' && typeof each !== 'boolean')
      return undefined;
    texts.push(String(each));
  }
  return texts;
}
