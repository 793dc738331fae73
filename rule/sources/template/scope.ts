import { ImpossibleWorld, type World } from '../../model/world.ts';
import { openAnswer, openText } from '../planned/open-values.ts';
import { placeIn, type WorldPlace } from '../planned/place.ts';
import type { Deployment, Stack } from './stack.ts';

/** A stack in one world: where functions find their values. */
export interface Scope {
  readonly stack: Stack;
  readonly world: World;
  readonly deployment: Deployment;
  /** The value without functions; undefined for `AWS::NoValue`. */
  readonly resolve: (value: unknown) => unknown;
  /** The same world in another stack. */
  readonly inStack: (stack: Stack) => Scope;
  /** Looks a name up. Throws an ImpossibleWorld where the name leads to itself. */
  readonly lookUp: <T>(name: string, find: () => T) => T;
  /** Takes a remark for the verdict. */
  readonly remark: (text: string) => void;
}

/** The remarks and names in progress of one world. */
export interface Notes {
  readonly remarks: Set<string>;
  readonly inProgress: Set<string>;
}

/** The account, Region and partition of the stack. */
export const placeOf = ({ stack, world }: Scope): WorldPlace => placeIn(stack.place, world);

/** A value as text; undefined for `AWS::NoValue`. Throws an ImpossibleWorld for a list or an object. */
export function textOf(value: unknown, scope: Scope): string | undefined {
  const resolved = scope.resolve(value);
  if (resolved === undefined) return undefined;
  if (typeof resolved === 'object')
    throw new ImpossibleWorld(
      `${scope.stack.template.file} has a list or an object where a text belongs`,
    );
  return String(resolved);
}

/** Whether a value is true; undefined for `AWS::NoValue`. Templates write booleans as text too. */
export function isTrue(value: unknown, scope: Scope): boolean | undefined {
  const text = textOf(value, scope)?.toLowerCase();
  const open = text === undefined ? undefined : scope.deployment.madeUp.openIn(text);
  if (open === undefined) return text === undefined ? undefined : text === 'true';
  const answer = { name: `${open.label} is true`, settledBy: open.settledBy };
  return scope.world.valueOf(openAnswer(`true ${open.label}`, answer)) === 'true';
}

/** A text that is open. `allowed` has all possible values, where the template lists these. */
interface OpenValue {
  readonly name: string;
  readonly settledBy: string;
  readonly allowed?: readonly string[] | undefined;
}

/** The value of something open in this world. */
export const openValue = (value: OpenValue, scope: Scope): string =>
  scope.world.valueOf(openText({ ...value, place: () => placeOf(scope) }, scope.deployment.madeUp));

/** Keeps a look-up from leading to itself. */
export function withoutCircle<T>(inProgress: Set<string>, name: string, find: () => T): T {
  if (inProgress.has(name))
    throw new ImpossibleWorld(`references go in a circle: ${[...inProgress, name].join(' -> ')}`);
  inProgress.add(name);
  try {
    return find();
  } finally {
    inProgress.delete(name);
  }
}
