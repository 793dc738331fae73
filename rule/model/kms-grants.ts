/** The permission of one principal to use a key, beside the key policy. */
export interface KmsGrant {
  readonly id: string;
  /** A service like `delivery.logs.amazonaws.com`, or an ARN. */
  readonly grantee: string;
  /** Like `GenerateDataKey`. */
  readonly operations: readonly string[];
  /** The `aws:SourceArn` that the grant asks for; undefined where the grant asks for none. */
  readonly sourceArn?: string | undefined;
}

/** The grants of a key. */
export interface Grants {
  readonly kind: 'grants';
  readonly grants: readonly KmsGrant[];
  /** False where the key has more grants than were read. */
  readonly isWhole: boolean;
}
