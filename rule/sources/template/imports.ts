import { conditionHolds } from './conditions.ts';
import { mayBe } from './resources.ts';
import { openValue, resolvedText, type StackScope } from './scope.ts';
import { labelOf } from './stack.ts';
import { stepsInWords, textInAccount } from './account-texts.ts';
import { membersOf, type Members } from './members.ts';

/**
 * The value that another stack in the same place exports under a name. Open where no given template exports the name,
 * or several do: then these are deployed to different places, and nothing tells where.
 */
export function importedValue(name: string, scope: StackScope): unknown {
  const exporters = scope.deployment.stacks.flatMap((stack) =>
    Object.entries(stack.template.outputs)
      .filter(([, output]) => isExportedAs(name, output, scope.inStack(stack)))
      .map(([id, { Value }]) => ({ stack, id, Value })),
  );
  const [exporter, another] = exporters;
  if (exporter !== undefined && another === undefined)
    return scope.lookUp(`output ${labelOf(exporter.stack, exporter.id)}`, () =>
      scope.inStack(exporter.stack).resolve(exporter.Value),
    );
  const shown = scope.deployment.madeUp.openIn(name)?.label ?? name;
  const label = `import ${shown}`;
  if (another !== undefined)
    return openValue(
      { label, settledBy: 'several templates export it, so give one of these' },
      scope,
    );
  const stored = textInAccount({ kind: 'exported', name, label }, scope);
  if (stored?.kind === 'stored-text') return stored.text;
  const steps = [stored?.why, 'add the template that exports it'];
  return openValue({ label, settledBy: stepsInWords(steps) }, scope);
}

function isExportedAs(
  name: string,
  { Export, Condition }: Members,
  exporting: StackScope,
): boolean {
  const { Name } = membersOf(Export);
  if (!mayBe(Name, name, exporting) || exportName(Export, exporting) !== name) return false;
  return typeof Condition !== 'string' || conditionHolds(Condition, exporting);
}

/** The name of an export; undefined where the output is not exported. */
export const exportName = (value: unknown, scope: StackScope): string | undefined => {
  const { Name } = membersOf(value);
  return Name === undefined ? undefined : resolvedText(Name, scope);
};
