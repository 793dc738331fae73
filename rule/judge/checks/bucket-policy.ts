import {
  isUnknown,
  learned,
  unknown,
  type Bucket,
  type Facts,
  type FlowLog,
  type PolicyDocument,
  type Unknown,
} from '../../model/facts.ts';
import { mayQuotePolicy, type Question } from '../../model/question.ts';
import type { Check, CheckAnswer } from '../../model/verdict.ts';
import { askPolicy, type PolicyAnswer } from '../../policy/ask-policy.ts';
import { compilePolicy } from '../../policy/policy.ts';
import { bucketRequest, type BucketAction } from '../bucket-request.ts';
import { answerInWords, nextStep, unreadPolicy, type Refusal } from '../answer-in-words.ts';
import { unknownAnswer } from '../gap-in-words.ts';
import { doubtAboutPartition } from '../delivery.ts';

/**
 * AWS writes the bucket policy for a new flow log, and people edit the policy later. A sure refusal always blocks.
 * Doubt counts only with AlsoCheck.
 */
export const bucketPolicy: Check<'bucket-policy'> = {
  code: 'bucket-policy',
  title: 'The bucket policy does not let `delivery.logs.amazonaws.com` write',
  look(facts, question) {
    const bucket = learned(facts.bucket);
    if (bucket === undefined) return undefined;
    const answer = answerOf(facts, bucket, question);
    const counts = answer?.outcome === 'blocked' || question.alsoCheck.includes('bucket-policy');
    return counts ? answer : undefined;
  },
};

function answerOf(
  facts: Facts,
  bucket: Bucket,
  question: Question,
): CheckAnswer<'blocked' | 'unknown'> | undefined {
  const { flowLog } = facts;
  const { name, policy } = bucket;
  if (policy.kind === 'not-asked')
    return {
      outcome: 'unknown',
      what: `policy of bucket ${name} was not looked up`,
      next: LOOK_UP,
    };
  const mayQuote = mayQuotePolicy(question, bucket, flowLog);
  if (isUnknown(policy)) return unknownAnswer(unreadPolicy(policy, mayQuote), LOOK_UP);
  const doubt = doubtAboutPartition(flowLog) ?? doubtAboutAge(flowLog, bucket);
  if (doubt !== undefined) return unknownAnswer(doubt, LOOK_UP);
  return policy.kind === 'missing'
    ? noPolicyOf(bucket)
    : answerBy(policy, { ...facts, bucket }, question);
}

/** The answer by a policy that was read. */
function answerBy(
  policy: PolicyDocument,
  { flowLog, organization, bucket }: Facts & { readonly bucket: Bucket },
  question: Question,
): CheckAnswer<'blocked' | 'unknown'> | undefined {
  const mayQuote = mayQuotePolicy(question, bucket, flowLog);
  const ask = (action: BucketAction) =>
    askPolicy(
      compilePolicy(policy.document),
      [bucketRequest(action, { flowLog, organization, bucket }, question)],
      'delivery',
    );
  const next = (answer: Refusal) =>
    nextStep(answer, ADD_STATEMENTS, { mayQuote, organization, question });
  const put = ask('s3:PutObject');
  if (put.outcome === 'denied' && !isMended(put, bucket))
    return {
      outcome: 'blocked',
      what: `${answerInWords(put, { mayQuote })}; bucket policy refuses s3:PutObject`,
      next: next(put),
    };
  if (!question.alsoCheck.includes('bucket-policy')) return undefined;
  const doubtful = put.outcome === 'unsure' ? put : ask('s3:GetBucketAcl');
  if (doubtful.outcome === 'allowed' || isMended(doubtful, bucket)) return undefined;
  return {
    outcome: 'unknown',
    what: `${answerInWords(doubtful, { mayQuote })}; bucket policy may refuse ${doubtful.actions.join()}`,
    next: next(doubtful),
  };
}

const noPolicyOf = ({ name, isPlanned }: Bucket): CheckAnswer<'blocked'> | undefined =>
  isPlanned
    ? undefined
    : {
        outcome: 'blocked',
        what: `bucket ${name} has no bucket policy`,
        next: ADD_STATEMENTS,
      };

const ADD_STATEMENTS =
  "add the statements of AWS's documentation for flow logs (s3:PutObject, s3:GetBucketAcl) to the bucket policy";

const LOOK_UP = 'look at the bucket policy in S3';

/** AWS adds what a planned bucket's policy lacks, and never takes a Deny away. */
const isMended = (answer: PolicyAnswer, { isPlanned }: Bucket): boolean =>
  isPlanned === true && answer.outcome === 'denied' && !answer.forbidden;

/** AWS writes into the bucket policy when a flow log is made, so an older record of the bucket proves nothing. */
const doubtAboutAge = (flowLog: FlowLog, bucket: Bucket): Unknown | undefined =>
  isRecordedBefore(bucket, flowLog)
    ? unknown(
        `policy of bucket ${bucket.name} was recorded before flow log ${flowLog.id} was made, and AWS edits the policy then`,
        'add a newer record of the bucket, or run with --live',
      )
    : undefined;

/** Whether the bucket was recorded before the flow log was made, or may have been. */
export function isRecordedBefore({ capturedAt }: Bucket, flowLog: FlowLog): boolean {
  const madeBy = flowLog.createdAt ?? flowLog.capturedAt ?? Infinity;
  return capturedAt !== undefined && capturedAt < madeBy;
}
