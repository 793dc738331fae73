import type { FlowLog } from './facts.ts';

/** Will AWS be able to write this flow log into its bucket? `exempt` where the question does not arise, or nobody asks. */
export type Outcome = 'exempt' | 'blocked' | 'unknown' | 'deliverable';

/** The code of a check; the order is that of the checks. */
export const checkCodes = [
  'destination',
  'exemption',
  'bucket',
  'customer-key',
  'aws-managed-key',
  'key-by-arn',
  'key',
  'key-region',
  'key-state',
  'key-usage',
  'key-policy',
  'bucket-policy',
  'delivery-status',
] as const;
export type CheckCode = (typeof checkCodes)[number];

/** What a check said: subject first, lower-case, the value and the next step. */
export interface Finding {
  readonly check: CheckCode;
  readonly outcome: Outcome;
  readonly message: string;
}

export interface Verdict {
  readonly flowLog: FlowLog;
  readonly bucket: string | null;
  readonly keyArn: string | null;
  readonly outcome: Outcome;
  /** The check with the gravest finding; null only for deliverable. */
  readonly reason: CheckCode | null;
  readonly message: string;
  readonly findings: readonly Finding[];
}
