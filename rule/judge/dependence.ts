import { asCompleted } from '../basics/as-completed.ts';
import { accountIn, isAliasArn, regionIn } from '../model/arn.ts';
import type { Dependency } from '../model/dependency.ts';
import { bucketNameOf, isUnknown, learned, type FlowLog } from '../model/facts.ts';
import { keyArnOf } from '../model/key-reference.ts';
import type { Source } from '../model/source.ts';
import { MAX_WAITING_FLOW_LOGS } from './survey.ts';

/**
 * Selects the flow logs that deliver to the bucket, or to a bucket encrypted with the key, and the flow logs for which
 * this is unsure. A failed or late lookup selects the flow log too: judging the flow log reports the same failure.
 */
export async function* dependents(
  flowLogs: AsyncIterable<FlowLog>,
  dependency: Dependency,
  source: Source,
): AsyncIterable<FlowLog> {
  const look = async (flowLog: FlowLog): Promise<readonly FlowLog[]> => {
    const depends = await dependsOn(flowLog, dependency, source).catch(() => 'unsure');
    return depends === false ? [] : [flowLog];
  };
  for await (const found of asCompleted(flowLogs, look, MAX_WAITING_FLOW_LOGS)) yield* found;
}

/**
 * Whether the flow log depends on the bucket or key. Unsure for a key where the bucket, its encryption or the alias
 * cannot be read: the edit of a key policy that refuses delivery may refuse the reader as well.
 */
export async function dependsOn(
  flowLog: FlowLog,
  dependency: Dependency,
  source: Source,
): Promise<boolean | 'unsure'> {
  const { partition } = flowLog;
  const name = bucketNameOf(flowLog);
  if (name === undefined) return false;
  if (dependency.kind === 'bucket') return name === dependency.name;
  const answer = await source.bucket(name, partition);
  if (isUnknown(answer)) return 'unsure';
  const bucket = learned(answer);
  if (bucket === undefined) return false;
  const arn = isUnknown(bucket.encryption) ? bucket.encryption : keyArnOf(bucket, partition);
  if (isUnknown(arn)) return 'unsure';
  return arn !== undefined && leadsTo(dependency.arn, arn, source);
}

/** Whether the ARN is of the key, or of an alias of the key. An alias has the account and Region of the key. */
async function leadsTo(keyArn: string, arn: string, source: Source): Promise<boolean | 'unsure'> {
  if (arn === keyArn) return true;
  if (!isAliasArn(arn)) return false;
  if (accountIn(arn) !== accountIn(keyArn) || regionIn(arn) !== regionIn(keyArn)) return false;
  const key = await source.key(arn);
  return isUnknown(key) ? 'unsure' : learned(key)?.arn === keyArn;
}
