import { isUnknown, learned } from '../../model/facts.ts';
import { keyReferenceOf, type KeyReference } from '../../model/key-reference.ts';
import type { Check } from '../../model/verdict.ts';

/** The policy of `aws/s3` cannot be edited, so the policy can never admit the delivery service. */
export const awsManagedKey: Check<'aws-managed-key'> = {
  code: 'aws-managed-key',
  title: 'The bucket uses the AWS managed key `aws/s3`, whose policy cannot be edited',
  look({ bucket, key }) {
    const knownBucket = learned(bucket);
    const reference = keyReferenceOf(knownBucket);
    if (knownBucket === undefined || reference === undefined) return undefined;
    const description = learned(key)?.description;
    const managedByAws =
      description !== undefined && !isUnknown(description) && description.manager === 'AWS';
    if (!managedByAws && !namesAwsKey(reference)) return undefined;
    return {
      outcome: 'blocked',
      message: `bucket ${knownBucket.name} uses an AWS managed key (aws/s3), whose policy cannot be edited: encrypt it with a customer managed key, by key ARN`,
    };
  },
};

function namesAwsKey(reference: KeyReference): boolean {
  if (reference.kind === 'none') return true;
  if (reference.kind === 'alias-name') return reference.name.startsWith('alias/aws/');
  return reference.kind === 'alias-arn' && reference.arn.includes(':alias/aws/');
}
