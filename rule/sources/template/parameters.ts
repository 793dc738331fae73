import { cut } from '../../basics/text.ts';
import { ImpossibleWorld } from '../../model/world.ts';
import { labelOf } from './stack.ts';
import { openValue, resolvedText, type StackScope } from './scope.ts';
import { type Members, membersOf, scalarText } from './members.ts';

/**
 * The value of a parameter: what was given, what the parent stack passes, or the default. Else the value is open.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function parameterValue(name: string, parameter: Members, scope: StackScope): unknown {
  const type = scalarText(parameter.Type ?? 'String');
  const value = toldValue(name, parameter, scope) ?? valueToTry(name, parameter, scope);
  const isList = /\bList\b|CommaDelimitedList/.test(type);
  return isList && typeof value === 'string' ? value.split(',').map((each) => each.trim()) : value;
}

function toldValue(name: string, parameter: Members, scope: StackScope): unknown {
  const { given, parent } = scope.stack;
  if (Object.hasOwn(given, name)) return given[name];
  if (parent !== undefined) {
    const { properties } = parent.stack.template.resources[parent.logicalId] ?? {};
    const passed = membersOf(properties?.Parameters)[name];
    const value = scope.inStack(parent.stack).resolve(passed);
    if (value !== undefined) return value;
  }
  const { Default } = parameter;
  if (Default === undefined || isNameOfValue(parameter)) return undefined;
  const shown = parameter.NoEcho === undefined ? ` ${cut(JSON.stringify(Default), 64)}` : '';
  scope.notes.defaults.add(
    `parameter ${labelOf(scope.stack, name)} is taken as its default${shown}`,
  );
  return scope.resolve(Default);
}

/** The value of such a parameter is the name of a parameter in Systems Manager. */
const isNameOfValue = ({ Type }: Members): boolean =>
  String(Type).startsWith('AWS::SSM::Parameter::Value');

function valueToTry(name: string, parameter: Members, scope: StackScope): string {
  const { AllowedValues } = parameter;
  const label = `parameter ${labelOf(scope.stack, name)}`;
  const isTold = Array.isArray(AllowedValues) && !isNameOfValue(parameter);
  const allowed = isTold
    ? AllowedValues.flatMap((each) => resolvedText(each, scope) ?? [])
    : undefined;
  if (allowed?.length === 0) throw new ImpossibleWorld(`${label} has no allowed value`);
  return openValue({ label, settledBy: `give --parameter ${name}=VALUE`, allowed }, scope);
}
