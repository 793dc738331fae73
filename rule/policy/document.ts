import { asList, isObject } from './json.ts';

/** A policy as JSON with statements, however these look. */
export type Document = Readonly<Record<string, unknown>> & { readonly Statement: unknown };

export const isDocument = (value: unknown): value is Document =>
  isObject(value) && value.Statement !== undefined;

/** The statements; a single statement need not stand in a list. */
export const statementsOf = ({ Statement }: Document): readonly unknown[] => asList(Statement);

export const sidOf = (statement: unknown): string | undefined =>
  isObject(statement) && typeof statement.Sid === 'string' ? statement.Sid : undefined;

/** The texts at the end of a path of names; empty where the path leads to anything but texts. */
export function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  const end = path.reduce<unknown>(
    (at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    value,
  );
  const list = asList(end);
  return list.every((each) => typeof each === 'string') ? list : [];
}
