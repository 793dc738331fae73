import { setTimeout as wait } from 'node:timers/promises';
import { isoSeconds } from '../basics/time-span.ts';
import { failed, type Failed, type Unwritten } from './ending.ts';
import { fingerprintOf, survivesRewrite, type StoredPolicy } from './key-policy.ts';
import type { PolicyChange, PolicyWork } from './policy-change.ts';
import type { RememberedPut } from './remembered-put.ts';
import { agreement, hasTimeToPut, MAX_LAG_PACES, SETTLED_PACES } from './timing.ts';

/** An announced change, ready for the put. */
export interface PreparedPut {
  readonly kind: 'prepared';
  readonly before: StoredPolicy;
  readonly change: PolicyChange;
  readonly put: RememberedPut;
}

/** Does all work before the put, which must follow at once. Starts again if somebody edits the policy meanwhile. */
export async function preparePut(work: PolicyWork): Promise<PreparedPut | Unwritten> {
  for (;;) {
    const before = await readSettled(work);
    if (before.kind === 'failed') return before;
    const change = await work.makeChange(before, work.former);
    if (change.kind !== 'change') return change;
    if (!survivesRewrite(before))
      return failed(
        'the key policy has names that stand twice, or numbers, which would be lost: edit it by hand',
      );
    const put = putAfter(work, { before, change });
    const prepared = { kind: 'prepared', before, change, put } as const;
    if ((await announcePut(work, prepared)) && hasTimeToPut(work)) return prepared;
    await change.withdrawRecord();
    if (!hasTimeToPut(work)) return failed(NOT_AT_REST);
    await wait(work.paceMs);
  }
}

const NOT_AT_REST = 'the key policy did not come to rest while there was time: run it again';

/**
 * Reads the policy until KMS shows the same policy for some seconds. After a put of our own until KMS shows this put:
 * then a single read is enough, because the former holder has read for some seconds. If our last put was long ago, the
 * shown policy counts.
 */
async function readSettled(work: PolicyWork): Promise<StoredPolicy | Failed<'no'>> {
  const isAgreed = agreement();
  let isEdited = false;
  for (;;) {
    const stored = await work.policy.read();
    const shown = fingerprintOf(stored.document);
    isEdited ||= !isOurs(shown, work.former);
    if (isPolicyOfKey(work, { shown, isEdited, agreed: isAgreed(shown) })) return stored;
    if (!hasTimeToPut(work)) return notSettled(work);
    await wait(work.paceMs);
  }
}

interface Shown {
  readonly shown: string;
  /** Whether the last reads agree. */
  readonly agreed: boolean;
  /** Whether any read showed a policy that is not of our last puts. */
  readonly isEdited: boolean;
}

/** Whether the shown policy counts as the policy of the key. */
function isPolicyOfKey(
  { former, lease, paceMs }: PolicyWork,
  { shown, agreed, isEdited }: Shown,
): boolean {
  if (former === undefined) return agreed;
  const paces = (lease.now() - former.at) / paceMs;
  if (shown !== former.fingerprint) return agreed && paces > SETTLED_PACES;
  return agreed || (paces < MAX_LAG_PACES && !isEdited);
}

/** Whether a policy is our last put, or was replaced by our last puts. */
const isOurs = (shown: string, former: RememberedPut | undefined): boolean =>
  shown === former?.fingerprint ||
  (former?.replaced.some(({ fingerprint }) => fingerprint === shown) ?? false);

function notSettled({ former, lease, paceMs }: PolicyWork): Failed<'no'> {
  if (former === undefined) return failed(NOT_AT_REST);
  const settledAt = former.at + SETTLED_PACES * paceMs;
  if (lease.now() > settledAt) return failed(NOT_AT_REST);
  const [putAt, againAt] = [former.at, settledAt].map((time) => isoSeconds(new Date(time)));
  return failed(
    `the key policy is not the one that was put at ${putAt}: it was edited since, or KMS shows an old one; run this again after ${againAt}`,
  );
}

/** The put of a change, with the memory of the puts before. */
function putAfter(
  { lease, former, paceMs }: PolicyWork,
  { before, change }: Pick<PreparedPut, 'before' | 'change'>,
): RememberedPut {
  const at = lease.now();
  const replaced = [
    ...(former?.replaced ?? []).filter((each) => each.at > at - SETTLED_PACES * paceMs),
    { fingerprint: fingerprintOf(before.document), at },
  ];
  const putBy = { ...former?.putBy, ...change.putBy };
  return { fingerprint: fingerprintOf(change.after), at, replaced, putBy };
}

/** Records and announces the put; then answers whether the policy is still the same as before the change was made. */
async function announcePut(
  { policy, lease }: PolicyWork,
  { before, change, put }: PreparedPut,
): Promise<boolean> {
  try {
    await change.record(before, { fingerprint: put.fingerprint, at: put.at });
    await lease.announce(put);
    const current = await policy.read();
    return fingerprintOf(current.document) === fingerprintOf(before.document);
  } catch (error) {
    await change.withdrawRecord();
    throw error;
  }
}
