import type { Open, World } from '../../model/world.ts';
import { fitting } from './comparison.ts';
import type { MadeUp } from './made-up.ts';
import type { WorldPlace } from '../../model/world.ts';

/** A text that only the deployment knows: a parameter without a value, an import from elsewhere, a dynamic reference. */
export interface OpenText {
  /** Like "parameter Env". */
  readonly label: string;
  readonly settledBy: string;
  /** The condition that asks for the text first. */
  readonly condition?: string | undefined;
  /** The place of the delivery that the text may name. */
  readonly place: (world: World) => WorldPlace;
  /** All possible values, where the input lists these. */
  readonly allowed?: readonly string[] | undefined;
}

/** Tries a text that is like no other, and each text that makes a comparison on the way come true. */
export function openText(open: OpenText, madeUp: MadeUp): Open {
  const { label, settledBy, condition, place, allowed } = open;
  const other = madeUp.open(label, settledBy);
  return {
    kind: 'other',
    id: [label, ...(allowed ?? [])].join(' '),
    ...(condition === undefined
      ? { name: label, settledBy }
      : { name: `condition ${condition} (${label})`, settledBy }),
    candidates: (world) =>
      allowed !== undefined && allowed.length > 0
        ? allowed
        : [...new Set([other, ...fitting(other, world.literals, () => place(world))])],
    inWords: (value) => (value === other ? `with another ${label}` : `with ${label} = ${value}`),
  };
}

/** Something that is true or false, such as a comparison with a function that only a deployment evaluates. */
export const openAnswer = (
  id: string,
  { name, settledBy }: { readonly name: string; readonly settledBy: string },
): Open => ({
  kind: 'other',
  id,
  name,
  settledBy,
  candidates: () => ['true', 'false'],
  inWords: (value) => (value === 'true' ? `if ${name} holds` : `unless ${name} holds`),
});

/** Several resources that may be meant by one name. */
interface SharedName<T> {
  readonly name: string;
  readonly settledBy: string;
  readonly labelOf: (each: T) => string;
}

/** The resource that is meant in this world, if several may be: a verdict counts if it is the same for each. */
export function oneOf<T>(
  all: readonly T[],
  { name, settledBy, labelOf }: SharedName<T>,
  world: World,
): T | undefined {
  if (all.length < 2) return all[0];
  const wordsOf = (index: string): readonly string[] =>
    all.slice(Number(index), Number(index) + 1).map(labelOf);
  const index = world.valueOf({
    kind: 'other',
    id: `choice ${name}`,
    ...{ name, settledBy },
    candidates: () => all.map((_, place) => String(place)),
    inWords: (place) => `with ${wordsOf(place).join('')}`,
  });
  return all[Number(index)];
}
