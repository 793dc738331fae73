/** The longest time that a timer of Node.js can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Resolves with the result of the work. Rejects with the message when the time limit is over, and aborts the signal
 * so that the work can stop too.
 */
export async function withTimeLimit<T>(
  work: (signal: AbortSignal) => Promise<T>,
  milliseconds: number,
  message: string | (() => string),
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const stop = () => {
      reject(new Error(typeof message === 'string' ? message : message()));
      controller.abort();
    };
    timer = setTimeout(stop, Math.min(milliseconds, MAX_TIMER_MS));
  });
  try {
    return await Promise.race([work(controller.signal), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves as the promise does; rejects at the deadline (milliseconds since 1970), also while the promise waits. */
export const withinDeadline = <T>(
  promise: Promise<T>,
  deadline: number,
  consequence = 'the rest of the flow logs was not judged',
): Promise<T> =>
  withTimeLimit(() => promise, deadline - Date.now(), `time limit is near: ${consequence}`);

/** Passes the items on until the deadline; then rejects, and asks for no further item. */
export async function* untilDeadline<T>(
  items: AsyncIterable<T>,
  deadline: number,
): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await withinDeadline(iterator.next(), deadline);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: the iterator may wait for the very item that is late.
    void iterator.return?.();
  }
}
