import type { EncryptionRule } from '../../model/encryption-rules.ts';
import { unknown, type Bucket, type Encryption, type Unknown } from '../../model/facts.ts';
import { encryptionFromElsewhere } from '../planned/existing-facts.ts';
import { plannedBucket, plannedEncryption } from '../planned/facts.ts';
import type { Instance } from './instances.ts';
import { partOf } from './joins.ts';
import { isMarked, listAt, objectOf, filledText, valueAt, type JsonPath } from './json-path.ts';
import { chosenIn, JUDGE_STATE, nameOfBucket, textOfCandidate, withAttributes } from './names.ts';
import { policySetBy } from './planned-policy.ts';
import { candidatesAt } from './references.ts';
import { besidePlans, worldPlaceOf, type PlanWorld } from './universe.ts';

/** A bucket of a plan. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket */
export function bucketOfPlan(bucket: Instance, planWorld: PlanWorld): Bucket {
  const name = nameOfBucket(bucket, planWorld.universe);
  const place = worldPlaceOf(bucket, planWorld);
  const encryption = encryptionIn(bucket, planWorld);
  const policy = policyIn(bucket, planWorld);
  const definedAs = planWorld.universe.labelOf(bucket);
  return plannedBucket({ name, encryption, policy, definedAs }, place);
}

function encryptionIn(bucket: Instance, planWorld: PlanWorld): Encryption | Unknown {
  const { universe } = planWorld;
  const type = 'aws_s3_bucket_server_side_encryption_configuration';
  const joined = partOf(bucket, type, universe);
  if (joined.kind === 'unclear')
    return unknown(
      `encryption of bucket ${universe.labelOf(bucket)} is not known: ${joined.why}`,
      JUDGE_STATE,
    );
  const encrypting: Encrypting = {
    name: nameOfBucket(bucket, universe),
    label: universe.labelOf(bucket),
    partition: worldPlaceOf(bucket, planWorld).partition,
    isApart: joined.kind === 'one',
    planWorld,
  };
  return joined.kind === 'one'
    ? encryptionBy(joined.part, ['rule'], encrypting)
    : encryptionBy(bucket, ['server_side_encryption_configuration', 0, 'rule'], encrypting);
}

/** A bucket whose encryption is read. */
interface Encrypting {
  readonly name: string;
  /** The bucket in reports. */
  readonly label: string;
  readonly partition: string;
  /** True where a resource of its own sets the encryption. */
  readonly isApart: boolean;
  readonly planWorld: PlanWorld;
}

/** S3 encrypts a new bucket with SSE-S3, if nothing sets the encryption. */
export function encryptionBy(
  holder: Instance,
  path: JsonPath,
  encrypting: Encrypting,
): Encryption | Unknown {
  const { name, label, partition, isApart, planWorld } = encrypting;
  const { universe } = planWorld;
  const rules = listAt(valueAt(holder.values, path));
  if (rules.length === 0 && isApart)
    return unknown(
      `encryption of bucket ${label} is known after apply: ${holder.address}.rule`,
      JUDGE_STATE,
    );
  const elsewhere =
    rules.length === 0
      ? encryptionFromElsewhere({ name, partition }, besidePlans(planWorld))
      : undefined;
  if (elsewhere !== undefined) return elsewhere;
  const read = rules.map((_, index) => ruleAt(holder, [...path, index], encrypting));
  const open = read
    .flatMap(({ defaultEncryption: each }) => (each ? [each.algorithm, each.keyId ?? ''] : []))
    .map(universe.madeUp.openIn)
    .find((each) => each !== undefined);
  return open === undefined
    ? plannedEncryption(name, read)
    : unknown(`encryption of bucket ${label} depends on ${open.label}`, open.settledBy);
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_server_side_encryption_configuration */
function ruleAt(
  holder: Instance,
  path: JsonPath,
  { label, planWorld }: Encrypting,
): EncryptionRule {
  const rule = objectOf(valueAt(holder.values, path));
  const blocks = listAt(rule.blocked_encryption_types);
  const byDefault = [...path, 'apply_server_side_encryption_by_default'];
  if (
    listAt(valueAt(holder.values, byDefault)).length === 0 &&
    !isMarked(holder.unknown, byDefault)
  )
    return { defaultEncryption: undefined, blocksTypes: blocks.length > 0 };
  const at = (name: string): string | undefined => {
    const place = [...byDefault, 0, name];
    if (valueAt(holder.values, place) === null) return undefined;
    const candidates = withAttributes(candidatesAt(holder, place));
    const subject = `${name} of ${label}`;
    const chosen = chosenIn(candidates, subject, planWorld);
    const isKnown = chosen.kind !== 'value' || chosen.value !== undefined;
    const named = isKnown ? chosen : ({ kind: 'open', name: subject } as const);
    return filledText(textOfCandidate(named, planWorld));
  };
  return {
    defaultEncryption: {
      kind: 'encryption',
      algorithm: at('sse_algorithm') ?? '',
      keyId: at('kms_master_key_id'),
      bucketKey: rule.bucket_key_enabled === true,
    },
    blocksTypes: false,
  };
}

/** The policy of a bucket: set apart, or as the state of the bucket has it. */
function policyIn(bucket: Instance, planWorld: PlanWorld) {
  const { universe } = planWorld;
  const subject = `policy of bucket ${universe.labelOf(bucket)}`;
  const joined = partOf(bucket, 'aws_s3_bucket_policy', universe);
  if (joined.kind === 'unclear')
    return unknown(`${subject} is not known: ${joined.why}`, JUDGE_STATE);
  return policySetBy(joined.kind === 'one' ? joined.part : bucket, subject, planWorld);
}
