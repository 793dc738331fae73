import type { Grants } from './kms-grants.ts';
import type { Origin } from './origin.ts';

/** A question with no answer, although the source was asked. */
export interface Unknown {
  readonly kind: 'unknown';
  /** The reason, and after a colon the next step. */
  readonly why: string;
  /** The step that settles the question, as in `why`; undefined where the source knows none. */
  readonly next?: string;
  /** The reason without the words of a policy, where `why` quotes a policy. */
  readonly unquoted?: string;
  /** Set where the source has the fact in an unreadable form. */
  readonly broken?: true;
}

/** A resource does not exist: AWS itself says so, in these words. */
export interface Missing {
  readonly kind: 'missing';
  readonly why: string;
}

/** Nobody asked the question, because the verdict does not need the answer. */
export interface NotAsked {
  readonly kind: 'not-asked';
}

export const unknown = (cause: string, next?: string): Unknown => ({
  kind: 'unknown',
  ...(next === undefined ? { why: cause } : { why: `${cause}: ${next}`, next }),
});
export const missing = (why: string): Missing => ({ kind: 'missing', why });
export const notAsked: NotAsked = { kind: 'not-asked' };

/** The form of the ids that EC2 gives to flow logs. */
export const FLOW_LOG_ID = /^fl-[0-9a-f]{8,17}$/;

/** A VPC, subnet, network interface or transit gateway flow log. */
export interface FlowLog {
  readonly id: string;
  /** The owner of the flow log: 12 digits. */
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  /** The logged resource, like `vpc-0123`; empty where the source does not say. */
  readonly resourceId: string;
  readonly destination: Destination;
  /** Values by name, as far as the source tells. */
  readonly tags: Readonly<Record<string, string>>;
  /** Whether objects lie under Hive-compatible prefixes; undefined where the source does not say. */
  readonly hivePrefixes: boolean | undefined;
  /** The delivery as AWS last observed. The observation lags. */
  readonly observed: { readonly status: string | undefined; readonly error: string | undefined };
  /** The time of recording, in milliseconds since 1970; undefined where the source does not say. */
  readonly capturedAt?: number | undefined;
  /** The time of creation, in milliseconds since 1970; undefined where the source does not say. */
  readonly createdAt?: number | undefined;
}

export type Destination =
  | {
      readonly kind: 's3';
      readonly bucket: string;
      /** The folder of the destination without slashes at either end, often empty. */
      readonly folder: string;
    }
  | { readonly kind: 'elsewhere'; readonly type: string }
  | Unknown;

export interface Bucket extends Origin {
  readonly kind: 'bucket';
  readonly name: string;
  /** The owner of the bucket; undefined where the source does not say: the ARN names no account. */
  readonly accountId: string | undefined;
  readonly region: string | Unknown;
  readonly encryption: Encryption | Unknown;
  readonly policy: PolicyDocument | Missing | Unknown | NotAsked;
  /** True before a deployment: AWS has not yet added its statements to the policy. */
  readonly isPlanned?: true;
}

/** The default encryption of a bucket. */
export interface Encryption {
  readonly kind: 'encryption';
  /** `AES256`, `aws:kms`, `aws:kms:dsse`, or a later algorithm. */
  readonly algorithm: string;
  /** A key or alias, by ARN, id or name, in the spelling of the bucket. */
  readonly keyId: string | undefined;
  readonly bucketKey: boolean | undefined;
}

export interface Key extends Origin {
  readonly kind: 'key';
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly description: KeyDescription | Unknown;
  readonly policy: PolicyDocument | Unknown;
}

/** The answer of DescribeKey; a property is undefined where a recorded item lacks the property. */
export interface KeyDescription {
  readonly kind: 'description';
  readonly state: string | undefined;
  readonly manager: string | undefined;
  readonly usage: string | undefined;
  readonly spec: string | undefined;
  readonly origin: string | undefined;
  readonly multiRegion: boolean | undefined;
  /** `PRIMARY` or `REPLICA`, for a multi-Region key. */
  readonly multiRegionKeyType?: string | undefined;
}

/** A resource policy as JSON, not yet read. Messages never quote a sensitive policy. */
export interface PolicyDocument {
  readonly kind: 'policy';
  readonly document: unknown;
  readonly isSensitive?: true;
}

/** A flow log with bucket and key, as far as the source tells. */
export interface Facts {
  readonly flowLog: FlowLog;
  readonly bucket: Bucket | Missing | Unknown | NotAsked;
  readonly key: Key | Missing | Unknown | NotAsked;
  /** Looked up only where a first verdict asks for grants; undefined where nobody looked, or AWS refused. */
  readonly grants?: Grants;
  /** Looked up only where a verdict depends on the account's organization; missing for an account without any. */
  readonly organization?:
    { readonly kind: 'organization'; readonly id: string } | Missing | Unknown;
}

/** The name of the destination bucket; undefined where the destination is unknown or not S3. */
export const bucketNameOf = ({ destination }: Pick<FlowLog, 'destination'>): string | undefined =>
  destination.kind === 's3' ? destination.bucket : undefined;

type Gap = Unknown | Missing | NotAsked;

/** Whether a fact of any type is unknown. */
export const isUnknown = (fact: unknown): fact is Unknown =>
  typeof fact === 'object' && fact !== null && 'kind' in fact && fact.kind === 'unknown';

/** The bucket or key, if the source has it. */
export const learned = <F extends { readonly kind: string }>(
  fact: F | undefined,
): Exclude<F, Gap> | undefined =>
  fact === undefined || gaps.has(fact.kind) ? undefined : (fact as Exclude<F, Gap>);

const gaps: ReadonlySet<string> = new Set<Gap['kind']>(['unknown', 'missing', 'not-asked']);
