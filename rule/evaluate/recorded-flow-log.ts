import { setTimeout as wait } from 'node:timers/promises';
import type { FlowLog } from '../model/facts.ts';

/** The longest time between the record of a new flow log and the list of EC2 with this flow log. */
const MAX_LIST_LAG_MS = 5 * 60_000;

/**
 * Lambda's last attempt comes this long after the first, and later still after the record: one minute and two minutes
 * after a failure. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const LAST_ATTEMPT_MS = 3 * 60_000;

const LOOK_AGAIN_MS = 2_000;

/** Timers may end a moment early. */
const TIMER_MARGIN_MS = 100;

/**
 * Lists a flow log that AWS Config recorded. EC2 may list a new flow log later than AWS Config records the flow log: looks
 * again after a pause, then rejects, and Lambda repeats the event. A flow log recorded long ago does not exist any more.
 */
export async function* flowLogOfEvent(
  list: () => AsyncIterable<FlowLog>,
  { id, recordedAt }: { readonly id: string; readonly recordedAt: Date },
): AsyncIterable<FlowLog> {
  const ageMs = (): number => Date.now() - recordedAt.getTime();
  if ((yield* passedOn(list)) || ageMs() >= MAX_LIST_LAG_MS) return;
  await wait(pauseAt(ageMs()));
  if ((yield* passedOn(list)) || ageMs() >= MAX_LIST_LAG_MS) return;
  throw new Error(
    `flow log ${id} was recorded at ${recordedAt.toISOString()}, but EC2 does not list it yet: the event has to be repeated`,
  );
}

/** Passes the flow logs on, and returns whether there are any. */
async function* passedOn(list: () => AsyncIterable<FlowLog>): AsyncGenerator<FlowLog, boolean> {
  let found = false;
  for await (const flowLog of list()) {
    found = true;
    yield flowLog;
  }
  return found;
}

/**
 * The pause before the second look. An attempt that may be the last waits until the second look is certain: otherwise the
 * event of a flow log that was deleted at once would become a dead letter.
 */
const pauseAt = (ageMs: number): number =>
  ageMs < LAST_ATTEMPT_MS ? LOOK_AGAIN_MS : MAX_LIST_LAG_MS - ageMs + TIMER_MARGIN_MS;
