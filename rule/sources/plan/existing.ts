import { unknown, type Bucket, type Key, type Unknown } from '../../model/facts.ts';
import { existingBucket, existingKey } from '../planned/existing-facts.ts';
import { partOfExisting } from './existing-parts.ts';
import { JUDGE_STATE } from './names.ts';
import { encryptionBy } from './planned-bucket.ts';
import { policySetBy } from './planned-policy.ts';
import { besidePlans, type PlanWorld } from './universe.ts';

/** A bucket of the account, with the parts that the plans set; undefined where no account has answered. */
export function existingBucketOfPlan(
  name: string,
  partition: string,
  planWorld: PlanWorld,
): Bucket | Unknown | undefined {
  const bucket = existingBucket({ name, partition }, besidePlans(planWorld));
  if (bucket?.kind !== 'bucket') return bucket;
  const removed = whyRemoved(name, planWorld);
  if (removed !== undefined) return unknown(`bucket ${name} is ${removed}`, JUDGE_STATE);
  return {
    ...bucket,
    encryption: encryptionSet(bucket, partition, planWorld) ?? bucket.encryption,
    policy: policySet('aws_s3_bucket_policy', name, planWorld) ?? bucket.policy,
  };
}

/** The reason not to believe in a bucket, key or alias that exists as long as the plans are not applied. */
function whyRemoved(name: string, { universe }: PlanWorld): string | undefined {
  const removed = universe.plans
    .flatMap((plan) => plan.removed)
    .find(
      ({ type, values }) =>
        /^aws_(s3_bucket|kms_alias|kms_(replica_)?(external_)?key)$/.test(type) &&
        [values.bucket, values.id, values.arn].includes(name),
    );
  return removed && `${removed.address}, which the plan deletes or forgets`;
}

function encryptionSet({ name }: Bucket, partition: string, planWorld: PlanWorld) {
  const part = 'aws_s3_bucket_server_side_encryption_configuration';
  const joined = partOfExisting({ part, name }, planWorld);
  if (joined.kind === 'unclear')
    return unknown(`encryption of bucket ${name} is not known: ${joined.why}`, JUDGE_STATE);
  return joined.kind === 'one'
    ? encryptionBy(joined.part, ['rule'], {
        name,
        label: name,
        partition,
        isApart: true,
        planWorld,
      })
    : undefined;
}

/** A key of the account, with the policy that the plans set; undefined where no account has answered. */
export function existingKeyOfPlan(arn: string, planWorld: PlanWorld): Key | Unknown | undefined {
  const key = existingKey(arn, besidePlans(planWorld));
  if (key?.kind !== 'key') return key;
  const removed = whyRemoved(arn, planWorld) ?? whyRemoved(key.arn, planWorld);
  if (removed !== undefined) return unknown(`key ${key.arn} is ${removed}`, JUDGE_STATE);
  return { ...key, policy: policySet('aws_kms_key_policy', key.arn, planWorld) ?? key.policy };
}

function policySet(
  part: 'aws_s3_bucket_policy' | 'aws_kms_key_policy',
  name: string,
  planWorld: PlanWorld,
) {
  const subject = `policy of ${part === 'aws_kms_key_policy' ? 'key' : 'bucket'} ${name}`;
  const joined = partOfExisting({ part, name }, planWorld);
  if (joined.kind === 'unclear')
    return unknown(`${subject} is not known: ${joined.why}`, JUDGE_STATE);
  return joined.kind === 'one' ? policySetBy(joined.part, subject, planWorld) : undefined;
}
