import { groupBy } from '../../basics/lists.ts';
import { cacheOf } from '../../basics/memory.ts';
import { unknown, type Bucket, type Unknown } from '../../model/facts.ts';
import { existingBucketOfPlan } from './existing.ts';
import type { Plan } from './instances.ts';
import { nameOfBucket, oneNamed } from './names.ts';
import { bucketOfPlan } from './planned-bucket.ts';
import { plannedResources, type PlanWorld, type Universe } from './universe.ts';

const bucketsByName = cacheOf((universe: Universe) =>
  groupBy(plannedResources('aws_s3_bucket', universe), (each) => nameOfBucket(each, universe)),
);

/** The bucket of this name in the plans, `plan` first, or in the account. */
export function bucketByName(
  { name, partition }: { readonly name: string; readonly partition: string },
  plan: Plan,
  planWorld: PlanWorld,
): Bucket | Unknown {
  const named = bucketsByName(planWorld.universe).get(name) ?? [];
  const own = named.filter((each) => each.plan === plan);
  const bucket = oneNamed([...own, ...named.filter((each) => each.plan !== plan)], name, planWorld);
  return bucket === undefined
    ? (existingBucketOfPlan(name, partition, planWorld) ??
        unknown(`bucket ${name} is not in the given plans`, 'add the plan or state that has it'))
    : bucketOfPlan(bucket, planWorld);
}
