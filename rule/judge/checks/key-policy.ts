import { isUnknown, learned, type Bucket } from '../../model/facts.ts';
import { deliveryActions } from '../../model/kms.ts';
import type { Check } from '../../model/verdict.ts';
import { askPolicy } from '../../policy/ask-policy.ts';
import { compilePolicy, decisionOf, type Policy } from '../../policy/policy.ts';
import type { Request } from '../../policy/request.ts';
import { deliveryService, doubtAboutPartition, settlingHint } from '../delivery.ts';
import { keyRequest } from '../key-request.ts';

/** The key policy must let the delivery service use the key: AWS edits the bucket policy for you, never the key policy. */
export const keyPolicy: Check<'key-policy'> = {
  code: 'key-policy',
  title: 'The key policy does not let `delivery.logs.amazonaws.com` use the key for this flow log',
  look({ flowLog, bucket, key }, question) {
    const knownBucket = learned(bucket);
    const knownKey = learned(key);
    if (knownBucket === undefined || knownKey === undefined) return undefined;
    if (isUnknown(knownKey.policy)) return { outcome: 'unknown', message: knownKey.policy.why };
    const doubt = doubtAboutPartition(flowLog);
    if (doubt !== undefined) return { outcome: 'unknown', message: doubt };
    const request = (action: string): Request =>
      keyRequest(action, { flowLog, bucket: knownBucket, key: knownKey }, question);
    const policy = compilePolicy(knownKey.policy.document);
    const { outcome, actions, why, forbidden, unsettled } = askPolicy(
      policy,
      question.requiredActions.map(request),
      'delivery',
    );
    const list = actions.join(' and ');
    const next = forbidden ? '; exempt AWS services from that Deny' : '';
    const end = `; key ${knownKey.arn}`;
    const advice = adviceOnEncryption(knownBucket);
    switch (outcome) {
      case 'denied':
        return {
          outcome: 'blocked',
          message: `key policy refuses ${list}: ${why}${next}${end}`,
          advice,
        };
      case 'unsure':
        return {
          outcome: 'unknown',
          message: `key policy may or may not allow ${list}: ${why}${settlingHint(unsettled, question)}${end}`,
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
