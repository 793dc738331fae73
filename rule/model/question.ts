import type { Exemption } from './exemption.ts';

/** What is asked of the facts, beside the facts. */
export interface Question {
  /** KMS actions that the key policy must allow, such as `kms:Decrypt`. */
  readonly requiredActions: readonly string[];
  readonly alsoCheck: readonly AlsoCheck[];
  /** The organization that the flow logs' accounts belong to, if we are told; settles `aws:SourceOrgID`. */
  readonly organizationId: string | undefined;
  /** Those that are over count no more. */
  readonly exemptions: readonly Exemption[];
  readonly now: Date;
}

export const alsoChecks = ['bucket-policy', 'customer-key'] as const;
type AlsoCheck = (typeof alsoChecks)[number];

/** S3 asks for a data key when it writes, and for decryption in multipart uploads and with Bucket Keys. */
export const defaultRequiredActions = ['kms:GenerateDataKey', 'kms:Decrypt'] as const;
