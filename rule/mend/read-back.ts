import { setTimeout as wait } from 'node:timers/promises';
import { errorText } from '../basics/text.ts';
import { fingerprintOf, type StoredPolicy } from './key-policy.ts';
import type { PutNotice } from './lease-item.ts';
import type { PolicyWork } from './policy-change.ts';
import type { PreparedPut } from './prepare-put.ts';
import { AGREEING_READS } from './timing.ts';

/** A failed read of the policy. */
interface FailedRead {
  readonly kind: 'failed';
  readonly why: string;
}

/** The result of the reads after a put. */
type ReadBack =
  | { readonly kind: 'agreed'; readonly policy: StoredPolicy }
  | { readonly kind: 'not-agreed'; readonly last: StoredPolicy | FailedRead };

/** Reads the policy until several reads in a row show the put, or until the time is over. */
export async function readBack(
  { policy, paceMs, deadline }: PolicyWork,
  { fingerprint }: PutNotice,
): Promise<ReadBack> {
  let agreeing = 0;
  for (;;) {
    const read = await policy.read().catch(failedRead);
    if (read.kind === 'stored' && fingerprintOf(read.document) === fingerprint) {
      agreeing += 1;
      if (agreeing === AGREEING_READS) return { kind: 'agreed', policy: read };
    } else agreeing = 0;
    if (Date.now() + paceMs > deadline) return { kind: 'not-agreed', last: read };
    await wait(paceMs);
  }
}

const failedRead = (error: unknown): FailedRead => ({ kind: 'failed', why: errorText(error) });

/** Describes the last read after reads that did not agree, and gives the next step. */
export function lastReadInWords(
  last: StoredPolicy | FailedRead,
  { before, change, notice }: PreparedPut,
): string {
  if (last.kind === 'failed') return `it could not be read back (${last.why}): look at the key`;
  const fingerprint = fingerprintOf(last.document);
  if (fingerprint === notice.fingerprint)
    return 'it shows in some reads and not in others: look again before you rely on it';
  if (fingerprint === fingerprintOf(before.document))
    return 'the former policy still shows: look again in some minutes';
  return `another policy shows, so somebody else put one: ${change.judge(last.document).message}`;
}
