import { groupBy } from '../../basics/lists.ts';
import { cacheOf } from '../../basics/memory.ts';
import type { PlanCandidate } from './candidate.ts';
import type { Instance, Plan } from './instances.ts';
import { listAt, objectOf, filledText, type PlanObject } from './json-path.ts';
import { idOfKey, keyTypes, nameOfBucket } from './names.ts';
import { candidatesAt } from './references.ts';
import { plannedResources, type Universe } from './universe.ts';

/** A resource that sets a part of a bucket or key, such as `aws_kms_key_policy`. */
export type PartType =
  | 'aws_s3_bucket_server_side_encryption_configuration'
  | 'aws_s3_bucket_policy'
  | 'aws_kms_key_policy';

/** The answer to the question for the part of a bucket or key. */
export type Joined =
  | { readonly kind: 'one'; readonly part: Instance }
  | { readonly kind: 'none' }
  /** Another resource may set the part, or several do: the reason. */
  | { readonly kind: 'unclear'; readonly why: string };

/** The parts of one type, by bucket or key. */
interface Join {
  readonly sure: ReadonlyMap<Instance, readonly Instance[]>;
  readonly maybe: ReadonlyMap<Instance, readonly Instance[]>;
  /** Parts of a bucket or key that only apply tells. */
  readonly open: readonly Instance[];
}

const joinsOf = cacheOf((universe: Universe): Readonly<Record<PartType, Join>> => ({
  aws_s3_bucket_server_side_encryption_configuration: joinBy(
    'aws_s3_bucket_server_side_encryption_configuration',
    universe,
  ),
  aws_s3_bucket_policy: joinBy('aws_s3_bucket_policy', universe),
  aws_kms_key_policy: joinBy('aws_kms_key_policy', universe),
}));

export const argumentOf = (part: PartType): string =>
  part === 'aws_kms_key_policy' ? 'key_id' : 'bucket';

function joinBy(part: PartType, universe: Universe): Join {
  const [sure, maybe] = [new Map<Instance, Instance[]>(), new Map<Instance, Instance[]>()];
  const open: Instance[] = [];
  const targetsNamed = namesOfTargets(part, universe);
  for (const each of plannedResources(part, universe)) {
    const candidates = candidatesAt(each, [argumentOf(part)]);
    const isOpen = candidates.some((candidate) => isUntold(candidate));
    const found = candidates.flatMap((candidate) => {
      if (candidate.kind === 'attribute') return [candidate.instance];
      if (candidate.kind === 'open') return [];
      const named = targetsNamed.get(shortName(candidate.value)) ?? [];
      const own = named.filter(({ plan }) => plan === each.plan);
      return own.length > 0 ? own : named;
    });
    const targets = new Set(found);
    for (const target of targets) add(targets.size === 1 && !isOpen ? sure : maybe, target, each);
    if (isOpen) open.push(each);
  }
  return { sure, maybe, open };
}

/** Whether a plan does not tell the value. */
export const isUntold = (candidate: PlanCandidate): boolean =>
  candidate.kind === 'open' || (candidate.kind === 'value' && candidate.value === undefined);

function add(map: Map<Instance, Instance[]>, target: Instance, part: Instance): void {
  map.set(target, [...(map.get(target) ?? []), part]);
}

/** The name of a bucket, or the id of a key, in a text that may be an ARN. */
const shortName = (text: unknown): string =>
  String(text).replace(/^arn:[^:]*:(s3:::|kms:[^:]*:[^:]*:key\/)/, '');

function namesOfTargets(
  part: PartType,
  universe: Universe,
): ReadonlyMap<string, readonly Instance[]> {
  const isOfKey = part === 'aws_kms_key_policy';
  const types = isOfKey ? keyTypes : ['aws_s3_bucket'];
  const nameOfTarget = isOfKey ? idOfKey : nameOfBucket;
  return groupBy(
    types.flatMap((type) => plannedResources(type, universe)),
    (each) => nameOfTarget(each, universe),
  );
}

/** The resource that sets a part of a bucket or key. */
export function partOf(target: Instance, part: PartType, universe: Universe): Joined {
  const { sure, maybe, open } = joinsOf(universe)[part];
  const [found, another] = sure.get(target) ?? [];
  const subject = universe.labelOf(target);
  if (found !== undefined && another !== undefined)
    return unclear(
      `${universe.labelOf(found)} and ${universe.labelOf(another)} both set it for ${subject}`,
    );
  if (found !== undefined) return { kind: 'one', part: found };
  const [possible] = maybe.get(target) ?? (target.isNew ? open : []);
  if (possible !== undefined)
    return unclear(
      `${universe.labelOf(possible)} may set it for ${subject}: its ${argumentOf(part)} is known after apply`,
    );
  const removed = removedFrom(target, part, universe);
  if (removed !== undefined)
    return unclear(
      `${removed.address} is removed from ${subject}, and the plan does not show the rest`,
    );
  return lacks(target.plan, part)
    ? unclear(`the plan is not whole, and may lack a resource of type ${part} for ${subject}`)
    : { kind: 'none' };
}

export const unclear = (why: string): Joined => ({ kind: 'unclear', why });

const removedFrom = (target: Instance, part: PartType, universe: Universe): Instance | undefined =>
  universe.plans
    .flatMap(({ removed }) => removed)
    .find(
      ({ type, values }) =>
        type === part &&
        shortName(filledText(values[argumentOf(part)]) ?? '-') ===
          (part === 'aws_kms_key_policy'
            ? idOfKey(target, universe)
            : nameOfBucket(target, universe)),
    );

/** Whether a resource of the type is left to another plan, or is missing after an error. */
export function lacks(plan: Plan, part: PartType): boolean {
  if (plan.deferred.some(({ type }) => type === part)) return true;
  return plan.isErrored &&
    plan.configuration !== undefined &&
    countsOf(plan.configuration, part) > 0
    ? countsOf(plan.configuration, part) > plannedResources(part, { plans: [plan] }).length
    : false;
}

/** The number of blocks of a type in a module, and in the modules inside. */
const countsOf = (module: PlanObject, part: PartType): number =>
  listAt(module.resources).filter((each) => objectOf(each).type === part).length +
  Object.values(objectOf(module.module_calls)).reduce<number>(
    (sum, call) => sum + countsOf(objectOf(objectOf(call).module), part),
    0,
  );
