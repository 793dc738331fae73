import { unknown, type Bucket, type Key, type Unknown } from '../../model/facts.ts';
import { existingBucket, existingKey } from '../planned/existing-facts.ts';
import { partOfExisting } from './existing-parts.ts';
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
  return {
    ...bucket,
    encryption: encryptionSet(bucket, partition, planWorld) ?? bucket.encryption,
    policy: policySet('aws_s3_bucket_policy', name, planWorld) ?? bucket.policy,
  };
}

function encryptionSet({ name }: Bucket, partition: string, planWorld: PlanWorld) {
  const part = 'aws_s3_bucket_server_side_encryption_configuration';
  const joined = partOfExisting({ part, name }, planWorld);
  if (joined.kind === 'unclear')
    return unknown(`encryption of bucket ${name} is not known: ${joined.why}`);
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
  return { ...key, policy: policySet('aws_kms_key_policy', key.arn, planWorld) ?? key.policy };
}

function policySet(
  part: 'aws_s3_bucket_policy' | 'aws_kms_key_policy',
  name: string,
  planWorld: PlanWorld,
) {
  const subject = `policy of ${part === 'aws_kms_key_policy' ? 'key' : 'bucket'} ${name}`;
  const joined = partOfExisting({ part, name }, planWorld);
  if (joined.kind === 'unclear') return unknown(`${subject} is not known: ${joined.why}`);
  return joined.kind === 'one' ? policySetBy(joined.part, subject, planWorld) : undefined;
}
