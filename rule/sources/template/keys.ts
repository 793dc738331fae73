import { isAliasArn, keyArnBehind, parseArn } from '../../model/arn.ts';
import { unknown, type Key, type Unknown } from '../../model/facts.ts';
import { existingKey } from '../planned/existing-facts.ts';
import { plannedKey } from '../planned/facts.ts';
import { oneOf } from '../planned/open-values.ts';
import { plannedPolicy } from '../planned/policy.ts';
import { attributeOf, keyId } from './attributes.ts';
import { JUDGE_DEPLOYED } from './macros.ts';
import { madeFrom, madeWith, ownFirst, sharedName, type MadeResource } from './resources.ts';
import { besideOf, isTrue, placeOf, resolvedText, type StackScope } from './scope.ts';

/** The key with this ARN, or behind the alias with this ARN, among the resources of all stacks. */
export function keyWithArn(arn: string, scope: StackScope): Key | Unknown {
  const keyArn = isAliasArn(arn) ? aliasTarget(arn, scope) : arn;
  const elsewhere = (): Key | Unknown =>
    existingKey(keyArn ?? arn, besideOf(scope)) ??
    unknown(
      `${keyArn === undefined ? `alias ${arn}` : `key ${keyArn}`} is not in the given templates`,
      'add its template',
    );
  if (keyArn === undefined) return elsewhere();
  const { byType, keys, madeUp } = scope.deployment;
  const label = madeUp.labelOf(keyArn.slice(keyArn.indexOf('/') + 1));
  const named = label === undefined ? undefined : keys.get(label);
  const found = [named ?? [], byType.get('AWS::KMS::ReplicaKey') ?? []]
    .flat()
    .flatMap((located) => madeFrom(located, scope))
    .filter((made) => keyArnFrom(made) === keyArn);
  const own = ownFirst(found, scope);
  const key = oneOf(own, sharedName(own, keyArn), scope.world);
  return key === undefined ? elsewhere() : keyOf(key);
}

const keyArnFrom = ({ logicalId, resource, scope }: MadeResource): string =>
  String(attributeOf({ logicalId, resource, attribute: 'Arn' }, scope));

/** The ARN of the key behind an alias; undefined where no template has the alias. */
export function aliasTarget(arn: string, scope: StackScope): string | undefined {
  const { region, accountId, resource = '' } = parseArn(arn) ?? {};
  const named = { type: 'AWS::KMS::Alias', property: 'AliasName' };
  const found = madeWith(named, resource, scope).filter((made) => {
    const place = placeOf(made.scope);
    return place.region === region && place.accountId === accountId;
  });
  const own = ownFirst(found, scope);
  const alias = oneOf(own, sharedName(own, resource), scope.world);
  return alias && keyArnBehind(arn, resolvedText(alias.properties.TargetKeyId, alias.scope) ?? '');
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-replicakey.html
 */
function keyOf(made: MadeResource): Key {
  const { label, logicalId, resource, properties, scope } = made;
  const { madeUp } = scope.deployment;
  const isReplica = resource.type === 'AWS::KMS::ReplicaKey';
  madeUp.nameKey(keyArnFrom(made), label);
  const [usage, spec, origin] = ['KeyUsage', 'KeySpec', 'Origin'].map((name) =>
    resolvedText(properties[name], scope),
  );
  const open = madeUp.openIn(`${usage} ${spec} ${origin}`);
  const isMultiRegion = isReplica || (isTrue(properties.MultiRegion, scope) ?? false);
  return plannedKey(
    {
      id: keyId(logicalId, resource, scope),
      definedAs: label,
      isEnabled: isTrue(properties.Enabled, scope) ?? true,
      ...{ usage, spec, origin, isMultiRegion, isReplica },
      unclear: open && unknown(`key ${label} depends on ${open.label}`, open.settledBy),
      policy: policyOfKey(made),
    },
    placeOf(scope),
  );
}

/** The key policy; undefined where the template has none, which stands for AWS's default policy. */
function policyOfKey({ label, properties, resource, scope }: MadeResource) {
  if (resource.isRewritten)
    return unknown(`key ${label} is written by Fn::Transform`, JUDGE_DEPLOYED);
  const document = scope.resolve(properties.KeyPolicy);
  const reading = { world: scope.world, madeUp: scope.deployment.madeUp };
  return document === undefined
    ? undefined
    : plannedPolicy(`policy of key ${label}`, document, reading);
}
