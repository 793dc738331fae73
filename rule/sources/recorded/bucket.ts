import * as v from 'valibot';
import { missing, unknown, type Bucket, type Encryption, type Unknown } from '../../model/facts.ts';
import { optionalField, optionalText } from './fields.ts';
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

const encryptionSchema = v.object({
  rules: v.array(
    v.object({
      applyServerSideEncryptionByDefault: optionalField(
        v.object({ sseAlgorithm: v.string(), kmsMasterKeyID: optionalText }),
      ),
      bucketKeyEnabled: optionalField(v.boolean()),
    }),
  ),
});

function recordedEncryption({ id, supplementary }: ConfigItem): Encryption | Unknown {
  const raw = supplementary.ServerSideEncryptionConfiguration ?? undefined;
  if (raw === undefined)
    return unknown(
      `item of bucket ${id} has no encryption recorded, as old items do: record it anew or run with --live`,
    );
  const field = readField(`encryption of bucket ${id}`, encryptionSchema, raw);
  if (field.kind === 'unknown') return field;
  const [rule, ...more] = field.value.rules;
  const applied = rule?.applyServerSideEncryptionByDefault;
  if (!applied || more.length > 0)
    return unknown(`item of bucket ${id} does not have one default encryption rule`);
  return {
    kind: 'encryption',
    algorithm: applied.sseAlgorithm,
    keyId: applied.kmsMasterKeyID,
    bucketKey: rule.bucketKeyEnabled,
  };
}

const bucketPolicySchema = v.object({ policyText: optionalText });

function recordedBucketPolicy({ id, supplementary }: ConfigItem): Bucket['policy'] {
  const name = `policy of bucket ${id}`;
  const raw = supplementary.BucketPolicy ?? undefined;
  if (raw === undefined) return unknown(`item of bucket ${id} has no bucket policy recorded`);
  const field = readField(name, bucketPolicySchema, raw);
  if (field.kind === 'unknown') return field;
  const { policyText } = field.value;
  return policyText === undefined
    ? missing(`bucket ${id} has no bucket policy`)
    : readPolicyField(name, policyText);
}
