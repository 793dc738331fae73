import { setTimeout as wait } from 'node:timers/promises';
import { errorText } from '../basics/text.ts';
import { fingerprintOf, type StoredPolicy } from './key-policy.ts';
import type { PolicyWork } from './policy-change.ts';
import type { PreparedPut } from './prepare-put.ts';
import { agreement } from './timing.ts';
import type { WatchedPolicy } from './watch-edits.ts';

/** A failed read of the policy. */
interface FailedRead {
  readonly kind: 'failed';
  readonly why: string;
}

/** The result of the reads after a put. */
interface ReadBack {
  /** The policy of the put, if KMS showed this policy for some seconds. */
  readonly agreed: StoredPolicy | undefined;
  readonly last: StoredPolicy | FailedRead;
}

export interface WatchingWork extends PolicyWork {
  readonly policy: WatchedPolicy;
}

/** Reads the policy until KMS for some seconds shows the put, or an edit of somebody, or until the time is over. */
export async function readBack(work: WatchingWork, { put }: PreparedPut): Promise<ReadBack> {
  const { policy, paceMs, deadline } = work;
  const known = new Set(put.replaced.map(({ fingerprint }) => fingerprint));
  const isAgreed = agreement();
  for (;;) {
    const last = await policy.read().catch(failedRead);
    const shown = last.kind === 'stored' ? fingerprintOf(last.document) : 'nothing';
    const agreed = isAgreed(shown);
    if (last.kind === 'stored' && agreed) {
      if (shown === put.fingerprint) return { agreed: last, last };
      if (!known.has(shown)) return { agreed: undefined, last };
    }
    if (Date.now() + paceMs > deadline) return { agreed: undefined, last };
    await wait(paceMs);
  }
}

const failedRead = (error: unknown): FailedRead => ({ kind: 'failed', why: errorText(error) });

/** Describes the last read after reads that did not agree, and gives the next step. */
export function lastReadInWords(last: ReadBack['last'], { change, put }: PreparedPut): string {
  if (last.kind === 'failed') return `it could not be read back (${last.why}): look at the key`;
  const shown = fingerprintOf(last.document);
  if (shown === put.fingerprint)
    return 'it shows in some reads and not in others: look again before you rely on it';
  if (shown === put.replaced.at(-1)?.fingerprint)
    return 'the former policy still shows: look again in some minutes';
  if (put.replaced.some(({ fingerprint }) => fingerprint === shown))
    return 'a policy of some minutes ago still shows: look again in some minutes';
  return `another policy shows, so somebody else put one: ${change.judge(last.document).message}`;
}

/** Keeps the policies that may be edits of somebody, and tells the person on call how to bring these back. */
export async function keepStrange(
  strange: readonly StoredPolicy[],
  { change }: PreparedPut,
): Promise<string> {
  const kept = await Promise.all(
    strange.map((each) =>
      change
        .keep(each)
        .catch((error: unknown) => `which could not be kept (${errorText(error)}): ${CLOUD_TRAIL}`),
    ),
  );
  return `after the put another policy showed, perhaps an edit of somebody that this put has overwritten: ${kept.join('; ')}`;
}

const CLOUD_TRAIL =
  'look for it in CloudTrail (event PutKeyPolicy of this key), and put back by hand what is missing';
