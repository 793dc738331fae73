import { setTimeout as wait } from 'node:timers/promises';
import type { FlowLog } from '../model/facts.ts';

/** The longest time between the record of a new flow log and the list of EC2 with this flow log. */
const MAX_LIST_LAG_MS = 5 * 60_000;

const LOOK_AGAIN_MS = 2_000;

/**
 * Lists a flow log that AWS Config recorded. EC2 may list a new flow log later than AWS Config records the flow log: looks
 * again after a pause, then rejects, and Lambda repeats the event. A flow log recorded long ago does not exist any more.
 */
export async function* flowLogOfEvent(
  list: () => AsyncIterable<FlowLog>,
  { id, recordedAt }: { readonly id: string; readonly recordedAt: Date },
): AsyncIterable<FlowLog> {
  let found = false;
  for (const pause of [0, LOOK_AGAIN_MS]) {
    if (found || (pause > 0 && !isRecent(recordedAt))) return;
    await wait(pause);
    for await (const flowLog of list()) {
      found = true;
      yield flowLog;
    }
  }
  if (!found && isRecent(recordedAt))
    throw new Error(
      `flow log ${id} was recorded at ${recordedAt.toISOString()}, but EC2 does not list it yet: the event has to be repeated`,
    );
}

const isRecent = (recordedAt: Date): boolean => Date.now() - recordedAt.getTime() < MAX_LIST_LAG_MS;
