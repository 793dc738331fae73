import { bucketNameOf, learned, notAsked, type Facts, type FlowLog } from '../model/facts.ts';
import { keyBehind } from '../model/key-reference.ts';
import type { Question } from '../model/question.ts';
import type { Source } from '../model/source.ts';
import { asksForGrants, asksForOrganization, checkFacts, type CheckedFacts } from './decide.ts';

/** How to judge flow logs. */
export interface Survey {
  readonly source: Source;
  readonly question: Question;
}

/**
 * Asks the source for the facts about a flow log, and the checks for their answers. Grants and the organization are asked
 * for only where the answers of the checks may change by them.
 */
export const gatherFacts = async (flowLog: FlowLog, asked: Survey): Promise<CheckedFacts> =>
  completeFacts(await bucketAndKey(flowLog, asked.source), asked);

/** A source of facts that few verdicts need, and the question. */
interface FurtherSurvey {
  readonly source: Pick<Source, 'grants' | 'organization'>;
  readonly question: Question;
}

/** Adds the organization and the grants where the answers of the checks may change by them. */
export async function completeFacts(facts: Facts, asked: FurtherSurvey): Promise<CheckedFacts> {
  const first = checkFacts(facts, asked.question);
  return withGrants(await withOrganization(first, asked), asked);
}

/** Asks the source for the flow log's bucket, and for the key of the bucket. */
async function bucketAndKey(flowLog: FlowLog, source: Source): Promise<Facts> {
  const name = bucketNameOf(flowLog);
  if (name === undefined) return { flowLog, bucket: notAsked, key: notAsked };
  const bucket = await source.bucket(name, flowLog.partition);
  const key = keyBehind(learned(bucket), flowLog.partition, (arn) => source.key(arn));
  return { flowLog, bucket, key: await key };
}

/** Adds the organization of the flow log's account where the organization may change the verdict. */
async function withOrganization(
  first: CheckedFacts,
  { source, question }: FurtherSurvey,
): Promise<CheckedFacts> {
  const { facts } = first;
  if (source.organization === undefined || !asksForOrganization(first, question)) return first;
  const organization = await source.organization(facts.flowLog.accountId);
  return checkFacts({ ...facts, organization }, question);
}

/** Adds the grants of the key where grants may change the verdict. Without an answer the first verdict stands. */
async function withGrants(
  first: CheckedFacts,
  { source, question }: FurtherSurvey,
): Promise<CheckedFacts> {
  const { facts } = first;
  const key = learned(facts.key);
  if (source.grants === undefined || key === undefined || !asksForGrants(first)) return first;
  const grants = await source.grants(key.arn).catch(() => undefined);
  return grants === undefined ? first : checkFacts({ ...facts, grants }, question);
}
