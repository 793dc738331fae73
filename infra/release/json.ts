/** A template, or a part of a template. */
export type Json = string | number | boolean | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export const ref = (name: string): JsonObject => ({ Ref: name });

export const equals = (parameter: string, value: string): JsonObject => ({
  'Fn::Equals': [ref(parameter), value],
});
export const not = (expression: Json): JsonObject => ({ 'Fn::Not': [expression] });
export const isSet = (parameter: string): JsonObject => not(equals(parameter, ''));

/** CloudFormation leaves out a property or an item with this value. */
export const NO_VALUE = ref('AWS::NoValue');

export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && !isArray(value);

/** True for a function of CloudFormation and its arguments. */
export function isIntrinsic(value: Json | undefined): value is JsonObject {
  if (!isObject(value)) return false;
  const [name = '', ...others] = Object.keys(value);
  return others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'));
}

/** The arguments of a function of this name; undefined for every other value. */
export function argumentsOf(name: string, value: Json | undefined): readonly Json[] | undefined {
  const found = isIntrinsic(value) ? value[name] : undefined;
  return isArray(found) ? found : undefined;
}

export const same = (a: Json | undefined, b: Json | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Texts and functions in a row, as one text. */
export function joined(parts: readonly Json[]): Json {
  const flat: Json[] = [];
  for (const part of parts.flatMap(partsOf)) {
    const last = flat.at(-1);
    if (typeof part === 'string' && typeof last === 'string') flat[flat.length - 1] = last + part;
    else if (part !== '') flat.push(part);
  }
  const [only = ''] = flat;
  return flat.length < 2 ? only : { 'Fn::Join': ['', flat] };
}

/** The texts and functions of a text. */
export function partsOf(text: Json): readonly Json[] {
  const [by, parts] = argumentsOf('Fn::Join', text) ?? [];
  return by === '' && isArray(parts) ? parts.flatMap(partsOf) : [text];
}

/** An object without these members. */
export const omit = <V>(
  object: Readonly<Record<string, V>>,
  ...names: readonly string[]
): Readonly<Record<string, V>> =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
