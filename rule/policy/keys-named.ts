import { asList, isObject } from './json.ts';
import { compilePattern, keysOf } from './pattern.ts';

/**
 * Every condition key that a statement names, after an operator or in a variable. The keys are found without compiling the
 * statement: a decision is remembered by their values, and rarely needs all elements.
 */
export function keysNamed(
  raw: Readonly<Record<string, unknown>>,
  variables: boolean,
): readonly string[] {
  const keys: string[] = [];
  const addVariables = (value: unknown): void => {
    for (const each of asList(value))
      if (typeof each === 'string' && each.includes('${'))
        keys.push(...keysOf(compilePattern(each, { variables, wildcards: false })));
  };
  addVariables(raw.Resource ?? raw.NotResource);
  if (!isObject(raw.Condition)) return keys;
  for (const block of Object.values(raw.Condition))
    if (isObject(block))
      for (const key of Object.keys(block)) {
        keys.push(key);
        addVariables(block[key]);
      }
  return keys;
}

/** Whether the statement is for `*`: then the resource of a request does not matter. */
export const matchesAnyResource = (raw: Readonly<Record<string, unknown>>): boolean =>
  !Object.hasOwn(raw, 'NotResource') && asList(raw.Resource).every((each) => each === '*');
