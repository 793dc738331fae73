import { setTimeout as wait } from 'node:timers/promises';
import {
  PutEvaluationsCommand,
  type ConfigServiceClient,
  type Evaluation,
} from '@aws-sdk/client-config-service';
import { complianceOf, type Compliance, type UnknownAs } from '../model/compliance.ts';
import type { Verdict } from '../model/verdict.ts';

export interface EvaluationSink {
  /** Takes one evaluation; puts them in hundreds as they come. */
  readonly add: (evaluation: Evaluation) => Promise<void>;
  /** Puts what is left. */
  readonly flush: () => Promise<void>;
  /** How many AWS Config has taken. */
  readonly reported: () => number;
}

/** What PutEvaluations takes in one call. */
const BATCH = 100;

/** How often evaluations that Config could not take are put again. */
const RETRIES = 3;

/**
 * Reports evaluations to AWS Config. Rejects, with the ids, when Config does not take them.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html
 */
export function evaluationSink(client: ConfigServiceClient, resultToken: string): EvaluationSink {
  let batch: Evaluation[] = [];
  let reported = 0;
  const flush = async (): Promise<void> => {
    const full = batch;
    batch = [];
    if (full.length === 0) return;
    await put(client, resultToken, full);
    reported += full.length;
  };
  return {
    flush,
    reported: () => reported,
    async add(evaluation) {
      batch.push(evaluation);
      if (batch.length === BATCH) await flush();
    },
  };
}

async function put(
  client: ConfigServiceClient,
  ResultToken: string,
  all: readonly Evaluation[],
): Promise<void> {
  let left = all;
  for (let attempt = 0; left.length > 0; attempt++) {
    if (attempt > RETRIES) {
      const ids = left.map(({ ComplianceResourceId }) => ComplianceResourceId).join(', ');
      throw new Error(
        `AWS Config did not take ${left.length} of ${all.length} evaluations: ${ids}`,
      );
    }
    if (attempt > 0) await wait(100 * 2 ** attempt);
    const { FailedEvaluations = [] } = await client.send(
      new PutEvaluationsCommand({
        ResultToken,
        Evaluations: [...left],
        ...(ResultToken === 'TESTMODE' ? { TestMode: true } : {}),
      }),
    );
    const failed = new Set(
      FailedEvaluations.map(({ ComplianceResourceId }) => ComplianceResourceId),
    );
    left = left.filter(({ ComplianceResourceId }) => failed.has(ComplianceResourceId));
  }
}

/** A verdict in AWS Config's words. */
export function evaluationOf(verdict: Verdict, asOf: Date, unknownAs: UnknownAs): Evaluation {
  const { flowLog, outcome, reason, message } = verdict;
  return evaluation(flowLog.id, asOf, {
    compliance: complianceOf(outcome, unknownAs),
    annotation: `${reason ?? outcome}: ${message}`,
  });
}

export const evaluation = (
  id: string,
  asOf: Date,
  {
    compliance,
    annotation,
    type = 'AWS::EC2::FlowLog',
  }: { compliance: Compliance; annotation: string; type?: string | undefined },
): Evaluation => ({
  ComplianceResourceType: type,
  ComplianceResourceId: id,
  ComplianceType: compliance,
  Annotation: cut(annotation.replace(/\s+/g, ' ')),
  OrderingTimestamp: asOf,
});

/** What AWS Config takes as an annotation, in UTF-16 units. */
const LONGEST = 256;

/** The text, or as many whole characters of it as fit with a mark that some are missing. */
function cut(text: string): string {
  if (text.length <= LONGEST) return text;
  let result = '';
  for (const character of text) {
    if (result.length + character.length > LONGEST - 1) break;
    result += character;
  }
  return `${result}…`;
}
