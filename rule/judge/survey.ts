import { isAliasArn } from '../model/arn.ts';
import { pMapIterable, pMapSkip } from 'p-map';
import { decide } from './decide.ts';
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
import type { Verdict } from '../model/verdict.ts';
import type { Source } from '../model/source.ts';

/** A flow log that was judged. */
export interface Judged {
  readonly kind: 'judged';
  readonly flowLog: FlowLog;
  readonly facts: Facts;
  readonly verdict: Verdict;
}

/** A flow log that could not be judged, because a call failed that AWS did not refuse. */
export interface NotJudged {
  readonly kind: 'not-judged';
  readonly flowLog: FlowLog;
  readonly failure: unknown;
}

/** How many flow logs are looked into at a time. */
const CONCURRENCY = 8;

/**
 * Judges flow logs in their order, a few at a time. A call that fails spoils only the flow logs that need it.
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
    { concurrency: CONCURRENCY },
  );
}

/** Learns of the flow log's bucket, and of the key behind it. */
async function factsOf(flowLog: FlowLog, source: Source): Promise<Facts> {
  const name = bucketNameOf(flowLog);
  if (name === undefined) return { flowLog, bucket: notAsked, key: notAsked };
  const bucket = await source.bucket(name, flowLog.partition);
  return { flowLog, bucket, key: await keyOf(learned(bucket), flowLog, source) };
}

async function keyOf(
  bucket: Bucket | undefined,
  { partition }: FlowLog,
  source: Source,
): Promise<Facts['key']> {
  const arn = bucket && keyArnOf(bucket, partition);
  return typeof arn === 'string' ? source.key(arn) : (arn ?? notAsked);
}

/**
 * Those of the flow logs that deliver to the bucket, or to a bucket that uses the key. One whose bucket cannot be
 * asked may be among them: who judges it meets the same failure.
 */
export const dependents = (
  flowLogs: AsyncIterable<FlowLog>,
  dependency: Dependency,
  source: Source,
): AsyncIterable<FlowLog> =>
  pMapIterable(
    flowLogs,
    async (flowLog) => {
      const depends = await dependsOn(flowLog, dependency, source).catch(() => true);
      return depends ? flowLog : pMapSkip;
    },
    { concurrency: CONCURRENCY },
  );

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
