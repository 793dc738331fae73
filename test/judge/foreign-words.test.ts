import { decide } from '../../rule/judge/decide.ts';
import type { Bucket, Facts, Key } from '../../rule/model/facts.ts';
import { readPolicyText } from '../../rule/model/policy-text.ts';
import { archive, bucket, key, policy, question, world } from '../world.ts';

const deny = (condition: object) => ({
  Sid: 'SecretSid',
  Effect: 'Deny',
  Principal: '*',
  Action: '*',
  Resource: '*',
  Condition: condition,
});
const sureDeny = deny({ StringNotEquals: { 'aws:SourceAccount': ['333344445555'] } });
const openDeny = deny({ StringEquals: { 'aws:SecretKey': ['333344445555'] } });
const allow = {
  Effect: 'Allow',
  Principal: { Service: 'delivery.logs.amazonaws.com' },
  Action: '*',
  Resource: '*',
};
const twice = readPolicyText('policy', '{"SecretName":1,"SecretName":2}');

const withKey = (changed: Partial<Key>, accountId: string): Facts => ({
  ...world,
  key: { ...key, ...changed, accountId },
});
const withBucket = (changed: Partial<Bucket>, accountId: string | undefined): Facts => ({
  ...world,
  bucket: { ...bucket, ...changed, accountId },
});
const grants = {
  kind: 'grants' as const,
  isWhole: true,
  grants: [
    {
      id: 'secret-grant',
      grantee: 'delivery.logs.amazonaws.com',
      operations: ['Decrypt', 'GenerateDataKey'],
    },
  ],
};

/** Facts of which the key or the bucket is of the given account. */
const rows: readonly (readonly [string, (owner: string) => Facts])[] = [
  ['a Deny of the key', (owner) => withKey({ policy: policy(allow, sureDeny) }, owner)],
  ['an open Deny of the key', (owner) => withKey({ policy: policy(allow, openDeny) }, owner)],
  ['a name that stands twice in a key policy', (owner) => withKey({ policy: twice }, owner)],
  ['a grant of the key', (owner) => ({ ...withKey({ policy: policy() }, owner), grants })],
  ['a Deny of the bucket', (owner) => withBucket({ policy: policy(allow, sureDeny) }, owner)],
  ['an open Deny of the bucket', (owner) => withBucket({ policy: policy(allow, openDeny) }, owner)],
  ['a name that stands twice in a bucket policy', (owner) => withBucket({ policy: twice }, owner)],
];

const saidOf = (facts: Facts, withholdsForeignPolicies: boolean): string => {
  const { message, findings } = decide(facts, {
    ...question,
    alsoCheck: ['bucket-policy'],
    withholdsForeignPolicies,
  });
  return JSON.stringify([message, findings]);
};

describe('words of a policy, where foreign policies are withheld', () => {
  const secret = /secret|333344445555/i;

  it.each(rows)('%s are for the account of the policy', (_, owned) => {
    const { accountId } = world.flowLog;
    expect(saidOf(owned(archive), true)).not.toMatch(secret);
    expect(saidOf(owned(archive), false)).toMatch(secret);
    expect(saidOf(owned(accountId), true)).toMatch(secret);
  });

  it('of a bucket policy are withheld where nobody knows the owner of the bucket', () => {
    const facts = withBucket({ policy: policy(allow, sureDeny) }, undefined);
    expect(saidOf(facts, true)).toMatch(
      /a statement of that policy forbids it; bucket policy refuses s3:PutObject: exempt/,
    );
  });
});
