import { openValue, textOf, type Scope } from './scope.ts';
import { labelOf, type Stack } from './stack.ts';
import { membersOf } from './template.ts';

/** The value that another stack exports under a name; open where no given template exports the name. */
export function importedValue(name: string, scope: Scope): unknown {
  for (const stack of scope.deployment.stacks)
    for (const [output, { Export, Value }] of Object.entries(stack.template.outputs)) {
      if (exportName(Export, scope.inStack(stack)) !== name) continue;
      return scope.lookUp(`output ${labelOf(stack, output)}`, () =>
        scope.inStack(stack).resolve(Value),
      );
    }
  const shown = scope.deployment.madeUp.openIn(name)?.label ?? name;
  return openValue(
    { name: `import ${shown}`, settledBy: 'add the template that exports it' },
    scope,
  );
}

/** The name of an export; undefined where the output is not exported. */
export const exportName = (value: unknown, scope: Scope): string | undefined => {
  const { Name } = membersOf(value);
  return Name === undefined ? undefined : textOf(Name, scope);
};
