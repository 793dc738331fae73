import type { Exemption } from './exemption.ts';
import type { Bucket, Key } from './facts.ts';

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
  /** True if messages must not quote the policy of a key or bucket of another account. */
  readonly withholdsForeignPolicies?: boolean;
}

/**
 * Whether messages about a flow log may quote the policy of a key or bucket: the words of a policy stay in the account of
 * the key or bucket. An unknown owner is a stranger. Nobody may quote a sensitive policy.
 */
export const mayQuotePolicy = (
  { withholdsForeignPolicies = false }: Pick<Question, 'withholdsForeignPolicies'>,
  { accountId, policy }: Pick<Bucket | Key, 'accountId' | 'policy'>,
  flowLog: { readonly accountId: string },
): boolean =>
  !(policy.kind === 'policy' && policy.isSensitive) &&
  (!withholdsForeignPolicies || accountId === flowLog.accountId);

export const alsoChecks = ['bucket-policy', 'customer-key'] as const;
type AlsoCheck = (typeof alsoChecks)[number];

/** S3 asks for a data key to write, and for decryption in multipart uploads and with Bucket Keys. */
export const defaultRequiredActions = ['kms:GenerateDataKey', 'kms:Decrypt'] as const;
