import type { Choice } from './choices.ts';
import {
  isArray,
  isIntrinsic,
  isObject,
  type Json,
  type JsonObject,
  NO_VALUE,
  ref,
  same,
} from './json.ts';
import { readText, writeText } from './json-text.ts';

/** The value in the template with one choice; undefined where the template has no such value. */
export interface Variant {
  readonly choice: Choice;
  readonly value: Json | undefined;
}

/** A variant with a value. */
type Present = Variant & { readonly value: Json };

/**
 * Environment variables with parameters of the rule as JSON. The functions read an empty parameter as a parameter that is
 * left out, so the text with all parameters serves every choice.
 */
const SAME_WITH_EMPTY_PARAMETERS = 'RULE_PARAMETERS';

/** One value for all variants: functions of CloudFormation stand where the variants differ. */
export function merge(base: Json, variants: readonly Present[]): Json {
  const others = variants.filter(({ value }) => !same(base, value));
  if (others.length === 0) return base;
  const values = [base, ...others.map(({ value }) => value)];
  if (values.every(isData)) return mergeObjects(base as JsonObject, others);
  if (values.every(isArray)) return mergeArrays(base as readonly Json[], others);
  const texts = values.map(readText);
  // The first item or member is in every variant: no comma is left behind.
  if (texts.every((each) => each !== undefined && !same(each, []))) return mergeTexts(base, others);
  return chosen(base, others);
}

const isData = (value: Json): boolean => isObject(value) && !isIntrinsic(value);

function mergeTexts(base: Json, others: readonly Present[]): Json {
  const read = (text: Json): Json => readText(text) ?? '';
  return writeText(
    merge(
      read(base),
      others.map(({ choice, value }) => ({ choice, value: read(value) })),
    ),
  );
}

function mergeObjects(base: JsonObject, others: readonly Present[]): JsonObject {
  const objects = [base, ...others.map(({ value }) => value as JsonObject)];
  const names = new Set(objects.flatMap(Object.keys));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      name === SAME_WITH_EMPTY_PARAMETERS
        ? (base[name] ?? '')
        : optional(
            base[name],
            others.map(({ choice, value }) => ({ choice, value: (value as JsonObject)[name] })),
          ),
    ]),
  );
}

/** A value that some variants leave out. */
function optional(base: Json | undefined, variants: readonly Variant[]): Json {
  const present = variants.filter((each): each is Present => each.value !== undefined);
  if (base === undefined)
    return present.reduce<Json>(
      (rest, { choice, value }) => ifChosen(choice, value, rest),
      NO_VALUE,
    );
  return leftOutWith(variants).reduce<Json>(
    (rest, choice) => ifChosen(choice, NO_VALUE, rest),
    merge(base, present),
  );
}

/** The choices that leave out a value. The condition of a narrow choice contains the condition of the wide choice. */
export function leftOutWith(variants: readonly Variant[]): readonly Choice[] {
  const choices = variants.filter(({ value }) => value === undefined).map(({ choice }) => choice);
  return choices.filter(
    ({ condition }) => !choices.some((each) => each.within?.includes(condition)),
  );
}

/** Items are matched by their places in lists of one length, else by their names. */
function mergeArrays(base: readonly Json[], others: readonly Present[]): Json {
  const lists = others.map(({ choice, value }) => ({ choice, items: value as readonly Json[] }));
  const isAligned = lists.every(({ items }) => items.length === base.length);
  const namesOf = (items: readonly Json[]): readonly string[] =>
    items.map((each, nth) => (isAligned ? String(nth) : nameOf(each)));
  const itemIn = (items: readonly Json[], name: string): Json | undefined =>
    items[namesOf(items).indexOf(name)];
  return inOrder([base, ...lists.map(({ items }) => items)].map(namesOf)).map((name) =>
    optional(
      itemIn(base, name),
      lists.map(({ choice, items }) => ({ choice, value: itemIn(items, name) })),
    ),
  );
}

/** All names once: a name that the lists before lack follows the name in front of it. */
const inOrder = (lists: readonly (readonly string[])[]): readonly string[] =>
  lists.reduce((known, names) =>
    names.reduce(
      (all, name, nth) =>
        all.includes(name) ? all : all.toSpliced(all.indexOf(names[nth - 1] ?? '') + 1, 0, name),
      known,
    ),
  );

/** Statements, steps and widgets have names; everything else is its own name. */
function nameOf(item: Json | undefined): string {
  if (!isObject(item)) return JSON.stringify(item);
  const { Sid, name, properties } = item;
  const title = isObject(properties) ? properties.title : undefined;
  return JSON.stringify(Sid ?? name ?? title ?? item);
}

/** A value that differs as a whole. Two choices may both change a value only if one of them holds within the other. */
function chosen(base: Json, others: readonly Present[]): Json {
  const widest = [...others].sort(
    (a, b) => (b.choice.within?.length ?? 0) - (a.choice.within?.length ?? 0),
  );
  for (const [nth, { choice: a }] of widest.entries())
    for (const { choice: b } of widest.slice(nth + 1))
      if ((a.parameter ?? a) !== b.parameter && a.within?.includes(b.condition) !== true)
        throw new Error(
          `${a.condition} and ${b.condition} both change ${JSON.stringify(base)}: say which one counts`,
        );
  const parameter = widest[0]?.choice.parameter;
  if (parameter !== undefined && others.every(isOwnOption)) return ref(parameter);
  return widest.reduce((rest, { choice, value }) => ifChosen(choice, value, rest), base);
}

/** True if the value is the option itself. */
const isOwnOption = ({ choice, value }: Present): boolean =>
  Object.values(choice.options).some((each) => each === value);

const ifChosen = ({ condition, isChosenIf }: Choice, value: Json, other: Json): Json => ({
  'Fn::If': isChosenIf ? [condition, value, other] : [condition, other, value],
});
