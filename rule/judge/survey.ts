import { asCompleted } from '../basics/as-completed.ts';
import { withTimeLimit } from '../basics/time-limit.ts';
import { waitLimits } from '../basics/wait-limits.ts';
import { isAliasArn } from '../model/arn.ts';
import type { Dependency } from '../model/dependency.ts';
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

const MAX_FLOW_LOGS_AT_ONCE = 8;

/** How to judge flow logs. */
export interface Survey {
  readonly source: Source;
  readonly question: Question;
  /** The end of waiting for facts, in milliseconds since 1970. */
  readonly deadline?: number;
}

/**
 * Judges flow logs, a few at a time, and yields each as soon as the flow log is judged. A call that fails, or has no
 * answer, leaves only the flow logs unjudged that need the call. Rejects if the flow logs cannot be listed.
 */
export const survey = (
  flowLogs: AsyncIterable<FlowLog>,
  asked: Survey,
): AsyncIterable<Judged | NotJudged> =>
  asCompleted(flowLogs, (flowLog) => judge(flowLog, asked), MAX_FLOW_LOGS_AT_ONCE);

async function judge(flowLog: FlowLog, asked: Survey): Promise<Judged | NotJudged> {
  try {
    const facts = await factsInTime(flowLog, asked);
    return { kind: 'judged', flowLog, facts, verdict: decide(facts, asked.question) };
  } catch (failure) {
    return { kind: 'not-judged', flowLog, failure };
  }
}

/** The facts about a flow log. Rejects at the time limit, with the name of the bucket or key that was asked for. */
async function factsInTime(
  flowLog: FlowLog,
  { source, deadline = Infinity }: Survey,
): Promise<Facts> {
  let awaited = '';
  const noting: Source = {
    bucket(name, partition) {
      awaited = `bucket ${name}`;
      return source.bucket(name, partition);
    },
    key(arn) {
      awaited = `key ${arn}`;
      return source.key(arn);
    },
  };
  const leftMs = deadline - Date.now();
  const { flowLogMs } = waitLimits;
  return withTimeLimit(
    () => factsOf(flowLog, noting),
    Math.min(flowLogMs, leftMs),
    () =>
      leftMs < flowLogMs
        ? `time limit is near, and ${awaited} has not answered`
        : `${awaited} has not answered for ${flowLogMs / 1000} s: run again, and look at the network path to AWS`,
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

/**
 * Selects the flow logs that deliver to the bucket, or to a bucket encrypted with the key. A failed or late lookup selects
 * the flow log too, as the flow log may depend on the key: judging the flow log reports the same failure.
 */
export async function* dependents(
  flowLogs: AsyncIterable<FlowLog>,
  dependency: Dependency,
  source: Source,
): AsyncIterable<FlowLog> {
  const look = async (flowLog: FlowLog) => {
    const lookup = () => dependsOn(flowLog, dependency, source);
    const depends = await withTimeLimit(lookup, waitLimits.requestMs, 'late').catch(() => true);
    return depends ? [flowLog] : [];
  };
  for await (const found of asCompleted(flowLogs, look, MAX_FLOW_LOGS_AT_ONCE)) yield* found;
}

async function dependsOn(
  flowLog: FlowLog,
  dependency: Dependency,
  source: Source,
): Promise<boolean> {
  const { partition } = flowLog;
  const name = bucketNameOf(flowLog);
  if (name === undefined) return false;
  if (dependency.kind === 'bucket') return name === dependency.name;
  const bucket = learned(await source.bucket(name, partition));
  const arn = bucket && keyArnOf(bucket, partition);
  if (typeof arn !== 'string') return false;
  if (arn === dependency.arn) return true;
  return isAliasArn(arn) && learned(await source.key(arn))?.arn === dependency.arn;
}
