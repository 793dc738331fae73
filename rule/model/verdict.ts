import type { Facts } from './facts.ts';
import type { Question } from './question.ts';

/**
 * Will AWS be able to write this flow log into its bucket? `exempt`: the question does not arise, or an exemption answers.
 * Reports have this order.
 */
export const allOutcomes = ['blocked', 'unknown', 'deliverable', 'exempt'] as const;
export type Outcome = (typeof allOutcomes)[number];

/** The codes of the checks, in the order of the checks. */
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

/** No other check may say deliverable. */
type DeliveryCheckCode = 'bucket' | 'key-policy';

/** The possible outcomes of a check. */
type OutcomeOf<C extends CheckCode> = C extends DeliveryCheckCode
  ? Outcome
  : Exclude<Outcome, 'deliverable'>;

/** The answer of a check, in parts: each report puts the parts together within the limits of the report. */
export type CheckAnswer<O extends Outcome = Outcome> = O extends Outcome
  ? AnswerInWords<O> & {
      readonly outcome: O;
      /** Remarks, without effect on the outcome. */
      readonly advice?: readonly string[];
      /** A fact to look up before the outcome counts. */
      readonly asks?: 'grants';
    }
  : never;

interface AnswerInWords<O extends Outcome> {
  /** One line, lower-case, cause first. Names the bucket as `bucket NAME` and the key as `key ARN`, or not at all. */
  readonly what: string;
  /** The next step of a person, lower-case; null where nothing is left to do. */
  readonly next: O extends 'blocked' | 'unknown' ? string : null;
}

/** A reason for a delivery to fail. */
export interface Check<C extends CheckCode = CheckCode> {
  readonly code: C;
  /** The reason as a sentence, for tables of checks. */
  readonly title: string;
  /** Answers, or stays silent (undefined) with nothing to say about these facts. */
  readonly look: (facts: Facts, question: Question) => CheckAnswer<OutcomeOf<C>> | undefined;
}

/** The answer of a check, with the code of the check and the place. */
export interface Finding {
  readonly check: CheckCode;
  readonly outcome: Outcome;
  /** The cause, without the names in `where`. */
  readonly what: string;
  readonly where: Where;
  readonly next: string | null;
  /** All parts on one line: cause first, the names, the next step. */
  readonly message: string;
}

/** The bucket by name, and the key by ARN; by the ARN of an alias where the bucket names an alias and no key is known. */
export interface Where {
  readonly bucket: string | null;
  readonly key: string | null;
}

interface Findings {
  /** The name of the bucket; null for another destination. */
  readonly bucket: string | null;
  /** The ARN of the key behind the bucket; null where no key is known. */
  readonly keyArn: string | null;
  /** The message of the gravest finding. */
  readonly message: string;
  readonly findings: readonly Finding[];
  readonly advice: readonly string[];
}

/** The verdict on a flow log. The reason is the check with the gravest finding. */
export type Verdict = Findings &
  (
    | { readonly outcome: 'deliverable'; readonly reason: null }
    | { readonly outcome: 'exempt' | 'blocked' | 'unknown'; readonly reason: CheckCode }
  );

/** The finding that became the verdict. */
export const gravestFinding = ({ outcome, reason, findings }: Verdict): Finding | undefined =>
  findings.find(
    (finding) => finding.outcome === outcome && finding.check === (reason ?? finding.check),
  );

/** The verdict on a single line: the outcome if unknown, reason, message, advice. */
export function verdictLine({ outcome, reason, message, advice }: Verdict): string {
  const doubt = outcome === 'unknown' ? 'unknown: ' : '';
  const remarks = advice.map((remark) => ` (${remark})`).join('');
  return `${doubt}${reason ?? outcome}: ${message}${remarks}`;
}
