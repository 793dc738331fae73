import { groupBy } from '../../basics/lists.ts';
import { cacheOf } from '../../basics/memory.ts';
import { moduleText, type InstanceKey, type AddressStep } from './address.ts';
import type { Instance, Plan } from './instances.ts';
import { listAt, objectOf, type JsonPath, type PlanObject } from './json-path.ts';

/** The place where an expression is evaluated. */
export interface ModuleFrame {
  readonly plan: Plan;
  readonly modules: readonly AddressStep[];
  /** The key of the instance that refers. */
  readonly key: InstanceKey;
  /** The keys of all instances of the same block. */
  readonly keys: () => readonly InstanceKey[];
  /** The expression of for_each. */
  readonly forEach: unknown;
}

/** The call of a module; an empty object where the configuration has none. */
const callOf = (plan: Plan, modules: readonly AddressStep[]): PlanObject =>
  objectOf(objectOf(moduleOf(plan, modules.slice(0, -1)).module_calls)[modules.at(-1)?.name ?? '']);

/** The configuration of a module. */
export const moduleOf = (plan: Plan, modules: readonly AddressStep[]): PlanObject =>
  modules.length === 0 ? (plan.configuration ?? {}) : objectOf(callOf(plan, modules).module);

const blocksIn = cacheOf(
  (module: PlanObject) =>
    new Map(
      listAt(module.resources)
        .map(objectOf)
        .map((block) => [
          `${String(block.mode)} ${String(block.type)}.${String(block.name)}`,
          block,
        ]),
    ),
);

/** The block of a resource in the configuration; undefined for a state, and for a resource without block. */
export const blockOf = ({ plan, modules, isData, type, name }: Instance): PlanObject | undefined =>
  blocksIn(moduleOf(plan, modules)).get(`${isData ? 'data' : 'managed'} ${type}.${name}`);

/** A resource without key. */
interface Named {
  readonly isData: boolean;
  readonly type: string;
  readonly name: string;
}

const blockAddress = (modules: readonly AddressStep[], { isData, type, name }: Named): string =>
  `${moduleText(modules)} ${isData ? 'data.' : ''}${type}.${name}`;

const instancesByBlock = cacheOf((plan: Plan) =>
  groupBy(plan.instances.values(), (each) => blockAddress(each.modules, each)),
);

/** The instances of a resource in one instance of a module. */
export const instancesOf = (
  { plan, modules }: Pick<ModuleFrame, 'plan' | 'modules'>,
  named: Named,
): readonly Instance[] => instancesByBlock(plan).get(blockAddress(modules, named)) ?? [];

const moduleKeys = cacheOf((plan: Plan) => {
  const keys = new Map<string, Set<InstanceKey>>();
  for (const { modules } of plan.instances.values())
    modules.forEach(({ name, key }, depth) => {
      const text = moduleText([...modules.slice(0, depth), { name, key: undefined }]);
      keys.set(text, (keys.get(text) ?? new Set()).add(key));
    });
  return keys;
});

/** The keys of the instances of a module. */
export const keysOfModule = (
  plan: Plan,
  parent: readonly AddressStep[],
  name: string,
): InstanceKey[] => [
  ...(moduleKeys(plan).get(moduleText([...parent, { name, key: undefined }])) ?? []),
];

/** The frame of the expressions in the block of a resource. */
export const frameOf = (instance: Instance): ModuleFrame => ({
  plan: instance.plan,
  modules: instance.modules,
  key: instance.key,
  keys: () => instancesOf(instance, instance).map(({ key }) => key),
  forEach: blockOf(instance)?.for_each_expression,
});

/** The arguments of a module's call, and the frame of these; undefined for the root module. */
export function callFrame({
  plan,
  modules,
}: ModuleFrame): { args: PlanObject; frame: ModuleFrame } | undefined {
  const last = modules.at(-1);
  if (last === undefined) return undefined;
  const call = callOf(plan, modules);
  const parent = modules.slice(0, -1);
  const keys = () => keysOfModule(plan, parent, last.name);
  const frame = { plan, modules: parent, key: last.key, keys, forEach: call.for_each_expression };
  return { args: objectOf(call.expressions), frame };
}

/**
 * The expressions at a path of a block. Several for blocks in a set, whose order is lost; none where the configuration does
 * not set the value, or a dynamic block sets the value.
 */
export function expressionsAt(node: unknown, [first, ...rest]: JsonPath): readonly PlanObject[] {
  if (node === undefined) return [];
  if (first === undefined) return [objectOf(node)];
  if (typeof first === 'string') return expressionsAt(objectOf(node)[first], rest);
  if (!Array.isArray(node)) return expressionsAt(node, rest);
  return node.flatMap((each) => expressionsAt(each, rest));
}
