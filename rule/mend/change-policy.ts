import { setTimeout as wait } from 'node:timers/promises';
import { errorText } from '../basics/text.ts';
import { isoSeconds } from '../basics/time-span.ts';
import { failed, type Ending, type Failed } from './ending.ts';
import type { TakenLease } from './lease.ts';
import type { PutNotice } from './lease-item.ts';
import type { MendContext } from './mend-context.ts';
import type { MakeChange, PolicyWork } from './policy-change.ts';
import { preparePut } from './prepare-put.ts';
import { lastReadInWords, readBack } from './read-back.ts';
import { hasTimeToPut, LEASE_PACES, MAX_LAG_PACES } from './timing.ts';

/**
 * Changes a key policy under the lease of the key: reads the policy, makes the change, puts the new policy and reads
 * again until KMS shows the new policy. Only the holder of the lease may put, because KMS has no conditional put and may
 * show a former policy for a while. Rejects if nobody may mend the key.
 * https://docs.aws.amazon.com/kms/latest/developerguide/accessing-kms.html#programming-eventual-consistency
 */
export async function changePolicy(
  keyArn: string,
  makeChange: MakeChange,
  context: MendContext,
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
  const ending = await prepareAndPut({ ...work, deadline: workDeadline }, taken.former);
  try {
    await (ending.written === 'no' ? lease.cancel(taken.former) : lease.release());
    return ending;
  } catch (error) {
    const why = `the lease could not be released, and is over by itself (${errorText(error)})`;
    return { ...ending, message: `${ending.message}; ${why}` };
  }
}

/** Waits for the lease while enough time for a put is left. */
async function takeLease(work: PolicyWork): Promise<TakenLease | Failed<'no'>> {
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
async function prepareAndPut(work: PolicyWork, former: PutNotice | undefined): Promise<Ending> {
  const prepared = await preparePut(work, former).catch((error: unknown) =>
    failed(errorText(error)),
  );
  if (prepared.kind !== 'prepared') return prepared;
  const { change, notice } = prepared;
  const result = await work.policy.put(change.after);
  if (result.kind === 'refused') {
    await change.withdrawRecord();
    return failed(change.explainRefusal(result.error));
  }
  const back = await readBack(work, notice);
  if (back.kind === 'agreed') {
    const { fine, message } = change.judge(back.policy.document);
    return fine ? { kind: 'changed', written: 'yes', message } : failed(message, 'yes');
  }
  const shown = lastReadInWords(back.last, prepared);
  return result.kind === 'accepted'
    ? failed(`KMS took it, and ${shown}`, 'yes')
    : failed(`KMS ended with ${errorText(result.error)}, and ${shown}`, 'not known');
}
