import { kmsArn } from '../../model/arn.ts';
import { BrokenTemplate, ImpossibleWorld } from '../../model/world.ts';
import { isTrue, openValue, placeOf, resolvedText, type StackScope } from './scope.ts';
import { labelOf } from './stack.ts';
import { isNestedStack, type Resource } from './template.ts';
import { membersOf } from './members.ts';

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
  const { resource, attribute } = referred;
  const known = attributes.get(`${resource.type} ${attribute}`);
  if (known !== undefined) return known(referred, scope);
  if (isNestedStack(resource)) return outputOf(referred, scope);
  if (resource.type === 'Custom::CrossRegionExportReader') return exportRead(referred, scope);
  return TELLS_NOTHING_NEW.test(resource.type)
    ? madeUpName(referred, scope)
    : openAttribute(referred, 'only a deployment tells it', scope);
}

type FindAttribute = (referred: Referred, scope: StackScope) => unknown;

/** A bucket with another character in its name cannot be made. */
const bucketRef = ({ logicalId, resource }: Referred, scope: StackScope): string => {
  const name = bucketName(logicalId, resource, scope);
  if (/[^A-Za-z0-9._-]/.test(name))
    throw new ImpossibleWorld(`bucket ${labelOf(scope.stack, logicalId)} cannot be named ${name}`);
  return name;
};

const keyRef: FindAttribute = ({ logicalId, resource }, scope) => keyId(logicalId, resource, scope);

const keyArnAttribute: FindAttribute = ({ logicalId, resource }, scope) =>
  kmsArn(placeOf(scope), `key/${keyId(logicalId, resource, scope)}`);

/** The ARN of a role or a user. */
const arnOfIdentity =
  (kind: 'role' | 'user'): FindAttribute =>
  (referred, scope) => {
    const { partition, accountId } = placeOf(scope);
    return `arn:${partition}:iam::${accountId}:${kind}/${madeUpName(referred, scope)}`;
  };

/** The attributes whose form is known before the deployment. */
const attributes: ReadonlyMap<string, FindAttribute> = new Map<string, FindAttribute>([
  ['AWS::S3::Bucket Ref', bucketRef],
  [
    'AWS::S3::Bucket Arn',
    (referred, scope) => `arn:${placeOf(scope).partition}:s3:::${bucketRef(referred, scope)}`,
  ],
  ['AWS::KMS::Key Ref', keyRef],
  ['AWS::KMS::Key KeyId', keyRef],
  ['AWS::KMS::Key Arn', keyArnAttribute],
  ['AWS::KMS::ReplicaKey Ref', keyRef],
  ['AWS::KMS::ReplicaKey KeyId', keyRef],
  ['AWS::KMS::ReplicaKey Arn', keyArnAttribute],
  [
    'AWS::KMS::Alias Ref',
    ({ resource }, scope) => resolvedText(resource.properties.AliasName, scope),
  ],
  ['AWS::IAM::Role Arn', arnOfIdentity('role')],
  ['AWS::IAM::User Arn', arnOfIdentity('user')],
  ['AWS::SSM::Parameter Value', ({ resource }, scope) => scope.resolve(resource.properties.Value)],
]);

/** Types whose attributes name things that the deployment makes: nothing in the input is equal to these. */
const TELLS_NOTHING_NEW = /^AWS::(?!CloudFormation::CustomResource|Organizations::|SSM::)/;

/** The name that the template gives to a bucket, else a made-up name. */
export const bucketName = (
  logicalId: string,
  { properties }: Resource,
  scope: StackScope,
): string =>
  resolvedText(properties.BucketName, scope) ??
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
  const primary = resolvedText(properties.PrimaryKeyArn, scope) ?? '';
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
    throw new BrokenTemplate(`${child.template.file} has no output ${name}`);
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
