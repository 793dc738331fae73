export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members of a list; a single value becomes a list. */
export const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : [value];

/** The strings, numbers and booleans of a value or list, as text; undefined where the list holds anything else. */
export function scalars(value: unknown): readonly string[] | undefined {
  const values = asList(value);
  const texts = values.flatMap((each) =>
    typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean'
      ? [String(each)]
      : [],
  );
  return texts.length === values.length ? texts : undefined;
}
