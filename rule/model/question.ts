import type { Exemption } from './exemption.ts';

/** The part of the question beside the facts. */
export interface Question {
  /** The KMS actions for the key policy to allow, like `kms:Decrypt`. */
  readonly requiredActions: readonly string[];
  readonly alsoCheck: readonly AlsoCheck[];
  /** The organization of the flow logs' accounts, where the caller gives one; settles `aws:SourceOrgID`. */
  readonly organizationId: string | undefined;
  /** An expired exemption does not count. */
  readonly exemptions: readonly Exemption[];
  readonly now: Date;
  /** True if messages must not quote the policy of another account's key. */
  readonly withholdsForeignPolicies?: boolean;
}

/** Whether messages may quote the policy of a key: the words of a policy stay in the account of the key. */
export const mayQuotePolicy = (
  { withholdsForeignPolicies = false }: Pick<Question, 'withholdsForeignPolicies'>,
  accounts: { readonly keyAccountId: string; readonly flowLogAccountId: string },
): boolean => !withholdsForeignPolicies || accounts.keyAccountId === accounts.flowLogAccountId;

export const alsoChecks = ['bucket-policy', 'customer-key'] as const;
type AlsoCheck = (typeof alsoChecks)[number];

/** S3 asks for a data key to write, and for decryption in multipart uploads and with Bucket Keys. */
export const defaultRequiredActions = ['kms:GenerateDataKey', 'kms:Decrypt'] as const;
