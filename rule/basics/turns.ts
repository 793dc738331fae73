/** Lets work wait for its turn: so many pieces of work go on at once, the others begin in the order of their arrival. */
type TakeTurn = <T>(work: () => Promise<T>) => Promise<T>;

export function turns(maxAtOnce: number): TakeTurn {
  const waiting: (() => void)[] = [];
  let atWork = 0;
  return async (work) => {
    if (atWork === maxAtOnce) await new Promise<void>((begin) => waiting.push(begin));
    else atWork++;
    try {
      return await work();
    } finally {
      // The turn passes to the next work at once, so nobody slips in between.
      const begin = waiting.shift();
      if (begin === undefined) atWork--;
      else begin();
    }
  };
}
