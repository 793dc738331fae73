import { isObject } from './condition.ts';

/** A policy as JSON that has statements, whatever these are. */
export type Document = Readonly<Record<string, unknown>> & { readonly Statement: unknown };

export const isDocument = (value: unknown): value is Document =>
  isObject(value) && value.Statement !== undefined;

/** The statements, of which one alone need not stand in a list. */
export const statementsOf = ({ Statement }: Document): readonly unknown[] =>
  Array.isArray(Statement) ? Statement : [Statement];

export const sidOf = (statement: unknown): string | undefined =>
  isObject(statement) && typeof statement.Sid === 'string' ? statement.Sid : undefined;

/** The texts at the end of this path of names; none where there is anything else. */
export function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  const found = path.reduce<unknown>(
    (at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    value,
  );
  const list: unknown[] = Array.isArray(found) ? found : [found];
  return list.every((each) => typeof each === 'string') ? list : [];
}
