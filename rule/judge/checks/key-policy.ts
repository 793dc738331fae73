import { isUnknown, learned, type Bucket, type Facts, type FlowLog } from '../../model/facts.ts';
import { deliveryActions } from '../../model/kms.ts';
import type { Check } from '../../model/verdict.ts';
import { mayQuotePolicy, type Question } from '../../model/question.ts';
import { askPolicy } from '../../policy/ask-policy.ts';
import { newBudget } from '../../policy/budget.ts';
import { glob } from '../../policy/glob.ts';
import { match } from '../../policy/match.ts';
import { compilePolicy, decisionOf, decisiveOf, type Policy } from '../../policy/policy.ts';
import type { Request } from '../../policy/request.ts';
import { answerInWords, nextStep, unreadPolicy } from '../answer-in-words.ts';
import { unknownAnswer } from '../gap-in-words.ts';
import { doubtAboutPartition } from '../delivery.ts';
import { deliveryService, sourceArn } from '../../model/delivery-service.ts';
import { keyRequests, type KeyDelivery } from '../key-request.ts';

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
      return unknownAnswer(unreadPolicy(knownKey.policy, mayQuote), 'allow kms:GetKeyPolicy on it');
    const doubt = doubtAboutPartition(flowLog);
    if (doubt !== undefined) return unknownAnswer(doubt, '');
    const delivery = { flowLog, organization, bucket: knownBucket, key: knownKey };
    const request = keyRequests(delivery, question);
    const policy = compilePolicy(knownKey.policy.document);
    const requests = question.requiredActions.map(request);
    const answer = askPolicy(policy, requests, 'delivery');
    const advice = adviceOnEncryption(knownBucket);
    if (answer.outcome === 'allowed')
      return {
        outcome: 'deliverable',
        what: `key policy admits ${deliveryService}`,
        next: null,
        advice: [...adviceOnActions(policy, request), ...advice],
      };
    const list = answer.actions.join(' and ');
    const why = answerInWords(answer, { mayQuote });
    const step = nextStep(answer, stepToAllow(knownBucket), { mayQuote, organization, question });
    if (answer.outcome === 'unsure')
      return {
        outcome: 'unknown',
        what: `${why}; key policy may or may not allow ${list}`,
        next: step,
        advice,
      };
    const causes = mayQuote ? withOtherServices(why, policy) : why;
    const what = `${causes}; key policy refuses ${list}`;
    const next = step + stepAtBucketKey(policy, delivery, question);
    if (requests.some((each) => denies(policy, each)))
      return { outcome: 'blocked', what, next, advice };
    const chance = chanceByGrant({ flowLog, grants }, answer.actions, mayQuote);
    return chance === undefined
      ? { outcome: 'blocked', what, next, advice, asks: 'grants' }
      : { outcome: 'unknown', what: `${chance}; ${what}`, next: `${LOOK}, or ${next}`, advice };
  },
};

/** Before a deployment no flow log has an id to mend. */
const stepToAllow = ({ isPlanned }: Bucket): string =>
  `add the statement of \`flow-log-key ${isPlanned === true ? 'statement' : 'remedy FLOW-LOG-ID'}\` to the key policy`;

const LOOK = 'look whether log files arrive';

/** A Bucket Key changes the encryption context: the other setting may be the one that the policy admits. */
function stepAtBucketKey(policy: Policy, delivery: KeyDelivery, question: Question): string {
  const { encryption } = delivery.bucket;
  if (isUnknown(encryption) || encryption.algorithm !== 'aws:kms') return '';
  const { bucketKey } = encryption;
  if (bucketKey === undefined) return '';
  const bucket = { ...delivery.bucket, encryption: { ...encryption, bucketKey: !bucketKey } };
  const request = keyRequests({ ...delivery, bucket }, question);
  return question.requiredActions.every(
    (action) => decisionOf(policy, request(action)).outcome === 'allowed',
  )
    ? `, or turn the Bucket Key ${bucketKey ? 'off' : 'on'}`
    : '';
}

/** Services that people take for the delivery service. */
const forCloudWatchLogs =
  /^Service: ((?:vpc-flow-logs|logs(?:\.[a-z0-9-]+)?)\.amazonaws\.com(?:\.cn)?)$/;

/** Says so where a statement is for a service that writes to CloudWatch Logs; first, where none is for the delivery service. */
function withOtherServices(why: string, { statements }: Policy): string {
  const names = statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ principal }) => principal.wants());
  const [other] = names.flatMap((name) => forCloudWatchLogs.exec(name)?.[1] ?? []);
  if (other === undefined) return why;
  const remark = `${other} writes to CloudWatch Logs, not to S3`;
  return names.includes(`Service: ${deliveryService}`) ? `${why}; ${remark}` : `${remark}; ${why}`;
}

/** Whether a Deny surely decides: no grant helps against a Deny. */
const denies = (policy: Policy, request: Request): boolean =>
  decisionOf(policy, request).outcome === 'denied' &&
  decisiveOf(policy, request).some(({ effect }) => effect === 'Deny');

/** The grants that may admit delivery although the policy does not; AWS documents no grants for flow logs. */
function chanceByGrant(
  { flowLog, grants: known }: { readonly flowLog: FlowLog; readonly grants: Facts['grants'] },
  actions: readonly string[],
  mayQuote: boolean,
): string | undefined {
  if (known === undefined) return undefined;
  const operations = new Set(actions.map((action) => action.replace(/^kms:/i, '').toLowerCase()));
  const useful = known.grants
    .filter(
      ({ grantee, sourceArn: wanted = '*' }) =>
        grantee === deliveryService && overlap(wanted, sourceArn(flowLog)),
    )
    .map(({ id, ...grant }) => ({
      id,
      admits: grant.operations
        .map((each) => each.toLowerCase())
        .filter((each) => operations.has(each)),
    }))
    .filter(({ admits }) => admits.length > 0);
  const admitted = new Set(useful.flatMap(({ admits }) => admits));
  if (admitted.size === operations.size)
    return `${mayQuote ? `grant ${useful.map(({ id }) => id).join(', ')}` : 'a grant of that key'} may admit delivery`;
  return known.isWhole ? undefined : 'more grants than were read may admit delivery';
}

/** Whether some text may be like both patterns. */
const overlap = (one: string, other: string): boolean =>
  match(glob(one), glob(other), newBudget()) !== false;

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
