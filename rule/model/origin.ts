/** The origin of a bucket or key. AWS itself was asked where both properties are undefined. */
export interface Origin {
  /** The time of recording, in milliseconds since 1970: `-Infinity` for a record without a time. */
  readonly capturedAt?: number | undefined;
  /** The resource of a template or plan that makes the bucket or key. */
  readonly definedAs?: string;
}
