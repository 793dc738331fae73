import { withTimeLimit } from '../basics/time-limit.ts';
import { waitLimits } from '../basics/wait-limits.ts';
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
import { asksForGrants, asksForOrganization } from './decide.ts';

/** How to judge flow logs. */
export interface Survey {
  readonly source: Source;
  readonly question: Question;
  /** The end of waiting for facts, in milliseconds since 1970. */
  readonly deadline?: number;
}

/** The facts about a flow log, with the grants of the key where grants may change the verdict. */
export async function factsInTime(flowLog: FlowLog, asked: Survey): Promise<Facts> {
  return withGrants(await firstFacts(flowLog, asked), asked);
}

/** The facts about a flow log. Rejects at the time limit, with the name of the bucket or key that was asked for. */
async function firstFacts(
  flowLog: FlowLog,
  { source, question, deadline = Infinity }: Survey,
): Promise<Facts> {
  let awaited = '';
  const { organization } = source;
  const noting: Source = {
    bucket(name, partition) {
      awaited = `bucket ${name}`;
      return source.bucket(name, partition);
    },
    key(arn) {
      awaited = `key ${arn}`;
      return source.key(arn);
    },
    ...(organization && {
      organization(accountId) {
        awaited = `organization of account ${accountId}`;
        return organization(accountId);
      },
    }),
  };
  const leftMs = deadline - Date.now();
  const { flowLogMs } = waitLimits;
  return withTimeLimit(
    async () => withOrganization(await factsOf(flowLog, noting), noting, question),
    Math.min(flowLogMs, leftMs),
    () =>
      leftMs < flowLogMs
        ? `time limit is near, and ${awaited} has not answered`
        : `${awaited} has not answered for ${flowLogMs / 1000} s: run again, and look at the network path to AWS`,
  );
}

/** Adds the organization of the flow log's account where the organization may change the verdict. */
async function withOrganization(
  facts: Facts,
  { organization }: Source,
  question: Question,
): Promise<Facts> {
  if (organization === undefined || !asksForOrganization(facts, question)) return facts;
  return { ...facts, organization: await organization(facts.flowLog.accountId) };
}

/** Adds the grants of the key where grants may change the verdict. Without an answer the first verdict stands. */
async function withGrants(facts: Facts, { source, question, deadline }: Survey): Promise<Facts> {
  const key = learned(facts.key);
  if (source.grants === undefined || key === undefined || !asksForGrants(facts, question))
    return facts;
  const lookup = source.grants(key.arn);
  const leftMs = (deadline ?? Infinity) - Date.now();
  try {
    const limitMs = Math.min(waitLimits.flowLogMs, leftMs);
    return { ...facts, grants: await withTimeLimit(() => lookup, limitMs, 'late') };
  } catch {
    return facts;
  }
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
