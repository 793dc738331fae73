import type { Bucket, FlowLog, Key, Missing, Unknown } from '../model/facts.ts';

/** Where facts about buckets and keys come from. What AWS refuses to tell is `Unknown`; every other failure rejects. */
export interface Source {
  bucket(name: string, partition: string): Promise<Bucket | Missing | Unknown>;
  /** A key by the ARN of the key or of an alias. */
  key(arn: string): Promise<Key | Missing | Unknown>;
}

/** Flow logs of one place. */
export interface Listing {
  /** Such as a Region. */
  readonly name: string;
  /** Page by page; rejects if they cannot be listed. */
  readonly flowLogs: () => AsyncIterable<FlowLog>;
}

/** The same source, which is asked for each bucket and each key only once. */
export function once(source: Source): Source {
  return {
    bucket: remembered((name, partition) => source.bucket(name, partition)),
    key: remembered((arn) => source.key(arn)),
  };
}

function remembered<A extends readonly string[], T>(
  ask: (...about: A) => Promise<T>,
): (...about: A) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (...about) => {
    const name = about.join(' ');
    const answer = answers.get(name) ?? ask(...about);
    answers.set(name, answer);
    return answer;
  };
}
