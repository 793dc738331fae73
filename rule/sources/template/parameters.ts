import { BrokenTemplate } from '../../model/world.ts';
import { cut } from '../../basics/text.ts';
import { labelOf } from './stack.ts';
import { stepsInWords, textInAccount } from './account-texts.ts';
import { openValue, resolvedText, type StackScope } from './scope.ts';
import type { Given } from './known-list.ts';
import { isMembers, type Members, membersOf, scalarText } from './members.ts';
import type { Template } from './template.ts';

/**
 * The value of a parameter: what was given, what the parent stack passes, or the default. Else the value is open.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function parameterValue(name: string, parameter: Members, scope: StackScope): unknown {
  const type = scalarText(parameter.Type ?? 'String');
  const value = isNameOfValue(parameter)
    ? storedValue(name, parameter, scope)
    : (toldValue(name, parameter, scope) ?? valueToTry(name, parameter, scope));
  return isListType(type) && typeof value === 'string' ? listedTexts(value) : value;
}

const isListType = (type: string): boolean => /\bList\b|CommaDelimitedList/.test(type);

const listedTexts = (text: string): readonly string[] => text.split(',').map((each) => each.trim());

/** True, unless a value is outside of the allowed values: then CloudFormation would refuse it, and this throws an Error. */
export function takesValues(given: Given, { parameters }: Template): true {
  for (const [name, value] of Object.entries(given)) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    const { Type, AllowedValues, NoEcho } = parameter ?? {};
    if (!Array.isArray(AllowedValues) || isNameOfValue({ Type }) || AllowedValues.some(isMembers))
      continue;
    const allowed = AllowedValues.map(scalarText);
    const forms = allowed.map(inOneForm);
    const items = isListType(scalarText(Type)) ? listedTexts(value) : [value];
    const refused = items.find((each) => !forms.includes(inOneForm(each)));
    if (refused === undefined) continue;
    const shown = NoEcho === undefined ? `, not "${cut(refused, 64)}"` : '';
    throw new Error(`parameter ${name} may be ${cut(allowed.join(' or '), 200)}${shown}`);
  }
  return true;
}

/** YAML has many words for a flag or a number, and AWS does not document which of these CloudFormation keeps. */
function inOneForm(text: string): string {
  if (/^(true|yes|on)$/i.test(text)) return 'true';
  if (/^(false|no|off)$/i.test(text)) return 'false';
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? text : String(number);
}

function toldValue(name: string, parameter: Members, scope: StackScope): unknown {
  const { given } = scope.stack;
  if (Object.hasOwn(given, name)) return given[name];
  const passed = passedValue(name, scope);
  const { Default } = parameter;
  if (passed !== undefined || Default === undefined) return passed;
  const shown = parameter.NoEcho === undefined ? ` ${cut(JSON.stringify(Default), 64)}` : '';
  scope.notes.defaults.add(
    `parameter ${labelOf(scope.stack, name)} is taken as its default${shown}`,
  );
  return scope.resolve(Default);
}

/** The value that the parent stack passes. */
function passedValue(name: string, scope: StackScope): unknown {
  const { parent } = scope.stack;
  if (parent === undefined) return undefined;
  const { properties } = parent.stack.template.resources[parent.logicalId] ?? {};
  return scope.inStack(parent.stack).resolve(membersOf(properties?.Parameters)[name]);
}

/** The value of such a parameter is the name of a parameter in Systems Manager. */
export const isNameOfValue = ({ Type }: Members): boolean =>
  String(Type).startsWith('AWS::SSM::Parameter::Value');

/** The value that was given, else the text that the account has under the name. */
function storedValue(name: string, parameter: Members, scope: StackScope): unknown {
  const { given } = scope.stack;
  if (Object.hasOwn(given, name)) return given[name];
  const label = `parameter ${labelOf(scope.stack, name)}`;
  const stored = passedValue(name, scope) ?? scope.resolve(parameter.Default);
  const found =
    typeof stored === 'string'
      ? textInAccount({ kind: 'parameter', name: stored, label: `SSM parameter ${stored}` }, scope)
      : undefined;
  if (found?.kind === 'stored-text') return found.text;
  const steps = [found?.why, `give --parameter ${name}=VALUE`];
  return openValue({ label, settledBy: stepsInWords(steps) }, scope);
}

function valueToTry(name: string, parameter: Members, scope: StackScope): string {
  const { AllowedValues } = parameter;
  const label = `parameter ${labelOf(scope.stack, name)}`;
  const allowed = Array.isArray(AllowedValues)
    ? AllowedValues.flatMap((each) => resolvedText(each, scope) ?? [])
    : undefined;
  if (allowed?.length === 0) throw new BrokenTemplate(`${label} has no allowed value`);
  return openValue({ label, settledBy: `give --parameter ${name}=VALUE`, allowed }, scope);
}
