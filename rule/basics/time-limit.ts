/** What a timer takes, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** What comes in time; rejects at the deadline (milliseconds since 1970) even while it waits. */
export async function withinDeadline<T>(asked: Promise<T>, deadline: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        reject(new Error('time limit is near: what is left keeps its last result'));
      },
      Math.min(deadline - Date.now(), LONGEST),
    );
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same items, as long as they come in time; then rejects, and asks for no more. */
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
    // Not awaited: it may wait for the very thing that is late.
    void iterator.return?.();
  }
}
