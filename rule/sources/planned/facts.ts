import { kmsArn } from '../../model/arn.ts';
import { readDestination, type RawDestination } from '../../model/destination.ts';
import { defaultEncryptionBy, sseS3, type EncryptionRule } from '../../model/encryption-rules.ts';
import {
  missing,
  unknown,
  type Bucket,
  type Destination,
  type Encryption,
  type Key,
  type PolicyDocument,
  type Unknown,
} from '../../model/facts.ts';
import type { Origin } from '../../model/origin.ts';
import type { WorldPlace } from '../../model/world.ts';

/** The destination of a flow log to be made. */
export const writtenDestination = (raw: RawDestination): Destination =>
  readDestination(raw, 'write the type s3 and the ARN of a bucket');

/** The properties of a key to be made; undefined stands for the default of AWS. */
export interface PlannedKey extends Required<Pick<Origin, 'definedAs'>> {
  readonly id: string;
  readonly isEnabled: boolean;
  readonly usage: string | undefined;
  readonly spec: string | undefined;
  readonly origin: string | undefined;
  readonly isMultiRegion: boolean;
  readonly isReplica: boolean;
  /** The reason for not knowing usage, spec or origin. */
  readonly unclear?: Unknown | undefined;
  readonly policy: PolicyDocument | Unknown | undefined;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html */
export function plannedKey(planned: PlannedKey, place: WorldPlace): Key {
  const { accountId, region } = place;
  const { isMultiRegion, isReplica, origin = 'AWS_KMS' } = planned;
  return {
    kind: 'key',
    arn: kmsArn(place, `key/${planned.id}`),
    accountId,
    region,
    description: planned.unclear ?? {
      kind: 'description',
      state: plannedState(planned.isEnabled, origin),
      manager: 'CUSTOMER',
      usage: planned.usage ?? 'ENCRYPT_DECRYPT',
      spec: planned.spec ?? 'SYMMETRIC_DEFAULT',
      origin,
      multiRegion: isMultiRegion,
      multiRegionKeyType: isMultiRegion ? (isReplica ? 'REPLICA' : 'PRIMARY') : undefined,
    },
    definedAs: planned.definedAs,
    policy: planned.policy ?? {
      kind: 'policy',
      document: defaultKeyPolicy(place),
    },
  };
}

/** A key with imported material is not enabled before somebody imports the material. */
function plannedState(isEnabled: boolean, origin: string): string | undefined {
  if (!isEnabled) return 'Disabled';
  return origin === 'EXTERNAL' ? undefined : 'Enabled';
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
const defaultKeyPolicy = ({
  partition,
  accountId,
}: Pick<WorldPlace, 'partition' | 'accountId'>) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
});

/** The properties of a bucket to be made. */
export interface PlannedBucket extends Required<Pick<Origin, 'definedAs'>> {
  readonly name: string;
  readonly encryption: Encryption | Unknown;
  readonly policy: PolicyDocument | Unknown | undefined;
}

/** AWS adds its own statements to the bucket policy when the flow log is made. */
export const plannedBucket = (
  { name, encryption, policy, definedAs }: PlannedBucket,
  { accountId, region }: WorldPlace,
): Bucket => ({
  kind: 'bucket',
  name,
  accountId,
  region,
  encryption,
  policy: policy ?? missing(`bucket ${name} has no bucket policy yet`),
  definedAs,
  isPlanned: true,
});

/** The default encryption by all rules; SSE-S3 without any rule. */
export const plannedEncryption = (
  name: string,
  rules: readonly EncryptionRule[],
): Encryption | Unknown =>
  rules.length === 0
    ? sseS3
    : (defaultEncryptionBy(rules) ??
      unknown(`bucket ${name} does not have one default encryption rule`, 'write one rule'));
