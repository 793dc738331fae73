import { isObject } from '../../policy/json.ts';

/** An object of a template: values are functions and literals, in the long form of CloudFormation. */
export type Members = Readonly<Record<string, unknown>>;

/** A scalar as text; a list or an object as JSON. */
export const scalarText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

export const isMembers = (value: unknown): value is Members => isObject(value);

export const membersOf = (value: unknown): Members => (isMembers(value) ? value : {});
