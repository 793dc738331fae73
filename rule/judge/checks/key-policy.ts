import { deliveryService, keyRequest, settles, unverified } from '../delivery.ts';
import type { Check } from '../check.ts';
import { isUnknown, learned } from '../../model/facts.ts';
import { answer } from '../../policy/explain.ts';
import { compile, decide, type Policy } from '../../policy/policy.ts';
import type { Request } from '../../policy/statement.ts';

/** The key policy must let the delivery service use the key: AWS edits the bucket policy for you, never this one. */
export const keyPolicy: Check = {
  code: 'key-policy',
  title: 'The key policy does not let `delivery.logs.amazonaws.com` use the key for this flow log',
  look({ flowLog, bucket, key }, question) {
    const itsBucket = learned(bucket);
    const itsKey = learned(key);
    if (itsBucket === undefined || itsKey === undefined) return undefined;
    if (isUnknown(itsKey.policy)) return { outcome: 'unknown', message: itsKey.policy.unknown };
    const elsewhere = unverified(flowLog);
    if (elsewhere !== undefined) return { outcome: 'unknown', message: elsewhere };
    const request = (action: string): Request =>
      keyRequest(action, { flowLog, bucket: itsBucket, key: itsKey }, question);
    const policy = compile(itsKey.policy.document);
    const { outcome, actions, why, forbidden, unsettled } = answer(
      policy,
      question.requiredActions.map(request),
      'delivery',
    );
    const asked = actions.join(' and ');
    const next = forbidden ? '; exempt AWS services from that Deny' : '';
    const end = `; key ${itsKey.arn}${dualLayer(itsBucket.encryption)}`;
    switch (outcome) {
      case 'denied':
        return { outcome: 'blocked', message: `key policy refuses ${asked}: ${why}${next}${end}` };
      case 'unsure':
        return {
          outcome: 'unknown',
          message: `key policy may or may not allow ${asked}: ${why}${settles(unsettled, question)}${end}`,
        };
      case 'allowed':
        return {
          outcome: 'deliverable',
          message: `key policy admits ${deliveryService}${advice(policy, request)}${end}`,
        };
    }
  },
};

/** The actions that AWS documents beyond what delivery is known to need, one of each kind. */
const documented = {
  'kms:Encrypt': 'kms:Encrypt',
  'kms:Decrypt': 'kms:Decrypt',
  'kms:ReEncrypt*': 'kms:ReEncryptTo',
  'kms:GenerateDataKey*': 'kms:GenerateDataKeyWithoutPlaintext',
  'kms:DescribeKey': 'kms:DescribeKey',
};

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html */
function advice(policy: Policy, request: (action: string) => Request): string {
  const lacking = Object.entries(documented)
    .filter(([, action]) => decide(policy, request(action)).outcome !== 'allowed')
    .map(([pattern]) => pattern);
  return lacking.length === 0 ? '' : ` (AWS also documents ${lacking.join(', ')} for it)`;
}

const dualLayer = (encryption: object): string =>
  'algorithm' in encryption && encryption.algorithm === 'aws:kms:dsse'
    ? ' (aws:kms:dsse, judged like aws:kms: AWS does not document it for flow logs)'
    : '';
