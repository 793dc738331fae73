import { resourceTypes } from '../model/resource-types.ts';
import { sendBatch } from '../basics/batches.ts';
import type { Evaluation } from '@aws-sdk/client-config-service';
import { complianceOf, type Compliance, type UnknownAs } from '../model/compliance.ts';
import type { Judged } from '../judge/survey.ts';
import { cut, errorText, printable } from '../basics/text.ts';
import { annotationOf, MAX_ANNOTATION_LENGTH } from './annotation.ts';
import { putEvaluations, type Put } from './put-evaluations.ts';

export interface EvaluationSink {
  /** Takes one evaluation, and puts each full hundred at once. Rejects when AWS Config refuses the call. */
  readonly add: (evaluation: Evaluation) => Promise<void>;
  /** Puts the rest. */
  readonly flush: () => Promise<void>;
  /** The number of evaluations taken by AWS Config. */
  readonly reported: () => number;
  /** The ids of the evaluations not taken by AWS Config, after every retry. */
  readonly notTaken: () => readonly string[];
  /** Why AWS Config did not answer the last put; undefined after an answer. */
  readonly unanswered: () => string | undefined;
}

/** The limit of PutEvaluations. */
const MAX_EVALUATIONS_PER_CALL = 100;

/** Collects evaluations, and reports them to AWS Config in hundreds. A put that is not answered is repeated. */
export function evaluationSink(put: Put): EvaluationSink {
  const notTaken: string[] = [];
  let batch: Evaluation[] = [];
  let reported = 0;
  let unanswered: string | undefined;
  const send = async (evaluations: readonly Evaluation[]): Promise<readonly Evaluation[]> => {
    const result = await putEvaluations(put, evaluations);
    unanswered = result.unanswered;
    reported += evaluations.length - result.left.length;
    return result.left;
  };
  const flush = async (): Promise<void> => {
    const items = batch;
    batch = [];
    const left = await sendBatch({ items, send });
    notTaken.push(...left.map(({ ComplianceResourceId = '' }) => ComplianceResourceId));
  };
  return {
    flush,
    reported: () => reported,
    notTaken: () => notTaken,
    unanswered: () => unanswered,
    async add(evaluation) {
      batch.push(evaluation);
      if (batch.length === MAX_EVALUATIONS_PER_CALL) await flush();
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
    annotation: annotationOf(verdict),
  });
}

/** An evaluation in place of an old result, which nobody could confirm for two scheduled runs. */
export const notJudgedAgain = (
  { id, failure }: { readonly id: string; readonly failure: unknown },
  asOf: Date,
  unknownAs: UnknownAs,
): Evaluation =>
  evaluation(id, asOf, {
    compliance: complianceOf('unknown', unknownAs),
    annotation: `unknown: not judged in two scheduled runs in a row (${errorText(failure)}): see the log of the function`,
  });

/** An evaluation of a flow log, or of another type of resource, in AWS Config's shape. */
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
  Annotation: cut(printable(annotation.replace(/\s+/g, ' ')), MAX_ANNOTATION_LENGTH),
  OrderingTimestamp: asOf,
});
