import type { CheckCode, Outcome } from '../../../model/verdict.ts';

/** The data of the page. Flow logs name their place and group by number, so that each text stands once. */
export interface PageData {
  readonly places: readonly PagePlace[];
  readonly groups: readonly PageGroup[];
  /** The statements for key policies. */
  readonly statements: readonly PageStatement[];
  /** The addresses of the pages on checks. */
  readonly checkPages: Readonly<Partial<Record<CheckCode, string>>>;
  readonly flowLogs: readonly PageFlowLog[];
}

/** Outcomes, the worst first. */
export const outcomesByGravity = ['blocked', 'unknown', 'deliverable', 'exempt'] as const;

/** The account and Region; empty where only a deployment tells them. */
export type PagePlace = readonly [accountId: string, region: string];

/** Flow logs with the same outcome for the same reason, key and bucket. */
export interface PageGroup {
  readonly outcome: Outcome;
  readonly check: CheckCode | null;
  readonly bucket: string | null;
  readonly keyArn: string | null;
  /** The link that fails or may fail; null for a delivery without a remark. */
  readonly link: DeliveryLink | null;
  readonly what: string;
  readonly next: string;
  readonly notes: readonly string[];
  /** The number of the statement that settles the group. */
  readonly statement: number | null;
}

/** A step of the delivery: from the flow log to the bucket, or from the bucket to the key. */
export type DeliveryLink = 'to-bucket' | 'to-key';

export interface PageStatement {
  readonly text: string;
  /** A remark above the statement. */
  readonly remark: string;
}

/** A flow log, with the numbers of group and place. The place in a file is left out for a flow log that exists. */
export type PageFlowLog = readonly [
  id: string,
  group: number,
  place: number,
  resourceId: string,
  file?: string,
];
