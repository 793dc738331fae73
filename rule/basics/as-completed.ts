/**
 * Works on a few items at a time, and yields each result as soon as the result is known: a slow item holds up no other.
 * If the items or the work reject, first yields the results of all work under way.
 */
export async function* asCompleted<T, R>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<R>,
  maxAtOnce: number,
): AsyncGenerator<R> {
  const iterator = items[Symbol.asyncIterator]();
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const results: R[] = [];
  let state = 'ready' as 'ready' | 'pulling' | 'ended';
  const run = async (task: () => Promise<void>): Promise<void> => {
    try {
      await task();
    } catch (error) {
      failures.push(error);
      state = 'ended';
    }
  };
  const start = (task: () => Promise<void>): void => {
    const started = run(task).finally(() => running.delete(started));
    running.add(started);
  };
  const pull = async (): Promise<void> => {
    const next = await iterator.next();
    state = next.done ? 'ended' : 'ready';
    if (!next.done) {
      const { value } = next;
      start(async () => {
        results.push(await work(value));
      });
    }
  };
  try {
    while (state !== 'ended' || running.size > 0 || results.length > 0) {
      if (state === 'ready' && running.size < maxAtOnce) {
        state = 'pulling';
        start(pull);
      }
      if (results.length === 0) await Promise.race(running);
      yield* results.splice(0);
    }
    if (failures.length > 0) throw failures[0];
  } finally {
    // Not awaited: the iterator may wait for the very item that is late.
    void iterator.return?.();
  }
}
