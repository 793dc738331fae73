import { deliveryService, keyRequest, settles, unverified } from '../delivery.ts';
import { isUnknown, learned, type Bucket } from '../../model/facts.ts';
import { deliveryActions } from '../../model/kms.ts';
import { askPolicy } from '../../policy/ask-policy.ts';
import { compilePolicy, decisionOf, type Policy } from '../../policy/policy.ts';
import type { Request } from '../../policy/request.ts';
import type { Check } from '../../model/verdict.ts';

/** The key policy must let the delivery service use the key: AWS edits the bucket policy for you, never this one. */
export const keyPolicy: Check<'key-policy'> = {
  code: 'key-policy',
  title: 'The key policy does not let `delivery.logs.amazonaws.com` use the key for this flow log',
  look({ flowLog, bucket, key }, question) {
    const itsBucket = learned(bucket);
    const itsKey = learned(key);
    if (itsBucket === undefined || itsKey === undefined) return undefined;
    if (isUnknown(itsKey.policy)) return { outcome: 'unknown', message: itsKey.policy.why };
    const elsewhere = unverified(flowLog);
    if (elsewhere !== undefined) return { outcome: 'unknown', message: elsewhere };
    const request = (action: string): Request =>
      keyRequest(action, { flowLog, bucket: itsBucket, key: itsKey }, question);
    const policy = compilePolicy(itsKey.policy.document);
    const { outcome, actions, why, forbidden, unsettled } = askPolicy(
      policy,
      question.requiredActions.map(request),
      'delivery',
    );
    const asked = actions.join(' and ');
    const next = forbidden ? '; exempt AWS services from that Deny' : '';
    const end = `; key ${itsKey.arn}`;
    const advice = adviceOnEncryption(itsBucket);
    switch (outcome) {
      case 'denied':
        return {
          outcome: 'blocked',
          message: `key policy refuses ${asked}: ${why}${next}${end}`,
          advice,
        };
      case 'unsure':
        return {
          outcome: 'unknown',
          message: `key policy may or may not allow ${asked}: ${why}${settles(unsettled, question)}${end}`,
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

/** The actions that AWS documents, and the policy does not allow. */
function adviceOnActions(policy: Policy, request: (action: string) => Request): readonly string[] {
  const lacking = Object.entries(deliveryActions)
    .filter(([, action]) => decisionOf(policy, request(action)).outcome !== 'allowed')
    .map(([pattern]) => pattern);
  return lacking.length === 0 ? [] : [`AWS also documents ${lacking.join(', ')} for it`];
}

const adviceOnEncryption = ({ encryption }: Bucket): readonly string[] =>
  encryption.kind === 'encryption' && encryption.algorithm === 'aws:kms:dsse'
    ? ['aws:kms:dsse, judged like aws:kms: AWS does not document it for flow logs']
    : [];
