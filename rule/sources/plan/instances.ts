import { modulesIn, type InstanceKey, type AddressStep } from './address.ts';
import { listAt, objectOf, filledText, valueAt, type PlanObject } from './json-path.ts';

/** A resource or data source as the plan leaves it. */
export interface Instance {
  readonly address: string;
  readonly plan: Plan;
  readonly modules: readonly AddressStep[];
  readonly isData: boolean;
  readonly type: string;
  readonly name: string;
  readonly key: InstanceKey;
  readonly values: PlanObject;
  /** Marks the values that are known after apply. */
  readonly unknown: unknown;
  /** Marks the values that no report may show. */
  readonly sensitive: unknown;
  /** True if the plan makes the resource, perhaps in the place of a former one. */
  readonly isNew: boolean;
}

export const isFlowLogType = (type: unknown): boolean =>
  type === 'aws_flow_log' || type === 'awscc_ec2_flow_log';

/** The resources of a plan or state, and its configuration. */
export interface Plan {
  readonly file: string;
  /** By address. */
  readonly instances: ReadonlyMap<string, Instance>;
  /** Resources that the plan deletes or forgets, as these were. */
  readonly removed: readonly Instance[];
  /** Resources that are left to another plan, as far as this plan tells. */
  readonly deferred: readonly Instance[];
  /** The root module of the configuration; undefined for a state. */
  readonly configuration: PlanObject | undefined;
  readonly providers: PlanObject;
  /** The values of the root module's variables. */
  readonly variables: PlanObject;
  /** True if planning ended with an error, so that resources may be missing. */
  readonly isErrored: boolean;
}

/** Overlays the prior state by the changes: plans with -target or -refresh-only change little or nothing. */
export function planIn(file: string, content: PlanObject): Plan {
  const instances = new Map<string, Instance>();
  const [removed, deferred]: [Instance[], Instance[]] = [[], []];
  const { resource_changes: changes, configuration } = content;
  const plan: Plan = {
    file,
    instances,
    removed,
    deferred,
    configuration:
      configuration === undefined ? undefined : objectOf(valueAt(configuration, ['root_module'])),
    providers: objectOf(valueAt(configuration, ['provider_config'])),
    variables: objectOf(content.variables),
    isErrored: content.errored === true,
  };
  const stored = [valueAt(content, ['prior_state', 'values']), content.values];
  for (const values of changes === undefined ? [...stored, content.planned_values] : stored)
    for (const each of storedIn(objectOf(values).root_module, '', plan))
      instances.set(each.address, each);
  for (const change of listAt(changes)) apply(objectOf(change), plan, { instances, removed });
  for (const each of listAt(content.deferred_changes)) {
    const change = objectOf(objectOf(each).resource_change);
    const instance = changedTo('after', change, plan);
    instances.delete(instance.address);
    deferred.push(instance);
  }
  return plan;
}

/** The resources of a module in a state, and of the modules inside. */
function storedIn(module: unknown, modules: string, plan: Plan): readonly Instance[] {
  const { resources, child_modules: children } = objectOf(module);
  const own = listAt(resources)
    .map(objectOf)
    .filter((each) => each.deposed_key === undefined)
    .map((each) => ({
      ...identityOf(each, modules, plan),
      values: objectOf(each.values),
      unknown: undefined,
      sensitive: each.sensitive_values,
      isNew: false,
    }));
  return [
    ...own,
    ...listAt(children).flatMap((child) =>
      storedIn(child, filledText(objectOf(child).address) ?? '', plan),
    ),
  ];
}

const identityOf = (item: PlanObject, modules: string, plan: Plan) => ({
  address: String(item.address),
  plan,
  modules: modulesIn(modules),
  isData: item.mode === 'data',
  type: String(item.type),
  name: String(item.name),
  key: typeof item.index === 'number' ? item.index : filledText(item.index),
});

/** https://developer.hashicorp.com/terraform/internals/json-format#change-representation */
function apply(
  item: PlanObject,
  plan: Plan,
  { instances, removed }: { instances: Map<string, Instance>; removed: Instance[] },
): void {
  if (item.deposed !== undefined) return;
  const { address, previous_address: former } = item;
  if (former !== address) instances.delete(String(former));
  const { after } = objectOf(item.change);
  instances.delete(String(address));
  if (after === null || after === undefined) removed.push(changedTo('before', item, plan));
  else instances.set(String(address), changedTo('after', item, plan));
}

function changedTo(side: 'before' | 'after', item: PlanObject, plan: Plan): Instance {
  const change = objectOf(item.change);
  const actions = listAt(change.actions);
  return {
    ...identityOf(item, filledText(item.module_address) ?? '', plan),
    values: objectOf(change[side]),
    unknown: side === 'after' ? change.after_unknown : undefined,
    sensitive: change[`${side}_sensitive`],
    isNew: actions.includes('create'),
  };
}
