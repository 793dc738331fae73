import type { Unwritten } from './ending.ts';
import type { KeyPolicy, StoredPolicy } from './key-policy.ts';
import type { Lease } from './lease.ts';
import type { PutNotice } from './lease-item.ts';
import type { Timing } from './timing.ts';

/** The change of a key policy. */
export interface PolicyChange {
  readonly kind: 'change';
  /** The policy to put. */
  readonly after: unknown;
  /** Records the former policy and the notice of the put. A rejection prevents the put. */
  readonly record: (before: StoredPolicy, notice: PutNotice) => Promise<void>;
  /** Withdraws the record if nothing was put. Never rejects: a needless record does no harm. */
  readonly withdrawRecord: () => Promise<void>;
  /** Explains to the person on call why KMS refuses the policy. */
  readonly explainRefusal: (refusal: Error) => string;
  /** Judges the shown policy after the put: `fine` if the policy is good enough for a success. */
  readonly judge: (document: unknown) => { readonly fine: boolean; readonly message: string };
}

/** Looks at the current policy and answers the change, or the reason for none. */
export type MakeChange = (before: StoredPolicy) => Promise<PolicyChange | Unwritten>;

/** The work on a key policy. */
export interface PolicyWork extends Timing {
  readonly policy: KeyPolicy;
  readonly lease: Lease;
  readonly makeChange: MakeChange;
}
