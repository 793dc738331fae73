import type { Listing } from '../model/source.ts';
import type { Watch } from '../sources/aws/questions.ts';
import type { Remark } from './options.ts';

/** A person sees after this time that the program waits, and for whom. */
const LONG_WAIT_MS = 10_000;

/** Says on stderr, once for each subject, that an answer takes long. */
export function watchWaits(say: Remark, milliseconds = LONG_WAIT_MS): Watch {
  const said = new Set<string>();
  return async (answer, subject) => {
    const timer = setTimeout(() => {
      if (!said.has(subject)) say(`waiting for ${subject}`);
      said.add(subject);
    }, milliseconds);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  };
}

/** A listing that says which flow logs take long. */
export const watchedListing = ({ name, flowLogs }: Listing, watch: Watch): Listing => ({
  name,
  async *flowLogs() {
    const iterator = flowLogs()[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await watch(iterator.next(), `the flow logs of ${name}`);
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      void iterator.return?.();
    }
  },
});
