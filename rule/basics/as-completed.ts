/**
 * Works on many items at a time, and yields each result as soon as the result is known: a slow item holds up no other.
 * If the items or the work reject, first yields the results of all work under way.
 */
export async function* asCompleted<T, R>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<R>,
  maxAtOnce: number,
): AsyncGenerator<R> {
  const iterator = items[Symbol.asyncIterator]();
  const failures: unknown[] = [];
  const results: R[] = [];
  let running = 0;
  let state = 'ready' as 'ready' | 'pulling' | 'ended';
  let wake = (): void => undefined;
  const start = async (task: () => Promise<void>): Promise<void> => {
    running++;
    try {
      await task();
    } catch (error) {
      failures.push(error);
      state = 'ended';
    }
    running--;
    wake();
  };
  const pull = async (): Promise<void> => {
    const next = await iterator.next();
    state = next.done ? 'ended' : 'ready';
    if (next.done) return;
    const { value } = next;
    void start(async () => {
      results.push(await work(value));
    });
  };
  try {
    while (state !== 'ended' || running > 0 || results.length > 0) {
      if (state === 'ready' && running < maxAtOnce) {
        state = 'pulling';
        void start(pull);
      }
      // One promise for the next end of any work: a race would look at all running work for each result.
      if (results.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      yield* results.splice(0);
    }
    if (failures.length > 0) throw failures[0];
  } finally {
    // Not awaited: the iterator may wait for the very item that is late.
    void iterator.return?.();
  }
}
