import type { Bucket, Facts, FlowLog, Key, Missing, Unknown } from './facts.ts';
import type { Grants } from './kms-grants.ts';

/** Where facts about buckets and keys come from. A refusal by AWS is `Unknown`; every other failure rejects. */
export interface Source {
  bucket(name: string, partition: string): Promise<Bucket | Missing | Unknown>;
  /** A key by the ARN of the key or of an alias. */
  key(arn: string): Promise<Key | Missing | Unknown>;
  /** The grants of a key, by the ARN of the key. Rejects when AWS refuses. Recorded sources have no grants. */
  readonly grants?: (keyArn: string) => Promise<Grants>;
  /** The organization of an account. Recorded sources have no organizations. */
  readonly organization?: (accountId: string) => Promise<NonNullable<Facts['organization']>>;
}

/** Where recorded facts about buckets and keys come from: at once, without a call. */
export interface RecordedSource {
  readonly bucket: (name: string, partition: string) => Bucket | Unknown;
  /** A key by the ARN of the key or of an alias. */
  readonly key: (arn: string) => Key | Unknown;
}

/** The flow logs of a place. */
export interface Listing {
  /** The Region, say. */
  readonly name: string;
  /** Page by page; rejects if AWS does not list the flow logs. */
  readonly flowLogs: () => AsyncIterable<FlowLog>;
}
