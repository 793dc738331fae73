import { ImpossibleWorld } from '../../model/world.ts';
import { isTrue, openValue, placeOf, textIn, type StackScope } from './scope.ts';
import { labelOf } from './stack.ts';
import { isNestedStack, membersOf, type Resource } from './template.ts';

/** A resource, or one attribute of it; `Ref` is an attribute too. */
interface Referred {
  readonly logicalId: string;
  readonly resource: Resource;
  readonly attribute: string;
}

/** The value of an attribute. An attribute that only a deployment knows is made up, or open. */
export const attributeOf = (referred: Referred, scope: StackScope): unknown =>
  scope.lookUp(`${referred.logicalId}.${referred.attribute}`, () => findAttribute(referred, scope));

function findAttribute(referred: Referred, scope: StackScope): unknown {
  const { logicalId, resource, attribute } = referred;
  const { partition, region, accountId } = placeOf(scope);
  switch (`${resource.type} ${attribute}`) {
    case 'AWS::S3::Bucket Ref':
      return bucketName(logicalId, resource, scope);
    case 'AWS::S3::Bucket Arn':
      return `arn:${partition}:s3:::${bucketName(logicalId, resource, scope)}`;
    case 'AWS::KMS::Key Ref':
    case 'AWS::KMS::Key KeyId':
    case 'AWS::KMS::ReplicaKey Ref':
    case 'AWS::KMS::ReplicaKey KeyId':
      return keyId(logicalId, resource, scope);
    case 'AWS::KMS::Key Arn':
    case 'AWS::KMS::ReplicaKey Arn':
      return `arn:${partition}:kms:${region}:${accountId}:key/${keyId(logicalId, resource, scope)}`;
    case 'AWS::KMS::Alias Ref':
      return textIn(resource.properties.AliasName, scope);
    case 'AWS::IAM::Role Arn':
    case 'AWS::IAM::User Arn': {
      const kind = resource.type === 'AWS::IAM::Role' ? 'role' : 'user';
      return `arn:${partition}:iam::${accountId}:${kind}/${madeUpName(referred, scope)}`;
    }
    case 'AWS::SSM::Parameter Value':
      return scope.resolve(resource.properties.Value);
  }
  if (isNestedStack(resource)) return outputOf(referred, scope);
  if (resource.type === 'Custom::CrossRegionExportReader') return exportRead(referred, scope);
  return TELLS_NOTHING_NEW.test(resource.type)
    ? madeUpName(referred, scope)
    : openAttribute(referred, 'only a deployment tells it', scope);
}

/** Types whose attributes name things that the deployment makes: nothing in the input is equal to these. */
const TELLS_NOTHING_NEW = /^AWS::(?!CloudFormation::CustomResource|Organizations::|SSM::)/;

/** The name that the template gives to a bucket, else a made-up name. */
export const bucketName = (
  logicalId: string,
  { properties }: Resource,
  scope: StackScope,
): string =>
  textIn(properties.BucketName, scope) ??
  scope.deployment.madeUp.nameOf(labelOf(scope.stack, logicalId));

/** The id of a key. A replica has the id of its primary key. */
export function keyId(
  logicalId: string,
  { type, properties }: Resource,
  scope: StackScope,
): string {
  const label = labelOf(scope.stack, logicalId);
  const { madeUp } = scope.deployment;
  if (type === 'AWS::KMS::Key')
    return madeUp.keyId(label, isTrue(properties.MultiRegion, scope) ?? false);
  const primary = textIn(properties.PrimaryKeyArn, scope) ?? '';
  return /:key\/(mrk-[0-9a-f]{32})$/.exec(primary)?.[1] ?? madeUp.keyId(label, true);
}

const madeUpName = (
  { logicalId, attribute }: Referred,
  { stack, deployment }: StackScope,
): string => {
  const label = labelOf(stack, logicalId);
  return deployment.madeUp.nameOf(attribute === 'Ref' ? label : `${label}.${attribute}`);
};

const openAttribute = (
  { logicalId, attribute }: Referred,
  settledBy: string,
  scope: StackScope,
): string =>
  openValue({ label: `${labelOf(scope.stack, logicalId)}.${attribute}`, settledBy }, scope);

/** The output of a nested stack; open where the template of the nested stack is not given. */
function outputOf(referred: Referred, scope: StackScope): unknown {
  const { logicalId, attribute } = referred;
  const child = scope.stack.children.get(logicalId);
  if (child === undefined || !attribute.startsWith('Outputs.'))
    return openAttribute(referred, `add the template of ${logicalId}`, scope);
  const name = attribute.slice('Outputs.'.length);
  const output = child.template.outputs[name];
  if (output === undefined)
    throw new ImpossibleWorld(`${child.template.file} has no output ${name}`);
  return scope.lookUp(`output ${labelOf(child, name)}`, () =>
    scope.inStack(child).resolve(output.Value),
  );
}

/** The value that CDK carries from a stack in another Region. */
function exportRead(referred: Referred, scope: StackScope): unknown {
  const { attribute } = referred;
  for (const { stack, resource } of scope.deployment.byType.get(
    'Custom::CrossRegionExportWriter',
  ) ?? []) {
    const exported = membersOf(membersOf(resource.properties.WriterProps).exports);
    if (Object.hasOwn(exported, attribute))
      return scope.lookUp(`export ${attribute}`, () =>
        scope.inStack(stack).resolve(exported[attribute]),
      );
  }
  return openAttribute(referred, 'add the template of the stack that exports it', scope);
}
