/** Reads the text of one option; throws an Error that says what to give instead. */
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
  (pattern: RegExp, like: string): Reader<string> =>
  (value) => {
    if (!pattern.test(value)) throw new Error(`give ${like}`);
    return value;
  };

/** Reads what stands between commas, each once; names the one that is wrong. */
export const listOf =
  <T>(read: Reader<T>, most: number): Reader<readonly T[]> =>
  (value) => {
    const items = [...new Set(value.split(',').map((each) => each.trim()))];
    if (items.length > most) throw new Error(`${items.length} are given, and at most ${most} fit`);
    return items.map((each) => {
      try {
        return read(each);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`"${each}": ${why}`, { cause: error });
      }
    });
  };

/** A value as it is shown in a message. */
export const show = (value: unknown): string =>
  typeof value === 'string' ? `"${value}"` : JSON.stringify(value);

/** Throws what is wrong with an option. */
export function refuse(name: string, value: unknown, why: string): never {
  throw new Error(`option ${name}=${show(value)}: ${why}`);
}
