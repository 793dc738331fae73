/** What was asked and not answered, and why. */
export interface Unknown {
  readonly unknown: string;
  /** It was there, and could not be read. */
  readonly broken?: true;
}

/** What AWS itself says does not exist, in its words. */
export interface Missing {
  readonly missing: string;
}

/** A VPC, subnet, network interface or transit gateway flow log. */
export interface FlowLog {
  readonly id: string;
  /** The account that owns the flow log: 12 digits. */
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  /** What is logged, such as `vpc-0123`; empty where the source does not say. */
  readonly resourceId: string;
  readonly destination: Destination;
  /** By name, as far as the source tells them. */
  readonly tags: Readonly<Record<string, string>>;
  /** Whether objects lie under Hive-compatible prefixes; undefined where the source does not say. */
  readonly hivePrefixes: boolean | undefined;
  /** What AWS last observed of the delivery; it lags. */
  readonly observed: { readonly status: string | undefined; readonly error: string | undefined };
  /** When the source recorded it, in milliseconds since 1970; undefined where it does not say. */
  readonly capturedAt?: number | undefined;
}

export type Destination =
  | {
      readonly kind: 's3';
      readonly bucket: string;
      /** The folder of the destination without slashes at its ends, often empty. */
      readonly folder: string;
    }
  | { readonly kind: 'elsewhere'; readonly type: string }
  | Unknown;

export interface Bucket {
  readonly name: string;
  /** The account that owns it, where that could be learned; a bucket's ARN does not tell. */
  readonly accountId: string | undefined;
  readonly region: string | Unknown;
  readonly encryption: Encryption | Unknown;
  /** The bucket policy, where it was asked for. */
  readonly policy: PolicyDocument | Missing | Unknown | undefined;
}

/** The default encryption of a bucket. */
export interface Encryption {
  /** `AES256`, `aws:kms`, `aws:kms:dsse`, or what else AWS may say. */
  readonly algorithm: string;
  /** A key or alias, by ARN, id or name, as the bucket has it. */
  readonly keyId: string | undefined;
  readonly bucketKey: boolean | undefined;
}

export interface Key {
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly description: KeyDescription | Unknown;
  readonly policy: PolicyDocument | Unknown;
}

/** What DescribeKey tells; undefined where a recorded item lacks it. */
export interface KeyDescription {
  readonly state: string | undefined;
  readonly manager: string | undefined;
  readonly usage: string | undefined;
  readonly spec: string | undefined;
  readonly origin: string | undefined;
  readonly multiRegion: boolean | undefined;
}

/** A resource policy as JSON, not yet read. */
export interface PolicyDocument {
  readonly document: unknown;
}

/** One flow log with its bucket and key, as far as they could be learned; undefined where there is none to learn of. */
export interface Facts {
  readonly flowLog: FlowLog;
  readonly bucket: Bucket | Missing | Unknown | undefined;
  readonly key: Key | Missing | Unknown | undefined;
}

export const isUnknown = (fact: unknown): fact is Unknown =>
  typeof fact === 'object' && fact !== null && 'unknown' in fact;

export const isMissing = (fact: unknown): fact is Missing =>
  typeof fact === 'object' && fact !== null && 'missing' in fact;

/** The bucket or key, if it was learned. */
export function learned<T extends object>(fact: T | Missing | Unknown | undefined): T | undefined {
  return fact === undefined || isUnknown(fact) || isMissing(fact) ? undefined : fact;
}
