import { learned, type Facts, type FlowLog } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import { isRecordedBefore } from './checks/bucket-policy.ts';
import { resourceInArns } from './object-arns.ts';

/** Later and earlier than every time of a record. */
const [LATE, EARLY] = [Number.MAX_VALUE, -Number.MAX_VALUE];

const noTags: FlowLog['tags'] = {};

/**
 * The facts as the checks see them: whatever changes no answer to this question is blank in the flow log, so that flow
 * logs that look alike have one verdict.
 */
export function seenFacts(facts: Facts, question: Question): Facts {
  const { flowLog } = facts;
  const bucket = learned(facts.bucket);
  const isOlder = bucket !== undefined && isRecordedBefore(bucket, flowLog);
  const hasExemptions = question.exemptions.length > 0;
  const isNamed = hasExemptions || (isOlder && question.alsoCheck.includes('bucket-policy'));
  const seen: Required<FlowLog> = {
    accountId: flowLog.accountId,
    region: flowLog.region,
    partition: flowLog.partition,
    destination: flowLog.destination,
    hivePrefixes: flowLog.hivePrefixes,
    observed: flowLog.observed,
    resourceId: resourceInArns(flowLog),
    id: isNamed ? flowLog.id : '',
    tags: hasExemptions ? flowLog.tags : noTags,
    createdAt: isOlder ? LATE : EARLY,
    capturedAt: undefined,
  };
  return { ...facts, flowLog: seen };
}
