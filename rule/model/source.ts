import type { Bucket, FlowLog, Key, Missing, Unknown } from './facts.ts';

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
