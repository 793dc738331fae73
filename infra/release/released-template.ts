import { assemble, type Conditions } from './assemble.ts';
import { choicesOf, expressionsOf } from './choices.ts';
import { conditionalsOf } from './conditionals.ts';
import { isArray, isObject, type Json, type JsonObject, omit } from './json.ts';
import { writeText } from './json-text.ts';
import { madeUpTag } from './made-up.ts';
import { leftOutWith, merge, type Variant } from './merge.ts';
import type { Release } from './release-input.ts';
import { withSubstitutions } from './substitutions.ts';
import { withParameters } from './with-parameters.ts';

/**
 * One template for all choices: made with everything, once more for each choice, and merged. Parameters take the place of
 * the made-up options.
 */
export function releasedTemplate({ synth, options, groups }: Release): JsonObject {
  const conditionals = conditionalsOf(options);
  const base = synth(options);
  const variants = choicesOf(conditionals).map((choice) => ({
    choice,
    made: synth({ ...options, ...choice.options }),
  }));
  const more: Record<string, Json> = { ...base.Conditions };
  const section = (name: 'Resources' | 'Outputs'): JsonObject =>
    Object.fromEntries(
      Object.entries(base[name] ?? {}).map(([id, part]) => {
        const others = variants.map(({ choice, made }) => ({ choice, value: made[name]?.[id] }));
        return [id, mergePart(part as JsonObject, { others, more })];
      }),
    );
  const body = { Resources: section('Resources'), Outputs: section('Outputs') };
  const conditions = withParameters({ ...expressionsOf(conditionals), ...more }) as Conditions;
  return assemble(base, { body, conditions, groups });
}

/** A resource or an output. `more` takes the conditions that have to be made of others. */
function mergePart(
  base: JsonObject,
  { others, more }: { readonly others: readonly Variant[]; readonly more: Record<string, Json> },
): Json {
  const part = withoutMetadata(base);
  const present = others.flatMap(({ choice, value }) =>
    isObject(value) ? [{ choice, value: withoutMetadata(value) }] : [],
  );
  const names = [part.Condition, ...leftOutWith(others).map(({ condition }) => condition)].filter(
    (each) => typeof each === 'string',
  );
  const Condition = names.join('And');
  if (names.length > 1) more[Condition] = { 'Fn::And': names.map((name) => ({ Condition: name })) };
  const merged = {
    ...(merge(part, present) as JsonObject),
    ...(names.length === 0 ? {} : { Condition }),
  };
  return withSubstitutions(withParameters(policiesAsText(merged)));
}

/** Metadata has the paths of constructs. */
const withoutMetadata = (part: JsonObject): JsonObject => omit(part, 'Metadata');

/** A parameter cannot be the name of a member, such as the condition key of a tag. As a text, a policy can have such names. */
function policiesAsText(json: Json): Json {
  if (isArray(json)) return json.map(policiesAsText);
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name,
      name === 'PolicyDocument' && JSON.stringify(value).includes(madeUpTag.name)
        ? writeText(value)
        : policiesAsText(value),
    ]),
  );
}
