import { isObject } from '../../policy/json.ts';

/** An object of a plan. */
export type PlanObject = Readonly<Record<string, unknown>>;

/** Names of members and places in lists. */
export type JsonPath = readonly (string | number)[];

export const objectOf = (value: unknown): PlanObject => (isObject(value) ? value : {});

export const listAt = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const filledText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The value at a path; undefined where the path leads nowhere. */
export function valueAt(value: unknown, [first, ...rest]: JsonPath): unknown {
  if (first === undefined) return value;
  if (typeof first === 'number') return valueAt(listAt(value)[first], rest);
  const members = objectOf(value);
  return Object.hasOwn(members, first) ? valueAt(members[first], rest) : undefined;
}

/** Whether a tree of marks, such as `after_unknown`, marks the value at a path: a mark holds for all below. */
export function isMarked(marks: unknown, [first, ...rest]: JsonPath): boolean {
  if (marks === true) return true;
  if (first === undefined) return false;
  return isMarked(valueAt(marks, [first]), rest);
}

/** Whether a tree of marks has any mark. */
export const hasMark = (marks: unknown): boolean =>
  marks === true ||
  (typeof marks === 'object' && marks !== null && Object.values(marks).some(hasMark));

/** All texts in a value. */
export function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
