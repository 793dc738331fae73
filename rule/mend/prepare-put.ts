import { setTimeout as wait } from 'node:timers/promises';
import { isoSeconds } from '../basics/time-span.ts';
import { failed, type Failed, type Unwritten } from './ending.ts';
import { fingerprintOf, survivesRewrite, type StoredPolicy } from './key-policy.ts';
import type { PutNotice } from './lease-item.ts';
import type { PolicyChange, PolicyWork } from './policy-change.ts';
import { hasTimeToPut, SETTLED_PACES } from './timing.ts';

/** An announced change, ready for the put. */
export interface PreparedPut {
  readonly kind: 'prepared';
  readonly before: StoredPolicy;
  readonly change: PolicyChange;
  readonly notice: PutNotice;
}

/** Does all work before the put, which must follow at once. Starts again if somebody edits the policy meanwhile. */
export async function preparePut(
  work: PolicyWork,
  former: PutNotice | undefined,
): Promise<PreparedPut | Unwritten> {
  for (;;) {
    const before = await readSettled(work, former);
    if (before.kind === 'failed') return before;
    const change = await work.makeChange(before);
    if (change.kind !== 'change') return change;
    if (!survivesRewrite(before))
      return failed(
        'the key policy has names that stand twice, or numbers, which would be lost: edit it by hand',
      );
    const notice = { fingerprint: fingerprintOf(change.after), at: work.lease.now() };
    const prepared = { kind: 'prepared', before, change, notice } as const;
    if ((await announcePut(work, prepared)) && hasTimeToPut(work)) return prepared;
    await change.withdrawRecord();
    if (!hasTimeToPut(work))
      return failed('the key policy did not come to rest while there was time: run it again');
    await wait(work.paceMs);
  }
}

/** Reads the policy until KMS shows the last put, or until the last put was long ago: then the shown policy counts. */
async function readSettled(
  work: PolicyWork,
  former: PutNotice | undefined,
): Promise<StoredPolicy | Failed<'no'>> {
  const { policy, lease, paceMs } = work;
  if (former === undefined) return policy.read();
  const settledAt = former.at + SETTLED_PACES * paceMs;
  for (;;) {
    const stored = await policy.read();
    if (fingerprintOf(stored.document) === former.fingerprint || lease.now() > settledAt)
      return stored;
    if (!hasTimeToPut(work)) {
      const [putAt, againAt] = [former.at, settledAt].map((time) => isoSeconds(new Date(time)));
      return failed(
        `the key policy is not the one that was put at ${putAt}: it was edited since, or KMS shows an old one; run this again after ${againAt}`,
      );
    }
    await wait(paceMs);
  }
}

/** Records and announces the put; then answers whether the policy is still the same as before the change was made. */
async function announcePut(
  { policy, lease }: PolicyWork,
  { before, change, notice }: PreparedPut,
): Promise<boolean> {
  try {
    await change.record(before, notice);
    await lease.announce(notice);
    const current = await policy.read();
    return fingerprintOf(current.document) === fingerprintOf(before.document);
  } catch (error) {
    await change.withdrawRecord();
    throw error;
  }
}
