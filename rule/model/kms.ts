import type { KeyDescription } from './facts.ts';

/** The bytes of a key policy: KMS accepts no more. https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
export const MAX_KEY_POLICY_BYTES = 32_768;

/**
 * The actions that AWS documents for delivery, each pattern with an action as example.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html
 */
export const deliveryActions = {
  'kms:Encrypt': 'kms:Encrypt',
  'kms:Decrypt': 'kms:Decrypt',
  'kms:ReEncrypt*': 'kms:ReEncryptTo',
  'kms:GenerateDataKey*': 'kms:GenerateDataKeyWithoutPlaintext',
  'kms:DescribeKey': 'kms:DescribeKey',
} as const;

/** The usage of a key. A source may leave out the usage of SYMMETRIC_DEFAULT, which has no other. */
export const usageOf = ({
  usage,
  spec,
}: Pick<KeyDescription, 'usage' | 'spec'>): string | undefined =>
  usage ?? (spec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : undefined);

/** Every action of KMS. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html */
export const kmsActions: readonly string[] =
  `CancelKeyDeletion ConnectCustomKeyStore CreateAlias CreateCustomKeyStore CreateGrant CreateKey
  Decapsulate Decrypt DeleteAlias DeleteCustomKeyStore DeleteImportedKeyMaterial DeriveSharedSecret
  DescribeCustomKeyStores DescribeKey DisableKey DisableKeyRotation DisconnectCustomKeyStore EnableKey
  EnableKeyRotation Encapsulate Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext
  GenerateDataKeyWithoutPlaintext GenerateMac GenerateRandom GetKeyLastUsage GetKeyPolicy GetKeyRotationStatus
  GetParametersForImport GetPublicKey ImportKeyMaterial ListAliases ListGrants ListKeyPolicies ListKeyRotations
  ListKeys ListResourceTags ListRetirableGrants PutKeyPolicy ReEncryptFrom ReEncryptTo ReplicateKey RetireGrant
  RevokeGrant RotateKeyOnDemand ScheduleKeyDeletion Sign TagResource UntagResource UpdateAlias
  UpdateCustomKeyStore UpdateKeyDescription UpdatePrimaryRegion Verify VerifyMac`
    .split(/\s+/)
    .map((name) => `kms:${name}`);
