import { ImpossibleWorld, type World } from '../../model/world.ts';
import { exportName } from './imports.ts';
import { scopeOf } from './resolve.ts';
import { newNotes, resolvedText } from './scope.ts';
import type { Deployment, Stack } from './stack.ts';
import { isMembers } from './members.ts';

/** The names that the stacks export, and the names that they import, as far as one world tells. */
export interface Names {
  readonly exported: readonly string[];
  readonly imported: readonly string[];
}

/** The names in the world of the most general values. */
export function linkingNames(stacks: readonly Stack[], deployment: Deployment): Names {
  const names = stacks.map((stack) => {
    const scope = scopeOf(stack, generalWorld(), { deployment, notes: newNotes() });
    const { outputs, resources } = stack.template;
    return {
      exported: Object.values(outputs).map(({ Export }) =>
        tryText(() => exportName(Export, scope)),
      ),
      imported: importsIn([resources, outputs]).map((name) =>
        tryText(() => resolvedText(name, scope)),
      ),
    };
  });
  return {
    exported: names.flatMap(({ exported }) => exported.flatMap((name) => name ?? [])),
    imported: names.flatMap(({ imported }) => imported.flatMap((name) => name ?? [])),
  };
}

function generalWorld(): World {
  const world: World = {
    literals: new Set(),
    note: () => undefined,
    valueOf: ({ candidates }) => candidates(world)[0] ?? '',
  };
  return world;
}

function tryText(find: () => string | undefined): string | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof ImpossibleWorld) return undefined;
    throw error;
  }
}

/** The operands of all `Fn::ImportValue` in a value. */
function importsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(importsIn);
  if (!isMembers(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'Fn::ImportValue' ? [member] : importsIn(member),
  );
}

/**
 * Joins what is linked: the number of a group for each index, equal for indexes that a chain of links connects.
 */
export function groupsOf(
  count: number,
  isLinked: (one: number, other: number) => boolean,
): readonly number[] {
  const groups = Array.from({ length: count }, (_, index) => index);
  for (let one = 0; one < count; one++)
    for (let other = 0; other < count; other++) {
      const [from, to] = [groups[other], groups[one]];
      if (one === other || from === to || to === undefined || !isLinked(one, other)) continue;
      groups.forEach((group, index) => {
        if (group === from) groups[index] = to;
      });
    }
  return groups;
}
