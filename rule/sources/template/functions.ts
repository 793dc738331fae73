import { BrokenTemplate, ImpossibleWorld } from '../../model/world.ts';
import { conditionHolds } from './conditions.ts';
import { attributeIn, refTo } from './references.ts';
import { importedValue } from './imports.ts';
import { areSame, openValue, resolvedText, type StackScope } from './scope.ts';
import { membersOf } from './members.ts';

type Evaluate = (operand: unknown, scope: StackScope) => unknown;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
export const functions: ReadonlyMap<string, Evaluate> = new Map<string, Evaluate>([
  ['Ref', (name, scope) => refTo(resolvedText(name, scope) ?? '', scope)],
  ['Condition', (name, scope) => String(conditionHolds(String(name), scope))],
  ['Fn::GetAtt', getAtt],
  ['Fn::Sub', substitute],
  ['Fn::Join', join],
  ['Fn::Select', selectElement],
  ['Fn::Split', splitText],
  ['Fn::If', chooseIf],
  ['Fn::FindInMap', findInMap],
  ['Fn::ImportValue', (name, scope) => importedValue(resolvedText(name, scope) ?? '', scope)],
  ['Fn::Length', (list, scope) => listOf(list, scope).length],
  ['Fn::ToJsonString', (value, scope) => JSON.stringify(scope.resolve(value))],
]);

function getAtt(operand: unknown, scope: StackScope): unknown {
  const parts = Array.isArray(operand)
    ? operand
    : /^([^.]*)\.(.*)$/s.exec(String(operand))?.slice(1);
  const [logicalId, attribute] = (parts ?? []).map((part) => resolvedText(part, scope));
  if (logicalId === undefined || attribute === undefined)
    throw new BrokenTemplate(`Fn::GetAtt needs a resource and an attribute, separated by a dot`);
  return attributeIn(logicalId, attribute, scope);
}

/** `${Name}`, `${Resource.Attribute}`, a name of the second operand, or `${!Literal}`. */
function substitute(operand: unknown, scope: StackScope): string {
  const [text, variables] = Array.isArray(operand) ? (operand as readonly unknown[]) : [operand];
  const own = membersOf(variables);
  return String(text).replace(/\$\{([^}]*)\}/g, (_, inner: string) => {
    if (inner.startsWith('!')) return `\${${inner.slice(1)}}`;
    const name = inner.trim();
    const value = Object.hasOwn(own, name)
      ? own[name]
      : name.includes('.')
        ? { 'Fn::GetAtt': name }
        : { Ref: name };
    return resolvedText(value, scope) ?? '';
  });
}

function join(operand: unknown, scope: StackScope): string {
  const [delimiter, list] = Array.isArray(operand) ? (operand as readonly unknown[]) : [];
  return listOf(list, scope)
    .map(String)
    .join(resolvedText(delimiter, scope) ?? '');
}

function splitText(operand: unknown, scope: StackScope): readonly string[] {
  const [delimiter, text] = Array.isArray(operand) ? (operand as readonly unknown[]) : [];
  return (resolvedText(text, scope) ?? '').split(resolvedText(delimiter, scope) ?? ',');
}

/** An element of a list. The part of an open text behind a delimiter is as open as the text. */
function selectElement(operand: unknown, scope: StackScope): unknown {
  const [index, list] = Array.isArray(operand) ? (operand as readonly unknown[]) : [];
  const elements = listOf(list, scope);
  const element = elements[Number(resolvedText(index, scope))];
  if (element !== undefined) return element;
  const open = scope.deployment.madeUp.openIn(elements.join());
  if (open === undefined)
    throw new ImpossibleWorld(`Fn::Select takes element ${String(index)} of ${elements.length}`);
  return openValue({ label: `a part of ${open.label}`, settledBy: open.settledBy }, scope);
}

function chooseIf(operand: unknown, scope: StackScope): unknown {
  const [name, then, otherwise] = Array.isArray(operand) ? (operand as readonly unknown[]) : [];
  return scope.resolve(conditionHolds(String(name), scope) ? then : otherwise);
}

/** The value of a mapping. An open name may be each name of the mapping. */
function findInMap(operand: unknown, scope: StackScope): unknown {
  const [map, top, second, options] = Array.isArray(operand) ? (operand as readonly unknown[]) : [];
  const mapName = resolvedText(map, scope) ?? '';
  const inner = memberNamed(membersOf(scope.stack.template.mappings[mapName]), top, scope);
  const value = inner && memberNamed(membersOf(inner.value), second, scope);
  if (value !== undefined) return scope.resolve(value.value);
  const { DefaultValue } = membersOf(options);
  if (DefaultValue !== undefined) return scope.resolve(DefaultValue);
  throw new ImpossibleWorld(`mapping ${mapName} has no value for a name that is looked up in it`);
}

function memberNamed(members: Readonly<Record<string, unknown>>, name: unknown, scope: StackScope) {
  const text = resolvedText(name, scope) ?? '';
  const found = Object.keys(members).find((each) => areSame(text, each, scope));
  return found === undefined ? undefined : { value: members[found] };
}

function listOf(value: unknown, scope: StackScope): readonly unknown[] {
  const list = scope.resolve(value);
  if (Array.isArray(list)) return list;
  return list === undefined ? [] : [list];
}
