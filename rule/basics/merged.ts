/**
 * Passes on the items of several lists as the items come, a few lists at a time. A list that fails ends alone; after the
 * items of all others rejects with the first failure.
 */
export async function* merged<T>(
  lists: readonly AsyncIterable<T>[],
  maxAtOnce: number,
): AsyncGenerator<T> {
  const waiting = lists.map((list) => list[Symbol.asyncIterator]());
  const pulled = new Map<AsyncIterator<T>, Promise<() => readonly T[]>>();
  const failures: unknown[] = [];
  const pull = (iterator: AsyncIterator<T>): void => {
    const next = iterator.next().then(
      (result) => () => {
        if (result.done === true) return replace(iterator);
        pull(iterator);
        return [result.value];
      },
      (failure: unknown) => () => {
        failures.push(failure);
        return replace(iterator);
      },
    );
    pulled.set(iterator, next);
  };
  const replace = (ended: AsyncIterator<T>): readonly T[] => {
    pulled.delete(ended);
    waiting.splice(0, 1).forEach(pull);
    return [];
  };
  try {
    waiting.splice(0, maxAtOnce).forEach(pull);
    while (pulled.size > 0) yield* (await Promise.race(pulled.values()))();
    if (failures.length > 0) throw failures[0];
  } finally {
    // Not awaited: an iterator may wait for the very item that is late.
    for (const iterator of pulled.keys()) void iterator.return?.();
  }
}
