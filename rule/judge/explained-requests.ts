import { isUnknown, learned, type Bucket, type Facts, type Key } from '../model/facts.ts';
import { mayQuotePolicy, type Question } from '../model/question.ts';
import { explainDecision, type ExplainedDecision } from '../policy/explained-decision.ts';
import { compilePolicy } from '../policy/policy.ts';
import type { Request } from '../policy/request.ts';
import { unreadPolicy } from './answer-in-words.ts';
import { bucketRequest } from './bucket-request.ts';
import { isRecordedBefore } from './checks/bucket-policy.ts';
import { doubtAboutPartition } from './delivery.ts';
import { keyRequests } from './key-request.ts';

/** A request that delivery makes, and the answer of the policy. */
export interface ExplainedRequest {
  readonly action: string;
  readonly to: 'key' | 'bucket';
  readonly answer: ExplainedAnswer;
  readonly remarks: readonly string[];
}

export type ExplainedAnswer =
  | ({ readonly kind: 'decided' } & ExplainedDecision)
  /** The policy is sensitive: the outcome is told, and no word of the policy. */
  | { readonly kind: 'withheld'; readonly outcome: ExplainedDecision['outcome'] }
  | { readonly kind: 'not-decided'; readonly why: string };

/** Explains each request of delivery to KMS and S3, as far as key and bucket are known. */
export function explainRequests(facts: Facts, question: Question): readonly ExplainedRequest[] {
  const bucket = learned(facts.bucket);
  const key = learned(facts.key);
  if (bucket === undefined) return [];
  const ofKey = key === undefined ? [] : requestsToKey({ ...facts, bucket, key }, question);
  return [...ofKey, ...requestsToBucket({ ...facts, bucket }, question)];
}

function requestsToKey(
  facts: Facts & { readonly bucket: Bucket; readonly key: Key },
  question: Question,
): readonly ExplainedRequest[] {
  const request = keyRequests(facts, question);
  const answer = answerer(facts.key, facts, question);
  return question.requiredActions.map((action) => ({
    action,
    to: 'key',
    answer: answer(request(action)),
    remarks: [],
  }));
}

function requestsToBucket(
  facts: Facts & { readonly bucket: Bucket },
  question: Question,
): readonly ExplainedRequest[] {
  const answer = answerer(facts.bucket, facts, question);
  const remarks = remarksOnBucket(facts);
  return (['s3:PutObject', 's3:GetBucketAcl'] as const).map((action) => ({
    action,
    to: 'bucket',
    answer: answer(bucketRequest(action, facts, question)),
    remarks,
  }));
}

const remarksOnBucket = ({
  bucket,
  flowLog,
}: Facts & { readonly bucket: Bucket }): readonly string[] => [
  ...(bucket.isPlanned
    ? ['AWS adds its statements to the bucket policy when the flow log is made']
    : []),
  ...(isRecordedBefore(bucket, flowLog)
    ? ['the bucket was recorded before the flow log was made, and AWS edits the bucket policy then']
    : []),
];

/** Asks the policy of a key or bucket. */
function answerer(
  resource: Bucket | Key,
  { flowLog }: Facts,
  question: Question,
): (request: Request) => ExplainedAnswer {
  const { policy } = resource;
  const mayQuote = mayQuotePolicy(question, resource, flowLog);
  const notDecided = (why: string) => (): ExplainedAnswer => ({ kind: 'not-decided', why });
  if (policy.kind === 'not-asked') return notDecided('the policy was not looked up');
  if (policy.kind === 'missing') return notDecided(policy.why);
  if (isUnknown(policy)) return notDecided(unreadPolicy(policy, mayQuote).why);
  const doubt = doubtAboutPartition(flowLog);
  if (doubt !== undefined) return notDecided(doubt.why);
  const compiled = compilePolicy(policy.document);
  return (request) => {
    const decision = explainDecision(compiled, request);
    return mayQuote
      ? { kind: 'decided', ...decision }
      : { kind: 'withheld', outcome: decision.outcome };
  };
}
