import type { Bucket, Facts, Key, Missing, Unknown } from './facts.ts';
import type { Grants } from './kms-grants.ts';

/** A text that an account keeps under a name. */
export interface StoredText {
  readonly kind: 'stored-text';
  readonly text: string;
}

/**
 * The things that a template or plan names and does not contain, in an account of AWS. A refusal is unknown; every other
 * failure rejects.
 */
export interface ExistingSource {
  /** The account of the credentials: 12 digits. */
  readonly accountId: string;
  readonly bucket: (name: string, partition: string) => Promise<Bucket | Missing | Unknown>;
  /** A key by the ARN of the key or of an alias. */
  readonly key: (arn: string) => Promise<Key | Missing | Unknown>;
  readonly grants: (keyArn: string) => Promise<Grants | Unknown>;
  readonly organization: (accountId: string) => Promise<NonNullable<Facts['organization']>>;
  /** The value that a stack of the account exports in a Region. */
  readonly exported: (name: string, region: string) => Promise<StoredText | Missing | Unknown>;
  /** The value of a parameter in Systems Manager, of the account in a Region. */
  readonly parameter: (name: string, region: string) => Promise<StoredText | Missing | Unknown>;
}

/** The same things, at once: undefined until the account has answered. */
export type Existing = {
  readonly [Name in keyof ExistingSource]: AtOnce<ExistingSource[Name]>;
};

type AtOnce<F> = F extends (...texts: infer A) => Promise<infer T>
  ? (...texts: A) => T | Unknown | undefined
  : F;
