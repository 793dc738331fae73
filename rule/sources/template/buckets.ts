import type { EncryptionRule } from '../../model/encryption-rules.ts';
import { unknown, type Bucket, type Encryption, type Unknown } from '../../model/facts.ts';
import { plannedBucket, plannedEncryption } from '../planned/facts.ts';
import { plannedPolicy } from '../planned/policy.ts';
import { bucketName } from './attributes.ts';
import { madeResources, type Made } from './resources.ts';
import { isTrue, placeOf, textOf, type Scope } from './scope.ts';
import { membersOf } from './template.ts';

/** The bucket with this name among the resources of all stacks. */
export function bucketNamed(name: string, scope: Scope): Bucket | Unknown {
  const buckets = [...madeResources(['AWS::S3::Bucket'], scope)].filter(
    (made) => bucketName(made.logicalId, made.resource, made.scope) === name,
  );
  const own = buckets.filter((made) => made.scope.stack.place === scope.stack.place);
  const [bucket, another] = own.length > 0 ? own : buckets;
  if (bucket === undefined) return unknown(whyNotHere(name, scope));
  if (another !== undefined)
    return unknown(`${bucket.label} and ${another.label} are both named ${name}: judge them apart`);
  const encryption = encryptionOf(bucket, name);
  const policy = policyOf(name, scope);
  return plannedBucket({ name, encryption, policy }, placeOf(bucket.scope));
}

function whyNotHere(name: string, { deployment: { madeUp } }: Scope): string {
  const open = madeUp.openIn(name);
  return open === undefined
    ? `bucket ${name} is not in the given templates: add its template`
    : `bucket of the flow log depends on ${open.label}: ${open.settledBy}`;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-bucketencryption.html */
function encryptionOf({ properties, resource, scope }: Made, name: string): Encryption | Unknown {
  if (resource.isRewritten) return unknown(`bucket ${name} is written by Fn::Transform`);
  const { ServerSideEncryptionConfiguration } = membersOf(
    scope.resolve(properties.BucketEncryption),
  );
  if (ServerSideEncryptionConfiguration === undefined) return plannedEncryption(name, []);
  const rules = [ServerSideEncryptionConfiguration].flat().map((rule) => ruleOf(rule, scope));
  const open = rules
    .map(({ defaultEncryption }) => defaultEncryption)
    .flatMap((each) => (each === undefined ? [] : [each.algorithm, each.keyId ?? '']))
    .map(scope.deployment.madeUp.openIn)
    .find((each) => each !== undefined);
  return open === undefined
    ? plannedEncryption(name, rules)
    : unknown(`encryption of bucket ${name} depends on ${open.label}: ${open.settledBy}`);
}

function ruleOf(rule: unknown, scope: Scope): EncryptionRule {
  const { ServerSideEncryptionByDefault, BucketKeyEnabled, ...others } = membersOf(rule);
  const { SSEAlgorithm, KMSMasterKeyID } = membersOf(ServerSideEncryptionByDefault);
  const algorithm = textOf(SSEAlgorithm, scope);
  return {
    defaultEncryption:
      algorithm === undefined
        ? undefined
        : {
            kind: 'encryption',
            algorithm,
            keyId: textOf(KMSMasterKeyID, scope),
            bucketKey: isTrue(BucketKeyEnabled, scope) ?? false,
          },
    blocksTypes: 'BlockedEncryptionTypes' in others && Object.keys(others).length === 1,
  };
}

/** The policy of a bucket; undefined where no template has one. */
function policyOf(name: string, scope: Scope) {
  const [policy, another] = [...madeResources(['AWS::S3::BucketPolicy'], scope)].filter(
    (made) => textOf(made.properties.Bucket, made.scope) === name,
  );
  if (policy === undefined) return undefined;
  if (another !== undefined)
    return unknown(`${policy.label} and ${another.label} both set the policy of bucket ${name}`);
  const document = policy.scope.resolve(policy.properties.PolicyDocument);
  const reading = { world: scope.world, madeUp: scope.deployment.madeUp };
  return plannedPolicy(`policy of bucket ${name}`, document, reading);
}
