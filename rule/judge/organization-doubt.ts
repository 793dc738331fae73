import { learned, type Facts } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import { compilePolicy, unsettledOf } from '../policy/policy.ts';
import type { Request } from '../policy/request.ts';
import { bucketRequest, type BucketAction } from './bucket-request.ts';
import { doubtAboutPartition, isOrganizationKey } from './delivery.ts';
import { keyRequests } from './key-request.ts';

/**
 * Whether a policy on the way is unsure about delivery until the organization of the flow log's account is known. A
 * Deny counts also where no statement allows delivery yet: a remedy has to meet the Deny.
 */
export const hasOrganizationDoubt = (facts: Facts, question: Question): boolean =>
  question.organizationId === undefined &&
  doubtAboutPartition(facts.flowLog) === undefined &&
  (keyPolicyDoubts(facts, question) || bucketPolicyDoubts(facts, question));

function keyPolicyDoubts(facts: Facts, question: Question): boolean {
  const bucket = learned(facts.bucket);
  const key = learned(facts.key);
  if (bucket === undefined || key?.policy.kind !== 'policy') return false;
  return hasDoubt(
    key.policy.document,
    question.requiredActions,
    keyRequests({ ...facts, bucket, key }, question),
  );
}

function bucketPolicyDoubts(facts: Facts, question: Question): boolean {
  const bucket = learned(facts.bucket);
  if (bucket?.policy.kind !== 'policy') return false;
  const actions: readonly BucketAction[] = question.alsoCheck.includes('bucket-policy')
    ? ['s3:PutObject', 's3:GetBucketAcl']
    : ['s3:PutObject'];
  return hasDoubt(bucket.policy.document, actions, (action) =>
    bucketRequest(action, { ...facts, bucket }, question),
  );
}

/** Whether the policy is unsure about a request by a condition key of the organization. Most policies name none. */
function hasDoubt<A>(
  document: unknown,
  actions: readonly A[],
  requestFor: (action: A) => Request,
): boolean {
  const policy = compilePolicy(document);
  return (
    policy.keys.some(isOrganizationKey) &&
    actions.some((action) => unsettledOf(policy, requestFor(action)).some(isOrganizationKey))
  );
}
