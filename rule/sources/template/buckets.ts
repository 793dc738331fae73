import { isAliasArn } from '../../model/arn.ts';
import type { EncryptionRule } from '../../model/encryption-rules.ts';
import { unknown, type Bucket, type Encryption, type Unknown } from '../../model/facts.ts';
import {
  encryptionFromElsewhere,
  existingBucket,
  policyFromElsewhere,
} from '../planned/existing-facts.ts';
import { plannedBucket, plannedEncryption } from '../planned/facts.ts';
import { plannedPolicy } from '../planned/policy.ts';
import { bucketName } from './attributes.ts';
import { aliasTarget } from './keys.ts';
import { oneOf, openAnswer } from '../planned/open-values.ts';
import { JUDGE_DEPLOYED } from './macros.ts';
import { madeFrom, madeWith, mayBe, ownFirst, sharedName, type MadeResource } from './resources.ts';
import { areSame, besideOf, isTrue, placeOf, resolvedText, type StackScope } from './scope.ts';
import { isMembers, membersOf } from './members.ts';

/** The bucket with this name among the resources of all stacks. */
export function bucketNamed(name: string, scope: StackScope): Bucket | Unknown {
  const buckets = (scope.deployment.byType.get('AWS::S3::Bucket') ?? []).flatMap((located) => {
    const ref = { Ref: located.logicalId };
    if (!mayBe(ref, name, { ...scope, stack: located.stack })) return [];
    const { logicalId, resource, stack } = located;
    const isNamed = areSame(bucketName(logicalId, resource, scope.inStack(stack)), name, scope);
    return isNamed ? madeFrom(located, scope) : [];
  });
  const bucket = oneOf(rivals(buckets, scope), sharedName(buckets, name), scope.world);
  if (bucket === undefined) return bucketElsewhere(name, scope);
  const encryption = encryptionOf(bucket, name);
  const { partition } = placeOf(scope);
  const policy =
    policyOfBucket(name, scope) ?? policyFromElsewhere({ name, partition }, besideOf(scope));
  scope.world.note(`arn:${partition}:s3:::${name}`);
  const definedAs = bucket.label;
  return plannedBucket({ name, encryption, policy, definedAs }, placeOf(bucket.scope));
}

/** AWS has a name once: a bucket of the same stack has the name, unless another stack surely gives this name too. */
function rivals(buckets: readonly MadeResource[], scope: StackScope): readonly MadeResource[] {
  const own = ownFirst(buckets, scope);
  return own.length === buckets.length
    ? own
    : [
        ...own,
        ...buckets.filter(
          (made) => !own.includes(made) && typeof made.properties.BucketName === 'string',
        ),
      ];
}

/** A bucket that exists, with the policy that the templates set. */
function bucketElsewhere(name: string, scope: StackScope): Bucket | Unknown {
  const { partition } = placeOf(scope);
  const found = existingBucket({ name, partition }, besideOf(scope));
  if (found?.kind === 'bucket')
    return { ...found, policy: policyOfBucket(name, scope) ?? found.policy };
  if (found !== undefined) return found;
  const open = scope.deployment.madeUp.openIn(name);
  return open === undefined
    ? unknown(`bucket ${name} is not in the given templates`, 'add its template')
    : unknown(`bucket of the flow log depends on ${open.label}`, open.settledBy);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-bucketencryption.html */
function encryptionOf(
  { properties, resource, scope }: MadeResource,
  name: string,
): Encryption | Unknown {
  if (resource.isRewritten)
    return unknown(`bucket ${name} is written by Fn::Transform`, JUDGE_DEPLOYED);
  const configuration = scope.resolve(properties.BucketEncryption);
  const { ServerSideEncryptionConfiguration } = isMembers(configuration)
    ? configuration
    : { ServerSideEncryptionConfiguration: configuration };
  if (ServerSideEncryptionConfiguration === undefined) return withoutEncryption(name, scope);
  const rules = [ServerSideEncryptionConfiguration].flat().map((rule) => ruleOf(rule, scope));
  const texts = JSON.stringify(ServerSideEncryptionConfiguration, (_, member: unknown) =>
    isAliasHere(member, scope) ? '' : member,
  );
  const open = scope.deployment.madeUp.openIn(texts);
  for (const { defaultEncryption } of rules) scope.world.note(defaultEncryption?.keyId ?? '');
  return open === undefined
    ? plannedEncryption(name, rules)
    : unknown(`encryption of bucket ${name} depends on ${open.label}`, open.settledBy);
}

/** The text of such an alias may be open: the alias and the bucket have the same text. */
const isAliasHere = (text: unknown, scope: StackScope): boolean =>
  typeof text === 'string' && isAliasArn(text) && aliasTarget(text, scope) !== undefined;

const withoutEncryption = (name: string, scope: StackScope): Encryption | Unknown =>
  encryptionFromElsewhere({ name, partition: placeOf(scope).partition }, besideOf(scope)) ??
  plannedEncryption(name, []);

function ruleOf(rule: unknown, scope: StackScope): EncryptionRule {
  const { ServerSideEncryptionByDefault, BucketKeyEnabled, ...others } = membersOf(rule);
  const { SSEAlgorithm, KMSMasterKeyID } = membersOf(ServerSideEncryptionByDefault);
  const algorithm = resolvedText(SSEAlgorithm, scope);
  return {
    defaultEncryption:
      algorithm === undefined
        ? undefined
        : {
            kind: 'encryption',
            algorithm,
            keyId: resolvedText(KMSMasterKeyID, scope),
            bucketKey: isTrue(BucketKeyEnabled, scope) ?? false,
          },
    blocksTypes: 'BlockedEncryptionTypes' in others && Object.keys(others).length === 1,
  };
}

/** The policy of a bucket; undefined where no template has one. Each of several policies may be the last to be set. */
function policyOfBucket(name: string, scope: StackScope) {
  const policies = madeWith({ type: 'AWS::S3::BucketPolicy', property: 'Bucket' }, name, scope);
  const policy = policies.find(
    ({ label }, index) => index === policies.length - 1 || isLast(label, policies, scope),
  );
  if (policy === undefined) return undefined;
  if (policy.resource.isRewritten)
    return unknown(`${policy.label} is written by Fn::Transform`, JUDGE_DEPLOYED);
  const document = policy.scope.resolve(policy.properties.PolicyDocument);
  const reading = { world: scope.world, madeUp: scope.deployment.madeUp };
  return plannedPolicy(`policy of bucket ${name}`, document, reading);
}

function isLast(label: string, policies: readonly MadeResource[], { world }: StackScope): boolean {
  const labels = policies.map((each) => each.label).join(' and ');
  const name = `the order of ${labels}, which set the policy of one bucket`;
  const answer = openAnswer(`last ${label}`, { name, settledBy: 'keep one of these' });
  return (
    world.valueOf({
      ...answer,
      inWords: (value) =>
        value === 'true' ? `with ${label} at last` : `with ${label} before another`,
    }) === 'true'
  );
}
