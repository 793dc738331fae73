import { setTimeout as wait } from 'node:timers/promises';
import { errorText } from '../basics/text.ts';
import { isoSeconds } from '../basics/time-span.ts';
import { failed, type Ending, type Failed } from './ending.ts';
import type { TakenLease } from './lease.ts';
import type { MendContext } from './mend-context.ts';
import { putErrorInWords, type MakeChange, type PolicyWork } from './policy-change.ts';
import { preparePut, type PreparedPut } from './prepare-put.ts';
import { putUnlessEdited } from './put-unless-edited.ts';
import { keepStrange, lastReadInWords, readBack, type WatchingWork } from './read-back.ts';
import { watchEdits } from './watch-edits.ts';
import { hasTimeToPut, LEASE_PACES, MAX_LAG_PACES } from './timing.ts';

/** The needs of a change: the time limits, and the way to the key. */
export type ChangeContext = Pick<MendContext, 'paceMs' | 'deadline' | 'openPolicy' | 'openLease'>;

/**
 * Changes a key policy under the lease of the key: reads the policy, makes the change, puts the new policy and reads
 * again until KMS shows the new policy. Only the holder of the lease may put, because KMS has no conditional put and may
 * show a former policy for a while. Rejects if nobody may mend the key.
 * https://docs.aws.amazon.com/kms/latest/developerguide/accessing-kms.html#programming-eventual-consistency
 */
export async function changePolicy(
  keyArn: string,
  makeChange: MakeChange,
  context: ChangeContext,
): Promise<Ending> {
  const { paceMs, deadline } = context;
  const policy = await context.openPolicy(keyArn);
  const lease = await context.openLease(keyArn, LEASE_PACES * paceMs);
  const work = { policy, lease, makeChange, paceMs, deadline };
  const taken = await takeLease(work).catch((error: unknown) =>
    failed(`the lease could not be taken (${errorText(error)})`),
  );
  if (taken.kind === 'failed') return taken;
  const workDeadline = Math.min(deadline, Date.now() + MAX_LAG_PACES * paceMs);
  const { former } = taken;
  const ending = await prepareAndPut({ ...work, deadline: workDeadline, former });
  try {
    await (ending.written === 'no' ? lease.cancel(former) : lease.release());
    return ending;
  } catch (error) {
    const why = `the lease could not be released, and ends by itself (${errorText(error)})`;
    return { ...ending, message: `${ending.message}; ${why}` };
  }
}

/** Waits for the lease while enough time for a put is left. */
async function takeLease(work: Omit<PolicyWork, 'former'>): Promise<TakenLease | Failed<'no'>> {
  for (;;) {
    const lease = await work.lease.take();
    if (lease.kind === 'taken') return lease;
    if (!hasTimeToPut(work)) {
      const until = isoSeconds(new Date(lease.until));
      return failed(
        `another mend is at work on the key policy, at most until ${until}: run this again then`,
      );
    }
    await wait(work.paceMs * (0.5 + Math.random()));
  }
}

/** Works under the lease. The ending tells whether KMS may have a new policy. */
async function prepareAndPut(work: PolicyWork): Promise<Ending> {
  const prepared = await preparePut(work).catch((error: unknown) => failed(errorText(error)));
  if (prepared.kind !== 'prepared') return prepared;
  const { change } = prepared;
  const policy = watchEdits(work.policy, prepared.put);
  const watching = { ...work, policy };
  const end = await putUnlessEdited(watching, prepared);
  switch (end.kind) {
    case 'accepted':
      return readBackEnding(watching, prepared, undefined);
    case 'unclear':
      return readBackEnding(watching, prepared, end.error);
    case 'refused':
      await change.withdrawRecord();
      return failed(change.explainRefusal(end.error, putErrorInWords(end.error, change)));
    case 'throttled':
      await change.withdrawRecord();
      return failed(
        `KMS throttled the put (${putErrorInWords(end.error, change)}): run this again`,
      );
    case 'edited':
      await change.withdrawRecord();
      return prepareAndPut(work);
  }
}

/** Reads after the put. A success needs reads that agree, and that show no edit which the put may have overwritten. */
async function readBackEnding(
  work: WatchingWork,
  prepared: PreparedPut,
  lost: Error | undefined,
): Promise<Ending> {
  const { agreed, last } = await readBack(work, prepared);
  const strange = work.policy.strange();
  const kept = strange.length === 0 ? '' : await keepStrange(strange, prepared);
  const and = (message: string): string => (kept === '' ? message : `${message}; ${kept}`);
  if (agreed === undefined) {
    const shown = and(lastReadInWords(last, prepared));
    return lost === undefined
      ? failed(`KMS took it, and ${shown}`, 'yes')
      : failed(
          `KMS ended with ${putErrorInWords(lost, prepared.change)}, and ${shown}`,
          'not known',
        );
  }
  const { fine, message } = prepared.change.judge(agreed.document);
  return fine && kept === ''
    ? { kind: 'changed', written: 'yes', message }
    : failed(and(message), 'yes');
}
