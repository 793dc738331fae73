import { conditionHolds } from './conditions.ts';
import { resolvedText, type StackScope } from './scope.ts';
import { labelOf, type Located } from './stack.ts';
import { type Resource } from './template.ts';
import { type Members, membersOf } from './members.ts';

/** A resource in one world. */
export interface MadeResource {
  readonly label: string;
  readonly logicalId: string;
  readonly resource: Resource;
  readonly properties: Members;
  /** The scope of the stack with the resource. */
  readonly scope: StackScope;
}

/** Whether the condition of a resource holds, and the conditions of all stacks around the resource. */
export function isMade({ condition }: Resource, scope: StackScope): boolean {
  const { parent } = scope.stack;
  if (condition !== undefined && !conditionHolds(condition, scope)) return false;
  const around = parent?.stack.template.resources[parent.logicalId];
  return (
    parent === undefined || around === undefined || isMade(around, scope.inStack(parent.stack))
  );
}

/** The resource in this world; nothing where the resource is not made. */
export function madeFrom(
  { stack, logicalId, resource }: Located,
  scope: StackScope,
): readonly MadeResource[] {
  const inStack = scope.inStack(stack);
  if (!isMade(resource, inStack)) return [];
  const { properties } = resource;
  return [{ label: labelOf(stack, logicalId), logicalId, resource, properties, scope: inStack }];
}

/**
 * The resources of a type with this text in a property. Asks for nothing else of the world, not even whether other resources
 * are made.
 */
export const madeWith = (
  { type, property }: { readonly type: string; readonly property: string },
  text: string,
  scope: StackScope,
): readonly MadeResource[] =>
  (scope.deployment.byType.get(type) ?? []).flatMap((located) => {
    const value = located.resource.properties[property];
    return mayBe(value, text, { ...scope, stack: located.stack }) &&
      resolvedText(value, scope.inStack(located.stack)) === text
      ? madeFrom(located, scope)
      : [];
  });

/** False only if a value surely differs from a text: most names differ before any function is evaluated. */
export function mayBe(
  value: unknown,
  text: string,
  { stack, deployment }: Pick<StackScope, 'stack' | 'deployment'>,
): boolean {
  if (typeof value === 'string') return value === text || value.includes('{{');
  const { Ref, 'Fn::Sub': sub } = membersOf(value);
  if (typeof Ref === 'string') {
    const { type, properties } = stack.template.resources[Ref] ?? {};
    if (type !== 'AWS::S3::Bucket') return true;
    return properties?.BucketName === undefined
      ? deployment.madeUp.nameOf(labelOf(stack, Ref)) === text
      : mayBe(properties.BucketName, text, { stack, deployment });
  }
  if (typeof sub !== 'string' || /\{\{|\$\{!/.test(sub) || !sub.includes('${')) return true;
  const end = sub.slice(sub.lastIndexOf('}') + 1);
  return text.startsWith(sub.slice(0, sub.indexOf('${'))) && text.endsWith(end);
}

/** The resources of the stack itself and the stacks nested with it; all resources where these have none. */
export function ownFirst(
  resources: readonly MadeResource[],
  { stack }: Pick<StackScope, 'stack'>,
): readonly MadeResource[] {
  const own = resources.filter((made) => made.scope.stack.place === stack.place);
  return own.length > 0 ? own : resources;
}

/** The choice between resources of one name. */
export const sharedName = (resources: readonly MadeResource[], name: string) => ({
  name: `the choice between ${resources.map(({ label }) => label).join(' and ')}, all named ${name}`,
  settledBy: 'judge these apart',
  labelOf: ({ label }: MadeResource) => label,
});
