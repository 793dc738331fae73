/** The same items, as long as they come in time; then throws, even while it waits for one. */
export async function* until<T>(items: AsyncIterable<T>, milliseconds: number): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new Error(
          `time limit is near after ${milliseconds} ms, the flow logs that are left keep their last result`,
        ),
      );
    }, milliseconds);
  });
  late.catch(() => undefined);
  try {
    for (;;) {
      const next = await Promise.race([late, iterator.next()]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    clearTimeout(timer);
  }
}
