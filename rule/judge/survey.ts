import { pMapIterable, pMapSkip } from 'p-map';
import { decide } from './decide.ts';
import type { Dependency } from '../model/dependency.ts';
import { isUnknown, learned, type Bucket, type Facts, type FlowLog } from '../model/facts.ts';
import { keyArnOf } from '../model/key-reference.ts';
import type { Question } from '../model/question.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Source } from '../model/source.ts';

/** A flow log that was judged. */
export interface Judged {
  readonly flowLog: FlowLog;
  readonly facts: Facts;
  readonly verdict: Verdict;
}

/** A flow log that could not be judged, because a call failed that AWS did not refuse. */
export interface NotJudged {
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
        return { flowLog, facts, verdict: decide(facts, question) };
      } catch (failure) {
        return { flowLog, failure };
      }
    },
    { concurrency: CONCURRENCY },
  );
}

/** Learns of the flow log's bucket, and of the key behind it. */
async function factsOf(flowLog: FlowLog, source: Source): Promise<Facts> {
  const { destination } = flowLog;
  if (isUnknown(destination) || destination.kind !== 's3')
    return { flowLog, bucket: undefined, key: undefined };
  const bucket = await source.bucket(destination.bucket, flowLog.partition);
  return { flowLog, bucket, key: await keyOf(learned(bucket), flowLog, source) };
}

async function keyOf(
  bucket: Bucket | undefined,
  { partition }: FlowLog,
  source: Source,
): Promise<Facts['key']> {
  const arn = bucket && keyArnOf(bucket, partition);
  return typeof arn === 'string' ? source.key(arn) : arn;
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
  { destination, partition }: FlowLog,
  dependency: Dependency,
  source: Source,
): Promise<boolean> {
  if (isUnknown(destination) || destination.kind !== 's3') return false;
  if (dependency.kind === 'bucket') return destination.bucket === dependency.name;
  const bucket = learned(await source.bucket(destination.bucket, partition));
  const arn = bucket && keyArnOf(bucket, partition);
  if (typeof arn !== 'string') return false;
  if (arn === dependency.arn) return true;
  return arn.includes(':alias/') && learned(await source.key(arn))?.arn === dependency.arn;
}
