import { isUnknown, learned, type Key } from '../../model/facts.ts';
import { keyReferenceOf, type KeyReference } from '../../model/key-reference.ts';
import type { Check } from '../../model/verdict.ts';

/** The policy of an AWS managed key cannot be edited, so the policy can never admit the delivery service. */
export const awsManagedKey: Check<'aws-managed-key'> = {
  code: 'aws-managed-key',
  title: 'The bucket uses an AWS managed key, such as `aws/s3`, whose policy cannot be edited',
  look({ bucket, key }) {
    const knownBucket = learned(bucket);
    const reference = keyReferenceOf(knownBucket);
    if (knownBucket === undefined || reference === undefined) return undefined;
    const name = nameOfAwsKey(reference) ?? arnOfAwsKey(learned(key));
    if (name === undefined) return undefined;
    return {
      outcome: 'blocked',
      what: `bucket ${knownBucket.name} uses an AWS managed key (${name}), whose policy cannot be edited`,
      next: 'encrypt it with a customer managed key, by key ARN',
    };
  },
};

/** Aliases of AWS managed keys, and only these, begin with `aws/`. */
function nameOfAwsKey(reference: KeyReference): string | undefined {
  if (reference.kind === 'none') return 'aws/s3';
  if (reference.kind !== 'alias-name' && reference.kind !== 'alias-arn') return undefined;
  const alias = reference.kind === 'alias-name' ? reference.name : reference.arn;
  return /(?:^|:)alias\/(aws\/.+)$/.exec(alias)?.[1];
}

const arnOfAwsKey = (key: Key | undefined): string | undefined =>
  key === undefined || isUnknown(key.description) || key.description.manager !== 'AWS'
    ? undefined
    : key.arn;
