import { setTimeout as wait } from 'node:timers/promises';

const MAX_RETRIES = 3;

interface Batch<T> {
  readonly items: readonly T[];
  /** Sends items, and resolves with the refused items. */
  readonly send: (items: readonly T[]) => Promise<readonly T[]>;
  /** Ends the pause before a retry. */
  readonly abortSignal?: AbortSignal;
}

/** Sends items, and sends refused items again after growing pauses. Resolves with the items refused to the end. */
export async function sendBatch<T>({ items, send, abortSignal }: Batch<T>): Promise<readonly T[]> {
  let left = items;
  for (let retry = 0; left.length > 0 && retry <= MAX_RETRIES; retry++) {
    if (retry > 0) await wait(100 * 2 ** retry, undefined, { signal: abortSignal });
    left = await send(left);
  }
  return left;
}

/** Cuts a list into groups of so many items; the last group may be smaller. */
export const inGroups = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, nth) =>
    items.slice(nth * size, (nth + 1) * size),
  );
