import { pMapIterable } from 'p-map';
import {
  bucketNameOf,
  learned,
  notAsked,
  type Bucket,
  type Facts,
  type FlowLog,
} from '../model/facts.ts';
import { keyArnOf } from '../model/key-reference.ts';
import type { Question } from '../model/question.ts';
import type { Source } from '../model/source.ts';
import type { Verdict } from '../model/verdict.ts';
import { decide } from './decide.ts';

/** A judged flow log, with the facts behind the verdict. */
export interface Judged {
  readonly kind: 'judged';
  readonly flowLog: FlowLog;
  readonly facts: Facts;
  readonly verdict: Verdict;
}

/** A flow log without a verdict: a call failed for another reason than a refusal by AWS. */
export interface NotJudged {
  readonly kind: 'not-judged';
  readonly flowLog: FlowLog;
  readonly failure: unknown;
}

export const MAX_FLOW_LOGS_AT_ONCE = 8;

/**
 * Judges flow logs in order, a few at a time. A failed call leaves only the flow logs unjudged that need the call.
 * Rejects if the flow logs cannot be listed.
 */
export function survey(
  flowLogs: AsyncIterable<FlowLog>,
  source: Source,
  question: Question,
): AsyncIterable<Judged | NotJudged> {
  return pMapIterable(
    flowLogs,
    async (flowLog): Promise<Judged | NotJudged> => {
      try {
        const facts = await factsOf(flowLog, source);
        return { kind: 'judged', flowLog, facts, verdict: decide(facts, question) };
      } catch (failure) {
        return { kind: 'not-judged', flowLog, failure };
      }
    },
    { concurrency: MAX_FLOW_LOGS_AT_ONCE },
  );
}

/** Asks the source for the flow log's bucket, and for the key of the bucket. */
async function factsOf(flowLog: FlowLog, source: Source): Promise<Facts> {
  const name = bucketNameOf(flowLog);
  if (name === undefined) return { flowLog, bucket: notAsked, key: notAsked };
  const bucket = await source.bucket(name, flowLog.partition);
  return { flowLog, bucket, key: await keyBehind(learned(bucket), flowLog, source) };
}

async function keyBehind(
  bucket: Bucket | undefined,
  { partition }: FlowLog,
  source: Source,
): Promise<Facts['key']> {
  const arn = bucket && keyArnOf(bucket, partition);
  return typeof arn === 'string' ? source.key(arn) : (arn ?? notAsked);
}
