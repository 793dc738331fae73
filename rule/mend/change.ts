import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { errorText } from '../basics/text.ts';
import { canonical } from '../policy/canonical.ts';
import { isKept, type KeyPolicy, type Stored } from './key-policy.ts';
import type { Lease, Mark, Taken } from './lease.ts';

/** How it ended, and what it wrote: the message says both, for the person on call. */
export interface Ending {
  readonly outcome: 'changed' | 'nothing-to-do' | 'failed';
  readonly written: Written;
  readonly message: string;
}

export type Written = 'no' | 'yes' | 'not known';

/** What is to become of a policy. */
export interface Edit {
  readonly after: unknown;
  /** Keeps what was there before; what cannot be kept is not changed. */
  readonly keep: (before: Stored, mark: Mark) => Promise<void>;
  /** Keeps no longer what was there: nothing was put. Does not reject; then more is kept than needed. */
  readonly forget: () => Promise<void>;
  /** Why KMS refuses it. */
  readonly explain: (refusal: Error) => string;
  /** What is to be said of the policy that KMS shows in the end; `fine` if it is what was wanted. */
  readonly judge: (document: unknown) => { readonly fine: boolean; readonly message: string };
}

export interface Changing {
  readonly policy: KeyPolicy;
  readonly lease: Lease;
  /** Milliseconds between two reads. */
  readonly pace: number;
  /** When it has to end: milliseconds since 1970. */
  readonly deadline: number;
  /** Looks at the policy as it is, and says what is to become of it; or that nothing is, and why. */
  readonly edit: (before: Stored) => Promise<Edit | Ending>;
}

/** How long KMS may show a former policy, in paces: AWS speaks of seconds, and of minutes. */
const LAG = 600;

/** After how many paces what shows counts, also if it is not what was put: KMS lags, and clocks differ by as much. */
export const SETTLED = 2 * LAG;

/** What has to be left of the time to begin, in paces. */
const WORK = 20;

/** How many reads in a row have to show what was put. */
const AGREEING = 3;

/** How long a lease lasts if its holder dies, in paces. */
export const LEASE = 1800;

/** Names a policy, however KMS writes it. */
export const fingerprintOf = (policy: unknown): string =>
  createHash('sha256').update(canonical(policy)).digest('hex');

const states: Record<Written, string> = {
  no: 'nothing was written',
  yes: 'the policy was written',
  'not known': 'whether the policy was written is not known',
};

/** An ending that failed, with what it wrote. */
export const failed = (why: string, written: Written = 'no'): Ending => ({
  outcome: 'failed',
  written,
  message: `${states[written]}: ${why}`,
});

/**
 * Changes one key policy under its lease: reads it, edits it, puts it and reads it back until it shows. AWS has no
 * conditional put, and KMS may show a former policy for a while, so nobody else may put in between.
 * https://docs.aws.amazon.com/kms/latest/developerguide/accessing-kms.html#programming-eventual-consistency
 */
export async function change(changing: Changing): Promise<Ending> {
  const { lease, pace, deadline } = changing;
  const taken = await take(changing).catch((error: unknown) =>
    failed(`the lease could not be taken (${errorText(error)})`),
  );
  if ('outcome' in taken) return taken;
  const until = Math.min(deadline, Date.now() + LAG * pace);
  const { ending, nothingPut } = await underLease({ ...changing, deadline: until }, taken);
  try {
    await lease.release(nothingPut ? taken : undefined);
    return ending;
  } catch (error) {
    const why = `the lease could not be released, and is over by itself (${errorText(error)})`;
    return { ...ending, message: `${ending.message}; ${why}` };
  }
}

/** Waits for the lease, as long as there is time. */
async function take({ lease, pace, deadline }: Changing): Promise<Taken | Ending> {
  for (;;) {
    const taken = await lease.take();
    if (!('holder' in taken)) return taken;
    if (Date.now() + WORK * pace > deadline)
      return failed(
        `${taken.holder} is at work on the key policy, at most until ${at(taken.until)}: run this again then`,
      );
    await wait(pace * (0.5 + Math.random()));
  }
}

/** What came of the work, and whether it surely put nothing. */
interface Work {
  readonly ending: Ending;
  readonly nothingPut: boolean;
}

async function underLease(changing: Changing, taken: Taken): Promise<Work> {
  const prepared = await prepare(changing, taken).catch((error: unknown) =>
    failed(errorText(error)),
  );
  if ('outcome' in prepared) return { ending: prepared, nothingPut: true };
  const { before, next, mark } = prepared;
  const put = await changing.policy.put(next.after);
  if (put.outcome === 'refused') {
    await next.forget();
    return { ending: failed(next.explain(put.error)), nothingPut: true };
  }
  const shown = await readBack(changing, mark);
  if ('agreed' in shown) {
    const { fine, message } = next.judge(shown.agreed.document);
    const ending: Ending = fine
      ? { outcome: 'changed', written: 'yes', message }
      : failed(message, 'yes');
    return { ending, nothingPut: false };
  }
  const how = put.outcome === 'taken' ? 'KMS took it' : `KMS ended with ${errorText(put.error)}`;
  const why = `${how}, and ${whatShows(shown.last, { before, next, mark })}`;
  return { ending: failed(why, put.outcome === 'taken' ? 'yes' : 'not known'), nothingPut: false };
}

/** All that is ready to be put. */
interface Prepared {
  readonly before: Stored;
  readonly next: Edit;
  readonly mark: Mark;
}

/** Everything up to the put, which is the next thing to do; anew where the policy changes meanwhile. */
async function prepare(changing: Changing, taken: Taken): Promise<Prepared | Ending> {
  const { edit, lease, pace, deadline } = changing;
  for (;;) {
    const before = await settled(changing, taken);
    if ('outcome' in before) return before;
    const next = await edit(before);
    if ('outcome' in next) return next;
    if (!isKept(before))
      return failed(
        'the key policy has names that stand twice, or numbers, which would be lost: edit it by hand',
      );
    const prepared = { before, next, mark: markOf(next, lease.now()) };
    const timeIsOver = (): boolean => Date.now() + WORK * pace > deadline;
    try {
      if ((await announced(changing, prepared)) && !timeIsOver()) return prepared;
    } catch (error) {
      await next.forget();
      throw error;
    }
    await next.forget();
    if (timeIsOver())
      return failed('the key policy did not come to rest while there was time: run it again');
    await wait(pace);
  }
}

const markOf = ({ after }: Edit, at: number): Mark => ({ fingerprint: fingerprintOf(after), at });

/** Keeps what was there and says what is to come; then whether the policy is still the one that was looked at. */
async function announced(
  { policy, lease }: Changing,
  { before, next, mark }: Prepared,
): Promise<boolean> {
  await next.keep(before, mark);
  await lease.intend(mark);
  const now = await policy.read();
  return fingerprintOf(now.document) === fingerprintOf(before.document);
}

/** The policy as it surely is: what was last put shows, or that was long ago. */
async function settled(
  { policy, lease, pace, deadline }: Changing,
  { last }: Taken,
): Promise<Stored | Ending> {
  const until = (last?.at ?? 0) + SETTLED * pace;
  for (;;) {
    const stored = await policy.read();
    if (last?.fingerprint === fingerprintOf(stored.document) || lease.now() > until) return stored;
    if (Date.now() + WORK * pace > deadline)
      return failed(
        `the key policy is not the one that was put at ${at(last?.at ?? 0)}: it was edited since, or KMS shows an old one; run this again after ${at(until)}`,
      );
    await wait(pace);
  }
}

/** Reads until what was put shows in several reads in a row, or time is over. */
async function readBack(
  { policy, pace, deadline }: Changing,
  { fingerprint }: Mark,
): Promise<{ readonly agreed: Stored } | { readonly last: Stored | Error }> {
  let agreeing = 0;
  for (;;) {
    const read = await policy.read().catch((error: unknown) => new Error(errorText(error)));
    const shows = 'document' in read && fingerprintOf(read.document) === fingerprint;
    agreeing = shows ? agreeing + 1 : 0;
    if ('document' in read && agreeing === AGREEING) return { agreed: read };
    if (Date.now() + pace > deadline) return { last: read };
    await wait(pace);
  }
}

/** What is left to say where reads do not agree on what was put. */
function whatShows(last: Stored | Error, { before, next, mark }: Prepared): string {
  if (last instanceof Error) return `it could not be read back (${last.message}): look at the key`;
  const shown = fingerprintOf(last.document);
  if (shown === mark.fingerprint)
    return 'it shows in some reads and not in others: look again before you rely on it';
  if (shown === fingerprintOf(before.document))
    return 'the former policy still shows: look again in some minutes';
  return `another policy shows, so somebody else put one: ${next.judge(last.document).message}`;
}

/** A time as people read it. */
const at = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
