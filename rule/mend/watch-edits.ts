import { fingerprintOf, type KeyPolicy, type StoredPolicy } from './key-policy.ts';
import type { RememberedPut } from './remembered-put.ts';

/** Reads of a policy during and after a put. */
export interface WatchedPolicy extends KeyPolicy {
  /** Each shown policy that is neither the put nor known from before: an edit, or a policy from before an edit. */
  readonly strange: () => readonly StoredPolicy[];
}

/** Notes each strange policy that a read shows: the put may have overwritten an edit of somebody. */
export function watchEdits(policy: KeyPolicy, put: RememberedPut): WatchedPolicy {
  const known = new Set([put, ...put.replaced].map(({ fingerprint }) => fingerprint));
  const strange = new Map<string, StoredPolicy>();
  return {
    put: policy.put,
    async read() {
      const shown = await policy.read();
      const fingerprint = fingerprintOf(shown.document);
      if (!known.has(fingerprint)) strange.set(fingerprint, shown);
      return shown;
    },
    strange: () => [...strange.values()],
  };
}
