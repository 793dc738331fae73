import type { Row, Run } from './run.ts';

/** The words for made-up values in a text. */
export interface Words {
  readonly inWords: (text: string) => string;
}

/** The run with words in the place of made-up values. An unknown account or Region is empty. */
export function runInWords(run: Run, { inWords }: Words): Run {
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
  const told = (value: string): string => (inWords(value) === value ? value : '');
  const rowInWords = (row: Row): Row => ({
    ...row,
    accountId: told(row.accountId),
    region: told(row.region),
  });
  return words({
    ...run,
    rows: run.rows.map(rowInWords),
    causes: run.causes.map((cause) => ({ ...cause, rows: cause.rows.map(rowInWords) })),
  }) as Run;
}
