import { cut, errorText } from '../basics/text.ts';
import type { Unwritten } from './ending.ts';
import type { KeyPolicy, StoredPolicy } from './key-policy.ts';
import type { Lease } from './lease.ts';
import type { PutNotice, RememberedPut } from './remembered-put.ts';
import type { Timing } from './timing.ts';

/** The change of a key policy. */
export interface PolicyChange {
  readonly kind: 'change';
  /** The policy to put. */
  readonly after: unknown;
  /** The execution that puts each name of its grant, by source ARN or organization. Empty for a change that takes out. */
  readonly putBy: Readonly<Record<string, string>>;
  /** Records the former policy and the notice of the put. A rejection prevents the put. */
  readonly record: (before: StoredPolicy, notice: PutNotice) => Promise<void>;
  /** Withdraws the record if nothing was put. Never rejects: a needless record does no harm. */
  readonly withdrawRecord: () => Promise<void>;
  /** Keeps a policy that may be an edit of somebody, and answers how to read the policy. */
  readonly keep: (shown: StoredPolicy) => Promise<string>;
  /** False if messages must not quote the policy, as KMS may. */
  readonly mayQuote: boolean;
  /** Explains to the person on call why KMS refuses the policy; `words` has the error of KMS in words. */
  readonly explainRefusal: (refusal: Error, words: string) => string;
  /** Judges the shown policy after the put: `fine` if the policy is good enough for a success. */
  readonly judge: (document: unknown) => { readonly fine: boolean; readonly message: string };
}

/** KMS may quote a whole policy. */
const MAX_WORDS_OF_KMS = 300;

/** The error of a put in words. An error about a policy may name principals: these words stay in the account of the key. */
export const putErrorInWords = (error: Error, { mayQuote }: PolicyChange): string =>
  mayQuote ? cut(errorText(error), MAX_WORDS_OF_KMS) : error.name;

/** Looks at the current policy and the last put, and answers the change, or the reason for none. */
export type MakeChange = (
  before: StoredPolicy,
  former: RememberedPut | undefined,
) => Promise<PolicyChange | Unwritten>;

/** The work on a key policy, under the lease of the key. */
export interface PolicyWork extends Timing {
  readonly policy: KeyPolicy;
  readonly lease: Lease;
  readonly makeChange: MakeChange;
  /** The last put by a former holder of the lease. */
  readonly former: RememberedPut | undefined;
}
