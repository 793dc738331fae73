import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import leven from 'leven';
import { errorText } from '../../rule/basics/text.ts';

/** Reads the value of an option: text, a number, a flag or a list. Throws an Error with the valid values. */
export type Reader<T> = (value: unknown) => T;

/** The text of a single value. The templates depend on most values, so a value of CloudFormation is refused. */
export function textOf(value: unknown): string {
  if (Token.isUnresolved(value))
    throw new Error('only CloudFormation will know the value; give the value itself');
  if (typeof value === 'string' || Number.isFinite(value)) return String(value);
  throw new Error('give a single value, as text or a number');
}

/** Also the text of flags and of numbers out of range: the reader says which values are valid. */
const looseTextOf = (value: unknown): string =>
  typeof value === 'boolean' || (typeof value === 'number' && !Number.isFinite(value))
    ? String(value)
    : textOf(value);

export const oneOf =
  <T extends string>(...values: readonly T[]): Reader<T> =>
  (value) => {
    const text = looseTextOf(value);
    const found = values.find((each) => each === text);
    if (found === undefined) throw new Error(`give one of ${values.join(', ')}`);
    return found;
  };

export const flag: Reader<boolean> = (value) => oneOf('true', 'false')(value) === 'true';

export const whole =
  (from: number, to: number): Reader<number> =>
  (value) => {
    const text = looseTextOf(value);
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < from || number > to)
      throw new Error(`give a whole number from ${from} to ${to}`);
    return number;
  };

export const matching =
  (pattern: RegExp, description: string): Reader<string> =>
  (value) => {
    const text = textOf(value);
    if (!pattern.test(text)) throw new Error(`give ${description}`);
    return text;
  };

/**
 * An ARN or id that only stands in the templates may be a value of CloudFormation, such as of a topic of the same stack,
 * but without a wildcard beside the value.
 */
export const reference =
  (pattern: RegExp, description: string): Reader<string> =>
  (value) => {
    if (typeof value !== 'string' || !Token.isUnresolved(value))
      return matching(pattern, description)(value);
    if (/[*?]/.test(value))
      throw new Error('a wildcard stands beside a value of CloudFormation; name one resource');
    return value;
  };

/** Reads a list, or text with commas, and drops repeated items. The Error names the bad item. */
export const listOf =
  <T>(read: Reader<T>, max: number): Reader<readonly T[]> =>
  (value) => {
    const given = Array.isArray(value) ? value : textOf(value).split(',');
    const items = [
      ...new Set(given.map((each: unknown) => (typeof each === 'string' ? each.trim() : each))),
    ];
    if (items.length > max) throw new Error(`${items.length} are given, and at most ${max} fit`);
    return items.map((each) => {
      try {
        return read(each);
      } catch (error) {
        throw new Error(`${show(each)}: ${errorText(error)}`, { cause: error });
      }
    });
  };

export const ACCOUNT_ID = /^\d{12}$/;

export const accountId = matching(ACCOUNT_ID, 'the 12 digits of an account id');

/** The ARN of a key, without wildcards. */
export const KEY_ARN =
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A value as messages show values: of a construct, the path. */
export const show = (value: unknown): string =>
  typeof value === 'string'
    ? `"${value}"`
    : JSON.stringify(value, (_, each: unknown) =>
        Construct.isConstruct(each) ? each.node.path : isWritten(each) ? each : String(each),
      );

/** False for the values that JSON has no words for. */
const isWritten = (value: unknown): boolean =>
  !['bigint', 'symbol', 'function'].includes(typeof value) && !Number.isNaN(value);

/** Throws an Error that names the option and the reason. */
export function refuse(name: string, value: unknown, why: string): never {
  throw new Error(`option ${name}=${show(value)}: ${why}`);
}

/** The message for an unknown name: names the known name with few other letters, or all. */
export function notKnown(misspelt: string, value: unknown, known: readonly string[]): string {
  const distance = (name: string): number => leven(misspelt.toLowerCase(), name.toLowerCase());
  const [nearest = ''] = [...known].sort((a, b) => distance(a) - distance(b));
  const meant =
    distance(nearest) <= Math.max(2, nearest.length / 4)
      ? `did you mean ${nearest}?`
      : `known are ${known.join(', ')}`;
  return `${misspelt}=${show(value)} is not known; ${meant}`;
}
