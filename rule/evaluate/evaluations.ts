import { resourceTypes } from '../model/resource-types.ts';
import { setTimeout as wait } from 'node:timers/promises';
import {
  PutEvaluationsCommand,
  type ConfigServiceClient,
  type Evaluation,
} from '@aws-sdk/client-config-service';
import { complianceOf, type Compliance, type UnknownAs } from '../model/compliance.ts';
import type { Judged } from '../judge/survey.ts';
import { verdictLine } from '../model/verdict.ts';
import { printable } from '../basics/text.ts';
import { cut } from '../basics/cut.ts';

export interface EvaluationSink {
  /** Takes one evaluation, and puts each full hundred at once. Rejects when AWS Config refuses the call. */
  readonly add: (evaluation: Evaluation) => Promise<void>;
  /** Puts the rest. */
  readonly flush: () => Promise<void>;
  /** The number of evaluations taken by AWS Config. */
  readonly reported: () => number;
  /** The ids of the evaluations not taken by AWS Config, after every retry. */
  readonly notTaken: () => readonly string[];
}

/** The limit of PutEvaluations. */
const MAX_EVALUATIONS_PER_CALL = 100;

/** The limit of AWS Config, in UTF-16 units. */
const MAX_ANNOTATION_LENGTH = 256;

/** Further puts of an evaluation not taken by AWS Config. */
const MAX_PUT_RETRIES = 3;

/** True for a token of a dry run: AWS Config only looks at the evaluations, and changes nothing. */
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

  /** Resolves with the evaluations not taken. */
  const put = async (evaluations: readonly Evaluation[]): Promise<readonly Evaluation[]> => {
    const { FailedEvaluations = [] } = await client.send(
      new PutEvaluationsCommand({ ResultToken, Evaluations: [...evaluations], ...test }),
    );
    const failed = new Set(FailedEvaluations.map((each) => each.ComplianceResourceId));
    const named = evaluations.filter((each) => failed.has(each.ComplianceResourceId));
    // A failure without a known id may belong to any evaluation.
    const left = named.length < FailedEvaluations.length ? evaluations : named;
    reported += evaluations.length - left.length;
    return left;
  };

  const flush = async (): Promise<void> => {
    let left: readonly Evaluation[] = batch;
    batch = [];
    for (let attempt = 0; left.length > 0 && attempt <= MAX_PUT_RETRIES; attempt++) {
      if (attempt > 0) await wait(100 * 2 ** attempt);
      left = await put(left);
    }
    notTaken.push(...left.map(({ ComplianceResourceId = '' }) => ComplianceResourceId));
  };

  return {
    flush,
    reported: () => reported,
    notTaken: () => notTaken,
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
    annotation: verdictLine(verdict),
  });
}

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
