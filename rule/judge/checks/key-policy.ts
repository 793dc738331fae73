import { isUnknown, learned, type Bucket, type Facts } from '../../model/facts.ts';
import { deliveryActions } from '../../model/kms.ts';
import type { Check } from '../../model/verdict.ts';
import { mayQuotePolicy } from '../../model/question.ts';
import { askPolicy } from '../../policy/ask-policy.ts';
import { compilePolicy, decisionOf, decisiveOf, type Policy } from '../../policy/policy.ts';
import type { Request } from '../../policy/request.ts';
import { answerInWords, unreadPolicyInWords } from '../answer-in-words.ts';
import { doubtAboutPartition } from '../delivery.ts';
import { deliveryService } from '../../model/delivery-service.ts';
import { keyRequests } from '../key-request.ts';

/** The key policy must let the delivery service use the key: AWS edits the bucket policy for you, never the key policy. */
export const keyPolicy: Check<'key-policy'> = {
  code: 'key-policy',
  title: 'The key policy does not let `delivery.logs.amazonaws.com` use the key for this flow log',
  look({ flowLog, organization, bucket, key, grants }, question) {
    const knownBucket = learned(bucket);
    const knownKey = learned(key);
    if (knownBucket === undefined || knownKey === undefined) return undefined;
    const mayQuote = mayQuotePolicy(question, knownKey, flowLog);
    if (isUnknown(knownKey.policy))
      return { outcome: 'unknown', message: unreadPolicyInWords(knownKey.policy, mayQuote) };
    const doubt = doubtAboutPartition(flowLog);
    if (doubt !== undefined) return { outcome: 'unknown', message: doubt };
    const request = keyRequests(
      { flowLog, organization, bucket: knownBucket, key: knownKey },
      question,
    );
    const policy = compilePolicy(knownKey.policy.document);
    const requests = question.requiredActions.map(request);
    const answer = askPolicy(policy, requests, 'delivery');
    const why = answerInWords(answer, { mayQuote, organization, question });
    const list = answer.actions.join(' and ');
    const end = `; key ${knownKey.arn}`;
    const advice = adviceOnEncryption(knownBucket);
    switch (answer.outcome) {
      case 'denied': {
        const next = answer.forbidden ? '; exempt AWS services from that Deny' : '';
        const refusal = `key policy refuses ${list}: ${why}${next}${end}`;
        if (requests.some((each) => denies(policy, each)))
          return { outcome: 'blocked', message: refusal, advice };
        const chance = chanceByGrant(grants, answer.actions, mayQuote);
        return chance === undefined
          ? { outcome: 'blocked', message: refusal, advice, asks: 'grants' }
          : { outcome: 'unknown', message: `${chance}; ${refusal}`, advice };
      }
      case 'unsure':
        return {
          outcome: 'unknown',
          message: `key policy may or may not allow ${list}: ${why}${end}`,
          advice,
        };
      case 'allowed':
        return {
          outcome: 'deliverable',
          message: `key policy admits ${deliveryService}${end}`,
          advice: [...adviceOnActions(policy, request), ...advice],
        };
    }
  },
};

/** Whether a Deny decides: no grant helps against a Deny. */
const denies = (policy: Policy, request: Request): boolean =>
  decisiveOf(policy, request).some(({ effect }) => effect === 'Deny');

/** The grants that may admit delivery although the policy does not; AWS documents no grants for flow logs. */
function chanceByGrant(
  known: Facts['grants'],
  actions: readonly string[],
  mayQuote: boolean,
): string | undefined {
  if (known === undefined) return undefined;
  const operations = new Set(actions.map((action) => action.replace(/^kms:/i, '').toLowerCase()));
  const useful = known.grants
    .filter(({ grantee }) => grantee === deliveryService)
    .map(({ id, ...grant }) => ({
      id,
      admits: grant.operations
        .map((each) => each.toLowerCase())
        .filter((each) => operations.has(each)),
    }))
    .filter(({ admits }) => admits.length > 0);
  const admitted = new Set(useful.flatMap(({ admits }) => admits));
  if (admitted.size === operations.size)
    return `${mayQuote ? `grant ${useful.map(({ id }) => id).join(', ')}` : 'a grant of that key'} may admit delivery: look whether log files arrive`;
  return known.isWhole
    ? undefined
    : 'more grants than were read may admit delivery: look whether log files arrive';
}

/** A remark on documented actions that the policy does not allow: the verdict needs only the required actions. */
function adviceOnActions(policy: Policy, request: (action: string) => Request): readonly string[] {
  const lacking = Object.entries(deliveryActions)
    .filter(([, action]) => decisionOf(policy, request(action)).outcome !== 'allowed')
    .map(([pattern]) => pattern);
  return lacking.length === 0 ? [] : [`AWS also documents ${lacking.join(', ')} for delivery`];
}

const adviceOnEncryption = ({ encryption }: Bucket): readonly string[] =>
  encryption.kind === 'encryption' && encryption.algorithm === 'aws:kms:dsse'
    ? ['aws:kms:dsse, judged like aws:kms: AWS does not document it for flow logs']
    : [];
