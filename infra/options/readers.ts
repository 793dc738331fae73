import { errorText } from '../../rule/basics/text.ts';

/** Reads the text of an option. Throws an Error with the valid values. */
export type Reader<T> = (value: string) => T;

export const oneOf =
  <T extends string>(...values: readonly T[]): Reader<T> =>
  (value) => {
    const found = values.find((each) => each === value);
    if (found === undefined) throw new Error(`give one of ${values.join(', ')}`);
    return found;
  };

export const flag: Reader<boolean> = (value) => oneOf('true', 'false')(value) === 'true';

export const whole =
  (from: number, to: number): Reader<number> =>
  (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < from || number > to)
      throw new Error(`give a whole number from ${from} to ${to}`);
    return number;
  };

export const matching =
  (pattern: RegExp, description: string): Reader<string> =>
  (value) => {
    if (!pattern.test(value)) throw new Error(`give ${description}`);
    return value;
  };

/** Reads a list with commas and drops repeated items. The Error names the bad item. */
export const listOf =
  <T>(read: Reader<T>, max: number): Reader<readonly T[]> =>
  (value) => {
    const items = [...new Set(value.split(',').map((each) => each.trim()))];
    if (items.length > max) throw new Error(`${items.length} are given, and at most ${max} fit`);
    return items.map((each) => {
      try {
        return read(each);
      } catch (error) {
        throw new Error(`"${each}": ${errorText(error)}`, { cause: error });
      }
    });
  };

/** The ARN of a key, without wildcards. */
export const KEY_ARN =
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A value as messages show values. */
export const show = (value: unknown): string =>
  typeof value === 'string' ? `"${value}"` : JSON.stringify(value);

/** Throws an Error that names the option and the reason. */
export function refuse(name: string, value: unknown, why: string): never {
  throw new Error(`option ${name}=${show(value)}: ${why}`);
}
