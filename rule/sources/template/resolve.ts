import type { World } from '../../model/world.ts';
import { functions } from './functions.ts';
import { MACRO } from './macros.ts';
import { openValue, withoutCircle, type Notes, type StackScope } from './scope.ts';
import type { Deployment, Stack } from './stack.ts';
import { textInAccount } from './account-texts.ts';
import { OCTAL } from './yaml-file.ts';

/** A stack in one world. */
export function scopeOf(
  stack: Stack,
  world: World,
  { deployment, notes }: { readonly deployment: Deployment; readonly notes: Notes },
): StackScope {
  const scope: StackScope = {
    stack,
    world,
    deployment,
    resolve: (value) => withoutFunctions(value, scope),
    inStack: (other) => (other === stack ? scope : scopeOf(other, world, { deployment, notes })),
    lookUp: (name, find) => withoutCircle(notes.inProgress, `${stack.prefix} ${name}`, find),
    notes,
  };
  notes.stacks.add(stack);
  return scope;
}

/** Evaluates all functions in a value. Leaves out what `AWS::NoValue` removes. */
function withoutFunctions(value: unknown, scope: StackScope): unknown {
  if (typeof value === 'string') return withoutDynamicReferences(value, scope);
  if (Array.isArray(value))
    return value.map((each) => withoutFunctions(each, scope)).filter((each) => each !== undefined);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  // A macro inside of an object rewrites its other members too.
  if (MACRO in value) return callFunction(MACRO, value[MACRO], scope);
  const members = Object.entries(value) as readonly (readonly [string, unknown])[];
  const [only, ...more] = members;
  if (only !== undefined && more.length === 0 && isFunction(only))
    return callFunction(only[0], only[1], scope);
  const resolved = members.map(
    ([each, member]) => [each, withoutFunctions(member, scope)] as const,
  );
  return Object.fromEntries(resolved.filter(([, member]) => member !== undefined));
}

/** A policy has an element `Condition` too, with an object. */
const isFunction = ([name, operand]: readonly [string, unknown]): boolean =>
  name === 'Ref' ||
  name === OCTAL ||
  name.startsWith('Fn::') ||
  (name === 'Condition' && typeof operand === 'string');

/** A function that this reader does not know is open. */
function callFunction(name: string, operand: unknown, scope: StackScope): unknown {
  if (name === OCTAL)
    return openValue({ label: `${name} ${String(operand)}`, settledBy: 'quote it' }, scope);
  const known = functions.get(name);
  if (known === undefined)
    return scope.deployment.madeUp.anything(`function ${name}`, 'only a deployment evaluates it');
  const value = known(operand, scope);
  return typeof value === 'string' ? withoutDynamicReferences(value, scope) : value;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
const withoutDynamicReferences = (text: string, scope: StackScope): string =>
  text.includes('{{resolve:')
    ? text.replace(/\{\{resolve:([^}]*)\}\}/g, (_, reference: string) =>
        dynamicReference(reference, scope),
      )
    : text;

/** A parameter of Systems Manager may be asked for; secrets never are. */
function dynamicReference(reference: string, scope: StackScope): string {
  const label = `dynamic reference ${reference}`;
  const [, name] = /^ssm:(.*)$/s.exec(reference) ?? [];
  const found =
    name === undefined ? undefined : textInAccount({ kind: 'parameter', name, label }, scope);
  if (found?.kind === 'stored-text') return found.text;
  return openValue({ label, settledBy: found?.why ?? 'only a deployment resolves it' }, scope);
}
