import type { InstanceKey } from './address.ts';
import { isIndex } from './address.ts';
import type { ModuleFrame } from './configuration.ts';
import type { Instance } from './instances.ts';
import type { JsonPath, PlanObject } from './json-path.ts';

/** A value that an expression may lead to. */
export type PlanCandidate =
  /** Known when the plan was made. Undefined where the plan does not show the value. */
  | { readonly kind: 'value'; readonly value: unknown }
  /** Known after apply; the attribute is undefined where a reference does not name one. */
  | {
      readonly kind: 'attribute';
      readonly instance: Instance;
      readonly attribute: string | undefined;
    }
  /** Known after apply, and not to be followed. */
  | { readonly kind: 'open'; readonly name: string };

/** A known value, without the value. */
export const someKnown: PlanCandidate = { kind: 'value', value: undefined };

export const openCandidate = (name: string): PlanCandidate => ({ kind: 'open', name });

/** Equal for equal candidates, and the words in reports. */
export function candidateName(candidate: PlanCandidate): string {
  if (candidate.kind === 'open') return candidate.name;
  if (candidate.kind === 'value') return 'a known value';
  const { instance, attribute } = candidate;
  return attribute === undefined ? instance.address : `${instance.address}.${attribute}`;
}

/** A known value makes nothing unknown: an unknown value comes from an unknown reference. */
export function unknownAmong(candidates: readonly PlanCandidate[]): readonly PlanCandidate[] {
  const rest = candidates.filter(({ kind }) => kind !== 'value');
  const names = rest.map(candidateName);
  return rest.length === 0
    ? candidates.slice(0, 1)
    : rest.filter((_, index) => names.indexOf(names[index] ?? '') === index);
}

/** The work that is left for one value: more work comes from circles only. */
export interface FollowBudget {
  readonly left: number;
  readonly depth: number;
}

/** A reference of an expression, on the way to its value. */
export interface Following {
  readonly frame: ModuleFrame;
  /** All references of the expression. */
  readonly references: readonly string[];
  /** Follows another expression; `members` are the members of the value that are asked for. */
  readonly followExpression: (
    expression: PlanObject,
    members: readonly string[],
    frame: ModuleFrame,
  ) => readonly PlanCandidate[];
  /** Follows the value of an instance. */
  readonly atPath: (instance: Instance, path: JsonPath) => readonly PlanCandidate[];
}

/** `x[each.key]` is written as `x` and `each.key`: the same key, if each instance finds its key. */
export function keysMeant(
  all: readonly InstanceKey[],
  { frame, references }: Following,
): readonly InstanceKey[] {
  const isByKey =
    references.some(isIndex) && !references.some((each) => /^(each\.value|var|local)\b/.test(each));
  const isWhole =
    isByKey && frame.key !== undefined && frame.keys().every((key) => all.includes(key));
  return isWhole ? [frame.key] : all;
}
