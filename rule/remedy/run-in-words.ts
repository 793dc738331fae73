import type { Cause, Row, Run } from './run.ts';

/** The words for made-up values in a text. */
export interface Words {
  readonly inWords: (text: string) => string;
}

/** A value with words in the place of made-up values, also in lists and objects inside. */
export function withWords<T>(whole: T, { inWords }: Words): T {
  const known = new Map<object, unknown>();
  const words = (value: unknown): unknown => {
    if (typeof value === 'string') return inWords(value);
    if (typeof value !== 'object' || value === null) return value;
    if (!known.has(value))
      known.set(
        value,
        Array.isArray(value)
          ? value.map(words)
          : Object.fromEntries(
              Object.entries(value).map(([name, member]) => [name, words(member)]),
            ),
      );
    return known.get(value);
  };
  return words(whole) as T;
}

/** The run with words in the place of made-up values. An unknown account or Region is empty. */
export function runInWords(run: Run, { inWords }: Words): Run {
  const told = (value: string): string => (inWords(value) === value ? value : '');
  const rowInWords = (row: Row): Row => ({
    ...row,
    accountId: told(row.accountId),
    region: told(row.region),
  });
  return withWords(
    {
      ...run,
      rows: run.rows.map(rowInWords),
      causes: run.causes.map((cause) => ({
        ...cause,
        rows: cause.rows.map(rowInWords) as unknown as Cause['rows'],
      })),
    },
    { inWords },
  );
}
