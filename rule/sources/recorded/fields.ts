import * as v from 'valibot';

/** A field, or undefined where AWS Config leaves the field out or writes null. */
export const optionalField = <T extends v.GenericSchema>(wanted: T) =>
  v.pipe(
    v.nullish(wanted),
    v.transform((value) => value ?? undefined),
  );

/** Text, or undefined where AWS Config leaves the field out or writes null or an empty text. */
export const optionalText = v.pipe(
  v.nullish(v.string()),
  v.transform((value) => (value === null || value === '' ? undefined : value)),
);

/** Texts by name, under any name: Valibot's own records drop names like `constructor` in silence. */
export const textsByName = v.pipe(
  v.custom<object>((value) => typeof value === 'object' && value !== null, 'not an object'),
  v.rawTransform(({ dataset, addIssue, NEVER }): Readonly<Record<string, string>> => {
    const entries: [string, unknown][] = Object.entries(dataset.value);
    const isText = (entry: [string, unknown]): entry is [string, string] =>
      typeof entry[1] === 'string';
    if (entries.every(isText)) return Object.fromEntries(entries);
    const names = entries.filter((entry) => !isText(entry)).map(([name]) => name);
    addIssue({ message: `${names.join(', ')} not a text` });
    return NEVER;
  }),
);

export const optionalAccountId = optionalField(v.pipe(v.string(), v.regex(/^\d{12}$/)));

/** An ISO 8601 time, or seconds since 1970, as milliseconds. */
export const timeField = v.pipe(
  v.union([
    v.pipe(
      v.string(),
      v.transform((text) => Date.parse(text)),
    ),
    v.pipe(
      v.number(),
      v.transform((seconds) => seconds * 1000),
    ),
  ]),
  v.finite('not a time'),
);

/** The problems found by a schema, on a single line. */
export const issuesOf = (
  issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]],
): string =>
  issues.map((issue) => [v.getDotPath(issue), issue.message].filter(Boolean).join(': ')).join('; ');
