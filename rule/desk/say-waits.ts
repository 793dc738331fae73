import type { Listing, Source } from '../model/source.ts';
import type { Listed } from './judge-listings.ts';
import { complain } from './terminal.ts';

/** A person sees after this time that the program waits, and for whom. */
const LONG_WAIT_MS = 10_000;

/** Says on stderr, once, that an answer takes long. */
export type Watch = <T>(answer: Promise<T>, subject: string) => Promise<T>;

export function watchWaits(milliseconds = LONG_WAIT_MS, say = complain): Watch {
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

/** Watches every answer about a flow log, bucket, key, grant or organization. */
export const watched = ({ source, listings }: Listed, watch: Watch): Listed => ({
  source: watchedSource(source, watch),
  listings: listings.map((each) => watchedListing(each, watch)),
});

function watchedSource(source: Source, watch: Watch): Source {
  const { grants, organization } = source;
  return {
    bucket: (name, partition) => watch(source.bucket(name, partition), `bucket ${name}`),
    key: (arn) => watch(source.key(arn), `key ${arn}`),
    ...(grants && { grants: (arn) => watch(grants(arn), `grants of key ${arn}`) }),
    ...(organization && {
      organization: (accountId) =>
        watch(organization(accountId), `the organization of account ${accountId}`),
    }),
  };
}

const watchedListing = ({ name, flowLogs }: Listing, watch: Watch): Listing => ({
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
