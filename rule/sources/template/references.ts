import { BrokenTemplate, ImpossibleWorld } from '../../model/world.ts';
import { conditionHolds } from './conditions.ts';
import { parameterValue } from './parameters.ts';
import { attributeOf } from './attributes.ts';
import { openValue, placeOf, type StackScope } from './scope.ts';
import { labelOf } from './stack.ts';
import { isMadeByMacro, JUDGE_DEPLOYED } from './macros.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const pseudoParameters: Readonly<Record<string, (scope: StackScope) => unknown>> = {
  'AWS::AccountId': (scope) => placeOf(scope).accountId,
  'AWS::Region': (scope) => placeOf(scope).region,
  'AWS::Partition': (scope) => placeOf(scope).partition,
  'AWS::URLSuffix': (scope) =>
    placeOf(scope).partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
  'AWS::StackName': (scope) => scope.stack.stackName ?? openStackName(scope),
  'AWS::StackId'(scope) {
    const { partition, region, accountId } = placeOf(scope);
    const id = scope.deployment.madeUp.nameOf(labelOf(scope.stack, 'a part of AWS::StackId'));
    const name = scope.stack.stackName ?? openStackName(scope);
    return `arn:${partition}:cloudformation:${region}:${accountId}:stack/${name}/${Array(5).fill(id).join('-')}`;
  },
  'AWS::NotificationARNs': () => [],
  'AWS::NoValue': () => undefined,
};

const openStackName = (scope: StackScope): string =>
  openValue(
    {
      label: labelOf(scope.stack, 'AWS::StackName'),
      settledBy: 'only a deployment names the stack',
    },
    scope,
  );

/** The value of `Ref`: of a pseudo-parameter, a parameter, or a resource. */
export function refTo(name: string, scope: StackScope): unknown {
  const pseudo = Object.hasOwn(pseudoParameters, name) ? pseudoParameters[name] : undefined;
  if (pseudo !== undefined) return pseudo(scope);
  const { parameters } = scope.stack.template;
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  return parameter === undefined
    ? attributeIn(name, 'Ref', scope)
    : parameterValue(name, parameter, scope);
}

/** The value of `Fn::GetAtt`. Throws an ImpossibleWorld where the resource is not made. */
export function attributeIn(logicalId: string, attribute: string, scope: StackScope): unknown {
  const { template } = scope.stack;
  const resource = Object.hasOwn(template.resources, logicalId)
    ? template.resources[logicalId]
    : undefined;
  if (resource === undefined && isMadeByMacro(logicalId, template))
    return openValue(
      { label: `${labelOf(scope.stack, logicalId)}.${attribute}`, settledBy: JUDGE_DEPLOYED },
      scope,
    );
  const open = scope.deployment.madeUp.openIn(logicalId);
  if (resource === undefined && open !== undefined) return openValue(open, scope);
  if (resource === undefined)
    throw new BrokenTemplate(`${template.file} refers to ${logicalId}, and has no such resource`);
  if (resource.condition !== undefined && !conditionHolds(resource.condition, scope))
    throw new ImpossibleWorld(
      `${labelOf(scope.stack, logicalId)} is needed, and is not made because its condition ${resource.condition} is false`,
    );
  return attributeOf({ logicalId, resource, attribute }, scope);
}
