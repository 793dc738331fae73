import * as v from 'valibot';
import { defaultEncryptionBy, type EncryptionRule } from '../../model/encryption-rules.ts';
import { missing, unknown, type Bucket, type Encryption, type Unknown } from '../../model/facts.ts';
import { MAX_NAME_LENGTH, optionalField, textUpTo } from './fields.ts';
import type { ConfigItem } from './item.ts';
import { readField, readPolicyField } from './json-field.ts';

/** The bucket of an item. */
export const recordedBucket = (item: ConfigItem): Bucket => ({
  kind: 'bucket',
  name: item.id,
  accountId: item.accountId,
  region: item.region,
  encryption: recordedEncryption(item),
  policy: recordedBucketPolicy(item),
  capturedAt: item.capturedAt ?? -Infinity,
});

const defaultSchema = v.pipe(
  v.object({
    sseAlgorithm: textUpTo(100),
    kmsMasterKeyID: v.optional(v.nullable(textUpTo(MAX_NAME_LENGTH))),
  }),
  v.check(
    ({ sseAlgorithm, kmsMasterKeyID }) =>
      !sseAlgorithm.startsWith('aws:kms') || kmsMasterKeyID !== undefined,
    'has no field kmsMasterKeyID, in which AWS Config writes null where there is no key',
  ),
);

const ruleSchema = v.looseObject({
  applyServerSideEncryptionByDefault: optionalField(defaultSchema),
  bucketKeyEnabled: optionalField(v.boolean()),
  blockedEncryptionTypes: optionalField(v.looseObject({})),
});

const encryptionSchema = v.object({ rules: v.array(ruleSchema) });

function recordedEncryption({ id, supplementary }: ConfigItem): Encryption | Unknown {
  const raw = supplementary.ServerSideEncryptionConfiguration ?? undefined;
  if (raw === undefined)
    return unknown(
      `item of bucket ${id} has no encryption recorded, like old items`,
      'add a newer record of it, or run with --live',
    );
  const field = readField(`encryption of bucket ${id}`, encryptionSchema, raw);
  if (field.kind === 'unknown') return field;
  return (
    defaultEncryptionBy(field.value.rules.map(recordedEncryptionRule)) ??
    unknown(
      `item of bucket ${id} does not have one default encryption rule`,
      'look at it in S3, or run with --live',
    )
  );
}

function recordedEncryptionRule(rule: v.InferOutput<typeof ruleSchema>): EncryptionRule {
  const { applyServerSideEncryptionByDefault: applied, bucketKeyEnabled: bucketKey } = rule;
  return {
    defaultEncryption: applied && {
      kind: 'encryption',
      algorithm: applied.sseAlgorithm,
      keyId: applied.kmsMasterKeyID ?? undefined,
      bucketKey,
    },
    // A field without a known name may be the default in another spelling.
    blocksTypes:
      rule.blockedEncryptionTypes !== undefined &&
      Object.keys(rule).every((name) => name in ruleSchema.entries),
  };
}

/** AWS Config writes null where there is no policy. */
const bucketPolicySchema = v.object({ policyText: v.nullable(v.string()) });

function recordedBucketPolicy({ id, supplementary }: ConfigItem): Bucket['policy'] {
  const name = `policy of bucket ${id}`;
  const raw = supplementary.BucketPolicy ?? undefined;
  if (raw === undefined)
    return unknown(`item of bucket ${id} has no bucket policy recorded`, 'run with --live');
  const field = readField(name, bucketPolicySchema, raw);
  if (field.kind === 'unknown') return field;
  const policyText = field.value.policyText ?? '';
  return policyText === ''
    ? missing(`bucket ${id} has no bucket policy`)
    : readPolicyField(name, policyText);
}
