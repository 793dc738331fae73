import { resourceTypes } from '../model/resource-types.ts';
import { sendBatch } from '../basics/batches.ts';
import {
  PutEvaluationsCommand,
  type ConfigServiceClient,
  type Evaluation,
} from '@aws-sdk/client-config-service';
import { complianceOf, type Compliance, type UnknownAs } from '../model/compliance.ts';
import type { Judged } from '../judge/survey.ts';
import { verdictLine } from '../model/verdict.ts';
import { cut, printable } from '../basics/text.ts';

export interface EvaluationSink {
  /** Takes one evaluation; puts them in hundreds as they come. Rejects when AWS Config refuses the call. */
  readonly add: (evaluation: Evaluation) => Promise<void>;
  /** Puts what is left. */
  readonly flush: () => Promise<void>;
  /** How many AWS Config has taken. */
  readonly reported: () => number;
  /** The ids of those that AWS Config does not take, however often they are put. */
  readonly notTaken: () => readonly string[];
}

/** What PutEvaluations takes in one call. */
const BATCH = 100;

/** What AWS Config takes as an annotation, in UTF-16 units. */
const LONGEST = 256;

/** Whether evaluations with this token are only looked at by AWS Config, and change nothing. */
export const isDryRun = (resultToken: string): boolean => resultToken === 'TESTMODE';

/**
 * Reports evaluations to AWS Config.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html
 */
export function evaluationSink(client: ConfigServiceClient, ResultToken: string): EvaluationSink {
  const test = isDryRun(ResultToken) ? { TestMode: true } : {};
  const notTaken: string[] = [];
  let batch: Evaluation[] = [];
  let reported = 0;

  /** Resolves with those that were not taken. */
  const put = async (evaluations: readonly Evaluation[]): Promise<readonly Evaluation[]> => {
    const { FailedEvaluations = [] } = await client.send(
      new PutEvaluationsCommand({ ResultToken, Evaluations: [...evaluations], ...test }),
    );
    const failed = new Set(FailedEvaluations.map((each) => each.ComplianceResourceId));
    const named = evaluations.filter((each) => failed.has(each.ComplianceResourceId));
    // A failure that names none of them may be of any.
    const left = named.length < FailedEvaluations.length ? evaluations : named;
    reported += evaluations.length - left.length;
    return left;
  };

  const flush = async (): Promise<void> => {
    const items = batch;
    batch = [];
    const left = await sendBatch({ items, send: put });
    notTaken.push(...left.map(({ ComplianceResourceId = '' }) => ComplianceResourceId));
  };

  return {
    flush,
    reported: () => reported,
    notTaken: () => notTaken,
    async add(evaluation) {
      batch.push(evaluation);
      if (batch.length === BATCH) await flush();
    },
  };
}

/** A verdict in AWS Config's words. */
export function evaluationOf(
  { flowLog, verdict }: Pick<Judged, 'flowLog' | 'verdict'>,
  asOf: Date,
  unknownAs: UnknownAs,
): Evaluation {
  return evaluation(flowLog.id, asOf, {
    compliance: complianceOf(verdict.outcome, unknownAs),
    annotation: verdictLine(verdict),
  });
}

export const evaluation = (
  id: string,
  asOf: Date,
  {
    compliance,
    annotation,
    type = resourceTypes.flowLog,
  }: { compliance: Compliance; annotation: string; type?: string | undefined },
): Evaluation => ({
  ComplianceResourceType: type,
  ComplianceResourceId: id,
  ComplianceType: compliance,
  Annotation: cut(printable(annotation.replace(/\s+/g, ' ')), LONGEST),
  OrderingTimestamp: asOf,
});
