import type { WorldPlace } from '../../model/world.ts';
import { BrokenTemplate, ImpossibleWorld, type World } from '../../model/world.ts';
import { noteComparison } from '../planned/comparison.ts';
import type { Beside } from '../planned/existing-facts.ts';
import { openAnswer, openText, type OpenText } from '../planned/open-values.ts';
import { placeInWorld } from '../planned/place.ts';
import { scalarText } from './members.ts';
import type { Deployment, Stack } from './stack.ts';

/** A stack in one world: where functions find their values. */
export interface StackScope {
  readonly stack: Stack;
  readonly world: World;
  readonly deployment: Deployment;
  /** The value without functions; undefined for `AWS::NoValue`. */
  readonly resolve: (value: unknown) => unknown;
  /** The same world in another stack. */
  readonly inStack: (stack: Stack) => StackScope;
  /** Looks a name up. Throws an ImpossibleWorld where the name leads to itself. */
  readonly lookUp: <T>(name: string, find: () => T) => T;
  /** The notes of this world. */
  readonly notes: Notes;
}

/** The notes on the way to the facts in one world. */
export interface Notes {
  /** Parameters taken as their defaults. */
  readonly defaults: Set<string>;
  /** Texts of the account beside the templates. */
  readonly stored: Set<string>;
  /** The stacks on the way. */
  readonly stacks: Set<Stack>;
  /** The names that are being looked up. */
  readonly inProgress: Set<string>;
}

export const newNotes = (): Notes => ({
  defaults: new Set(),
  stored: new Set(),
  stacks: new Set(),
  inProgress: new Set(),
});

/** The account, Region and partition of the stack. */
export const placeOf = ({ stack, world }: StackScope): WorldPlace =>
  placeInWorld(stack.place, world);

/** The account beside the templates, in this world. */
export const besideOf = ({ deployment: { existing, madeUp }, world }: StackScope): Beside => ({
  existing,
  madeUp,
  world,
});

/** A value as text; undefined for `AWS::NoValue`. Throws an ImpossibleWorld for a list or an object. */
export function resolvedText(value: unknown, scope: StackScope): string | undefined {
  const resolved = scope.resolve(value);
  if (resolved === undefined) return undefined;
  if (typeof resolved === 'object')
    throw new ImpossibleWorld(
      `${scope.stack.template.file} has a list or an object where a text belongs`,
    );
  return scalarText(resolved);
}

/** Whether a value is true; undefined for `AWS::NoValue`. Templates write booleans as text too, YAML 1.1 also as `yes`. */
export function isTrue(value: unknown, scope: StackScope): boolean | undefined {
  const text = resolvedText(value, scope);
  return text === undefined
    ? undefined
    : areSame(text, 'true', scope) || /^(true|yes|on)$/i.test(text);
}

/** Whether two texts are equal in this world. */
export function areSame(left: string, right: string, { world, deployment }: StackScope): boolean {
  if (left === right) return true;
  noteComparison(left, right, world);
  const open = [left, right]
    .map(deployment.madeUp.openIn)
    .find((each) => each?.isAnything === true);
  if (open === undefined) return false;
  const { label, settledBy } = open;
  const answer = openAnswer(`equal ${left} ${right}`, { name: label, settledBy });
  return world.valueOf(answer) === 'true';
}

/** The value of something open in this world. */
export const openValue = (
  open: Pick<OpenText, 'label' | 'settledBy' | 'allowed'>,
  scope: StackScope,
): string => {
  const condition = [...scope.notes.inProgress]
    .filter((name) => name.includes(CONDITION))
    .at(-1)
    ?.replace(/^.*? condition /, '');
  const place = () => placeOf(scope);
  return scope.world.valueOf(openText({ ...open, condition, place }, scope.deployment.madeUp));
};

const CONDITION = ' condition ';

/** Keeps a look-up from leading to itself. */
export function withoutCircle<T>(inProgress: Set<string>, name: string, find: () => T): T {
  if (inProgress.has(name))
    throw new BrokenTemplate(
      `references go in a circle: ${[...inProgress, name].map((each) => each.trim()).join(' -> ')}`,
    );
  inProgress.add(name);
  try {
    return find();
  } finally {
    inProgress.delete(name);
  }
}
