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
