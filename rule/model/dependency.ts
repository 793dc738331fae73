/** A resource on which flow logs depend. */
export type Dependency =
  | { readonly kind: 'bucket'; readonly name: string }
  /** A key, or an alias of a key. */
  | { readonly kind: 'key'; readonly arn: string };
