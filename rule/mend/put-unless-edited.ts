import { setTimeout as wait } from 'node:timers/promises';
import { fingerprintOf, type StoredPolicy } from './key-policy.ts';
import type { PolicyWork } from './policy-change.ts';
import type { PreparedPut } from './prepare-put.ts';
import { agreement, hasTimeToPut } from './timing.ts';

/** The end of all attempts of a put. */
type PutEnd =
  | { readonly kind: 'accepted' }
  /** KMS wrote nothing, or nobody knows the result. */
  | { readonly kind: 'refused' | 'throttled' | 'unclear'; readonly error: Error }
  /** Somebody edited the policy between two attempts, and no attempt of ours wrote anything. */
  | { readonly kind: 'edited' };

/**
 * Puts the policy. A throttled or lost attempt is repeated only if KMS, for some seconds, shows the policy of before:
 * otherwise the put would overwrite an edit of somebody. After a lost attempt no refusal proves that nothing was written.
 */
export async function putUnlessEdited(
  work: PolicyWork,
  { before, change }: PreparedPut,
): Promise<PutEnd> {
  let isLost = false;
  for (;;) {
    const attempt = await work.policy.put(change.after);
    if (attempt.kind === 'accepted') return attempt;
    isLost ||= attempt.kind === 'unclear';
    const end = isLost ? ({ kind: 'unclear', error: attempt.error } as const) : attempt;
    if (attempt.kind === 'refused') return end;
    const shown = await readAgreeing(work).catch(() => undefined);
    if (shown === undefined || !hasTimeToPut(work)) return end;
    if (fingerprintOf(shown.document) !== fingerprintOf(before.document))
      return isLost ? end : { kind: 'edited' };
  }
}

/** Reads until KMS shows the same policy for some seconds; undefined if the time for another put is over. */
async function readAgreeing(work: PolicyWork): Promise<StoredPolicy | undefined> {
  const isAgreed = agreement();
  while (hasTimeToPut(work)) {
    const read = await work.policy.read();
    if (isAgreed(fingerprintOf(read.document))) return read;
    await wait(work.paceMs);
  }
  return undefined;
}
