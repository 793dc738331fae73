import { learned, type Facts } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { Decision } from '../policy/decision.ts';
import { compilePolicy, decisionOf } from '../policy/policy.ts';
import { bucketRequest, type BucketAction } from './bucket-request.ts';
import { doubtAboutPartition, isOrganizationKey } from './delivery.ts';
import { keyRequest } from './key-request.ts';

/**
 * Whether a policy on the way is unsure about delivery until the organization of the flow log's account is known. A
 * Deny counts also where no statement allows delivery yet: a remedy has to meet the Deny.
 */
export const hasOrganizationDoubt = (facts: Facts, question: Question): boolean =>
  question.organizationId === undefined &&
  doubtAboutPartition(facts.flowLog) === undefined &&
  [...keyDecisions(facts, question), ...bucketDecisions(facts, question)].some(isUnsettled);

const isUnsettled = ({ outcome, statements }: Decision): boolean =>
  outcome !== 'allowed' &&
  statements.some(
    ({ applies, steps }) =>
      applies === 'unsure' && steps.some(({ keys }) => keys.some(isOrganizationKey)),
  );

function keyDecisions(facts: Facts, question: Question): readonly Decision[] {
  const bucket = learned(facts.bucket);
  const key = learned(facts.key);
  if (bucket === undefined || key?.policy.kind !== 'policy') return [];
  const policy = compilePolicy(key.policy.document);
  return question.requiredActions.map((action) =>
    decisionOf(policy, keyRequest(action, { ...facts, bucket, key }, question)),
  );
}

function bucketDecisions(facts: Facts, question: Question): readonly Decision[] {
  const bucket = learned(facts.bucket);
  if (bucket?.policy.kind !== 'policy') return [];
  const policy = compilePolicy(bucket.policy.document);
  const actions: readonly BucketAction[] = question.alsoCheck.includes('bucket-policy')
    ? ['s3:PutObject', 's3:GetBucketAcl']
    : ['s3:PutObject'];
  return actions.map((action) =>
    decisionOf(policy, bucketRequest(action, { ...facts, bucket }, question)),
  );
}
