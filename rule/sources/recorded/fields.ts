import * as v from 'valibot';
import { cut } from '../../basics/text.ts';

/** A field, or undefined where AWS Config leaves the field out or writes null. */
export const optionalField = <T extends v.GenericSchema>(wanted: T) =>
  v.nullish(wanted, () => undefined);

/** Text of limited length: longer text in the field of a name is something else, a policy for example. */
export const textUpTo = (length: number) =>
  v.pipe(v.string(), v.maxLength(length, `is longer than ${length} characters`));

const optionalTextUpTo = (length: number) =>
  v.pipe(
    v.nullish(textUpTo(length)),
    v.transform((value) => (value === null || value === '' ? undefined : value)),
  );

/** The ARN of an alias has up to 320 characters. */
export const MAX_NAME_LENGTH = 320;

/** Text like a name, or undefined where AWS Config leaves the field out or writes null or an empty text. */
export const optionalText = optionalTextUpTo(MAX_NAME_LENGTH);

/** Whether a value is text that every schema for a name takes as the text is. */
export const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= MAX_NAME_LENGTH;

/** An ARN with a path of up to 1,024 characters, or undefined like text. */
export const optionalPath = optionalTextUpTo(MAX_NAME_LENGTH + 1024);

/** Texts by name, under any name: Valibot's own records drop names like `constructor` in silence. */
export const textsByName = v.pipe(
  v.custom<object>((value) => typeof value === 'object' && value !== null, 'not an object'),
  v.rawTransform(({ dataset, addIssue, NEVER }): Readonly<Record<string, string>> => {
    const entries: [string, unknown][] = Object.entries(dataset.value);
    const isText = (entry: [string, unknown]): entry is [string, string] =>
      typeof entry[1] === 'string';
    if (entries.every(isText)) return Object.fromEntries(entries);
    const names = entries.filter((entry) => !isText(entry)).map(([name]) => name);
    addIssue({ message: `${cut(names.join(', '), MAX_QUOTED_LENGTH)} not a text` });
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

/** Reads a value by a schema. Throws an Error that names the subject and the wrong part, and quotes no wrong value. */
export function readBy<T extends v.GenericSchema>(
  schema: T,
  raw: unknown,
  subject = '',
): v.InferOutput<T> {
  const result = v.safeParse(schema, raw);
  if (result.success) return result.output;
  const problems = issuesOf(result.issues);
  throw new Error(subject === '' ? problems : `${subject} cannot be read: ${problems}`);
}

/** More problems are only counted. */
const MAX_PROBLEMS_IN_MESSAGE = 3;

/** The longest part of a message that repeats text of the input. */
const MAX_QUOTED_LENGTH = 100;

/** The problems found by a schema, on a single line. A wrong value is never quoted: a policy may be among the values. */
export function issuesOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const others = issues.length - MAX_PROBLEMS_IN_MESSAGE;
  const problems = issues.slice(0, MAX_PROBLEMS_IN_MESSAGE).map(issueText).join('; ');
  return others > 0 ? `${problems} and ${others} more` : problems;
}

function issueText(issue: v.BaseIssue<unknown>): string {
  const { message, received } = issue;
  const words = message.endsWith(`eceived ${received}`)
    ? `${message.slice(0, message.length - received.length)}${jsonTypeOf(issue.input)}`
    : message;
  const path = cut(v.getDotPath(issue) ?? '', MAX_QUOTED_LENGTH);
  return [path, words].filter(Boolean).join(': ');
}

/** The shape of a value in the words of a schema, without the value. */
function jsonTypeOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'Array';
  return typeof value === 'object' ? 'Object' : typeof value;
}
