import { conditionHolds } from './conditions.ts';
import type { Scope } from './scope.ts';
import { labelOf } from './stack.ts';
import type { Members, Resource } from './template.ts';

/** A resource in one world. */
export interface Made {
  readonly label: string;
  readonly logicalId: string;
  readonly resource: Resource;
  readonly properties: Members;
  /** The scope of the stack with the resource. */
  readonly scope: Scope;
}

/** Whether the condition of a resource holds. */
export const isMade = ({ condition }: Resource, scope: Scope): boolean =>
  condition === undefined || conditionHolds(condition, scope);

/** The resources of a type that this world makes, in all stacks. */
export function* madeResources(types: readonly string[], scope: Scope): Iterable<Made> {
  for (const stack of scope.deployment.stacks)
    for (const [logicalId, resource] of Object.entries(stack.template.resources)) {
      if (!types.includes(resource.type)) continue;
      const inStack = scope.inStack(stack);
      if (!isMade(resource, inStack)) continue;
      const { properties } = resource;
      yield { label: labelOf(stack, logicalId), logicalId, resource, properties, scope: inStack };
    }
}
