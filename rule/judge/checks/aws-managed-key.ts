import { isUnknown, learned } from '../../model/facts.ts';
import { keyReferenceOf, type KeyReference } from '../../model/key-reference.ts';
import type { Check } from '../../model/verdict.ts';

/** The policy of aws/s3 cannot be edited, so it can never admit the delivery service. */
export const awsManagedKey: Check<'aws-managed-key'> = {
  code: 'aws-managed-key',
  title: 'The bucket uses the AWS managed key `aws/s3`, whose policy cannot be edited',
  look({ bucket, key }) {
    const it = learned(bucket);
    const reference = keyReferenceOf(it);
    const description = learned(key)?.description;
    const byAws =
      description !== undefined && !isUnknown(description) && description.manager === 'AWS';
    if (it === undefined || reference === undefined) return undefined;
    if (!byAws && !namesAwsKey(reference)) return undefined;
    return {
      outcome: 'blocked',
      message: `bucket ${it.name} uses an AWS managed key (aws/s3), whose policy cannot be edited: encrypt it with a customer managed key, by key ARN`,
    };
  },
};

function namesAwsKey(reference: KeyReference): boolean {
  if (reference.kind === 'none') return true;
  if (reference.kind === 'alias-name') return reference.name.startsWith('alias/aws/');
  return reference.kind === 'alias-arn' && reference.arn.includes(':alias/aws/');
}
