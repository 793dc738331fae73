import { essentialReferences, isIndex, stepsIn } from './address.ts';
import {
  openCandidate,
  someKnown,
  unknownAmong,
  type FollowBudget,
  type PlanCandidate,
  type Following,
} from './candidate.ts';
import { blockOf, expressionsAt, frameOf, type ModuleFrame } from './configuration.ts';
import { followModule, followVariable } from './follow-module.ts';
import { followResource } from './follow-resource.ts';
import type { Instance } from './instances.ts';
import {
  isMarked,
  listAt,
  objectOf,
  valueAt,
  type JsonPath,
  type PlanObject,
} from './json-path.ts';

const wholeBudget: FollowBudget = { left: 2000, depth: 0 };

const MAX_WAY = 60;

/** The candidates for the value of an instance at a path; one candidate if the value is known. */
export const candidatesAt = (instance: Instance, path: JsonPath): readonly PlanCandidate[] =>
  atPath(instance, path, wholeBudget);

function atPath(
  instance: Instance,
  path: JsonPath,
  budget: FollowBudget,
): readonly PlanCandidate[] {
  const value = valueAt(instance.values, path);
  if (value !== undefined && !isMarked(instance.unknown, path)) return [{ kind: 'value', value }];
  const found = expressionsAt(blockOf(instance)?.expressions, path);
  return found.length === 0
    ? [openCandidate(`${instance.address}.${path[0]}`)]
    : candidatesIn(found, instance, budget);
}

/** The candidates for unknown values of expressions in the block of an instance. */
export const candidatesIn = (
  expressions: readonly PlanObject[],
  instance: Instance,
  budget = wholeBudget,
): readonly PlanCandidate[] =>
  unknownAmong(
    expressions.flatMap((each) => followExpression(each, [], { frame: frameOf(instance), budget })),
  );

/** The value of an expression that stands for itself, such as the Region of a provider. */
export function knownValueOf(expression: unknown, frame: ModuleFrame): unknown {
  const found = followExpression(objectOf(expression), [], { frame, budget: wholeBudget });
  const [only, ...more] = found;
  return only?.kind === 'value' && more.length === 0 ? only.value : undefined;
}

/** `members` are the members of the value that are asked for. */
function followExpression(
  expression: PlanObject,
  members: readonly string[],
  {
    frame,
    budget: { left, depth },
  }: { readonly frame: ModuleFrame; readonly budget: FollowBudget },
): readonly PlanCandidate[] {
  if (expression.constant_value !== undefined)
    return [{ kind: 'value', value: valueAt(expression.constant_value, members) }];
  const references = essentialReferences(listAt(expression.references).map(String));
  const budget = { left: left / Math.max(references.length, 1), depth: depth + 1 };
  if (budget.left < 1 || depth > MAX_WAY) return [openCandidate('references that go in a circle')];
  const following: Following = {
    frame,
    references,
    followExpression: (inner, rest, within) =>
      followExpression(inner, rest, { frame: within, budget }),
    atPath: (instance, path) => atPath(instance, path, budget),
  };
  const [only = ''] = references;
  const found = references.flatMap((each) => follow(each, members, following));
  if (references.length === 0) return [someKnown];
  return references.length === 1 && !isIndex(only) ? found : found.map(withoutValue);
}

/** Among several references no single value is the value of the expression. */
const withoutValue = (candidate: PlanCandidate): PlanCandidate =>
  candidate.kind === 'value' ? someKnown : candidate;

function follow(
  reference: string,
  rest: readonly string[],
  following: Following,
): readonly PlanCandidate[] {
  const steps = stepsIn(reference);
  const [first, second, ...others] = steps;
  const members = [...others.map(({ name }) => name), ...rest];
  if (first === undefined || withoutUnknown.has(first.name)) return [someKnown];
  switch (first.name) {
    case 'local':
      return [openCandidate(reference)];
    case 'each':
      return second?.name === 'value' ? followEach(members, following) : [someKnown];
    case 'var':
      return followVariable(second?.name ?? '', members, following);
    case 'module':
      return followModule(second, members, following);
    case 'data':
      return followResource(steps.slice(1), true, { rest, following });
    default:
      return followResource(steps, false, { rest, following });
  }
}

/** Names of values that are known when a plan is made. */
const withoutUnknown: ReadonlySet<string> = new Set(['count', 'path', 'terraform', 'tofu', 'self']);

function followEach(
  members: readonly string[],
  { frame, followExpression: further }: Following,
): readonly PlanCandidate[] {
  return frame.forEach === undefined
    ? [someKnown]
    : further(byKey(frame.forEach), members, { ...frame, forEach: undefined });
}

/** The expression of for_each, for the key of one instance. */
function byKey(forEach: unknown): PlanObject {
  const { references, ...others } = objectOf(forEach);
  return references === undefined ? others : { references: [...listAt(references), 'each.key'] };
}
