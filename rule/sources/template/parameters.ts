import { ImpossibleWorld } from '../../model/world.ts';
import { labelOf } from './stack.ts';
import { openValue, type Scope } from './scope.ts';
import { membersOf, type Members } from './template.ts';

/**
 * The value of a parameter: what was given, what the parent stack passes, or the default. Else the value is open.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function parameterValue(name: string, parameter: Members, scope: Scope): unknown {
  const type = String(parameter.Type ?? 'String');
  const value = toldValue(name, parameter, scope) ?? valueToTry(name, parameter, scope);
  const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
  return isList && typeof value === 'string' ? value.split(',').map((each) => each.trim()) : value;
}

function toldValue(name: string, parameter: Members, scope: Scope): unknown {
  const { given, parent } = scope.stack;
  if (Object.hasOwn(given, name)) return given[name];
  if (parent !== undefined) {
    const { properties } = parent.stack.template.resources[parent.logicalId] ?? {};
    const passed = membersOf(properties?.Parameters)[name];
    if (passed !== undefined) return scope.inStack(parent.stack).resolve(passed);
  }
  const { Default } = parameter;
  if (Default === undefined || isNameOfValue(parameter)) return undefined;
  const value = typeof Default === 'object' ? Default : String(Default);
  scope.remark(`parameter ${name} is taken as its default ${JSON.stringify(value)}`);
  return value;
}

/** The value of such a parameter is the name of a parameter in Systems Manager. */
const isNameOfValue = ({ Type }: Members): boolean =>
  String(Type).startsWith('AWS::SSM::Parameter::Value');

function valueToTry(name: string, parameter: Members, scope: Scope): string {
  const { AllowedValues } = parameter;
  const label = `parameter ${labelOf(scope.stack, name)}`;
  const allowed = Array.isArray(AllowedValues) ? AllowedValues.map(String) : undefined;
  if (allowed?.length === 0) throw new ImpossibleWorld(`${label} has no allowed value`);
  return openValue({ name: label, settledBy: `give --parameter ${name}=VALUE`, allowed }, scope);
}
