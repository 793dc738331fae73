import fc from 'fast-check';

export type Json = Readonly<Record<string, unknown>>;

/** Keys, the operators made for them, and values few enough that they meet. */
export interface Family {
  readonly keys: readonly string[];
  readonly operators: readonly string[];
  readonly values: readonly (string | number | boolean)[];
  readonly globs: readonly string[];
}

// Policies

/** One of these. */
export const pick = fc.constantFrom;
/** One alone, or a list of a few. */
const some = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: value }, fc.array(value, { maxLength: 3 }));

const qualified = (operators: readonly string[]) =>
  fc
    .tuple(
      pick('', '', '', 'ForAllValues:', 'ForAnyValue:'),
      pick(...operators),
      pick('', '', 'IfExists'),
    )
    .map((parts) => parts.join(''));

/** An operator, a key and what is wanted of it. */
export type Condition = fc.Arbitrary<[string, string, unknown]>;

const nulls = (keys: readonly string[]): Condition =>
  fc.tuple(pick('Null'), pick(...keys), some(pick<unknown>('true', 'false', true)));

/** A condition of a family; `variables` stand where its values do. */
export const about = (
  { operators, keys, values, globs }: Family,
  variables: readonly string[],
): Condition =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(
        qualified(operators),
        pick(...keys),
        some(pick<unknown>(...values, ...globs, ...variables)),
      ),
    },
    nulls(keys),
  );

export const conditionsOf = (condition: Condition): fc.Arbitrary<Json> =>
  fc.array(condition, { minLength: 1, maxLength: 2 }).map((list) =>
    list.reduce<Record<string, Json>>(
      (element, [operator, key, wants]) => ({
        ...element,
        [operator]: { ...element[operator], [key]: wants },
      }),
      {},
    ),
  );

/** What an element of statements usually is, and what else. */
interface Choices {
  readonly usual: readonly unknown[];
  readonly rare: readonly unknown[];
}

const either = (name: string, { usual, rare }: Choices) =>
  fc.oneof(
    { weight: 40, arbitrary: pick(...usual).map((value) => ({ [name]: value })) },
    { weight: 3, arbitrary: pick(...rare).map((value) => ({ [name]: value })) },
    { weight: 2, arbitrary: pick(...usual, ...rare).map((value) => ({ [`Not${name}`]: value })) },
    pick({}),
  );

/** Statements of these elements, now and then without one, or with its negation. */
export const statementsWith = ({
  effects,
  conditions,
  ...elements
}: {
  readonly effects: fc.Arbitrary<string>;
  readonly conditions: fc.Arbitrary<Json>;
  readonly principals: Choices;
  readonly actions: Choices;
  readonly resources: Choices;
}): fc.Arbitrary<Json> =>
  fc
    .tuple(
      fc.record({ Effect: effects }),
      either('Principal', elements.principals),
      either('Action', elements.actions),
      either('Resource', elements.resources),
      fc.oneof({ weight: 6, arbitrary: conditions.map((Condition) => ({ Condition })) }, pick({})),
    )
    .map((parts) => Object.assign({}, ...parts) as Json);

export const versions = pick<Json>(
  { Version: '2012-10-17' },
  { Version: '2012-10-17' },
  { Version: '2008-10-17' },
  {},
);

// Chance from a number, where a choice depends on what was generated

export type Chance = <T>(among: readonly T[]) => T;

/** The same choices for the same seed (mulberry32). */
export function chance(seed: number): Chance {
  let state = seed;
  return (among) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return among[((mixed ^ (mixed >>> 14)) >>> 0) % among.length] as (typeof among)[number];
  };
}

export const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

// Other ways to write a policy

type Rewrite = (value: unknown, name: string) => unknown;

/** The JSON with each list and scalar below a name rewritten, names too where asked. */
export function rewritten(
  value: unknown,
  change: Rewrite,
  rename: (name: string) => string = (name) => name,
): unknown {
  const within = (each: unknown, name: string): unknown =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(
          Object.entries(each).map(([inner, below]) => [rename(inner), within(below, inner)]),
        )
      : change(Array.isArray(each) ? each.map((one) => within(one, '')) : each, name);
  return within(value, '');
}

/** Statements, values and names in another order. */
export function shuffled(whole: unknown, choose: Chance): unknown {
  const shuffle = <T>(list: readonly T[]): T[] =>
    list.reduce<T[]>((done, each) => done.toSpliced(choose([0, done.length]), 0, each), []);
  const lists = rewritten(whole, (value) => (Array.isArray(value) ? shuffle(value) : value));
  const keys = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(keys);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      shuffle(Object.entries(value)).map(([name, below]) => [name, keys(below)]),
    );
  };
  return keys(lists);
}

const isScalar = (name: string) =>
  ['', 'Version', 'Effect', 'Principal', 'NotPrincipal'].includes(name);
export const listed = (whole: unknown) =>
  rewritten(whole, (value, name) => (Array.isArray(value) || isScalar(name) ? value : [value]));
export const unlisted = (whole: unknown) =>
  rewritten(whole, (value) =>
    Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value,
  );
export const doubled = (whole: unknown) =>
  rewritten(whole, (value) =>
    Array.isArray(value) ? [...(value as unknown[]), ...(value as unknown[])] : value,
  );
