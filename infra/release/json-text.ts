import {
  argumentsOf,
  isArray,
  isIntrinsic,
  isObject,
  type Json,
  joined,
  NO_VALUE,
  partsOf,
  same,
} from './json.ts';

/**
 * JSON inside a text, such as the body of a dashboard. Functions of CloudFormation stand inside strings of this JSON,
 * between these signs.
 */
const OPEN = '\u27e6';
const CLOSE = '\u27e7';

/** Reads the object or list in a text. Undefined for every other value. */
export function readText(value: Json): Json | undefined {
  const text = partsOf(value)
    .map((part) => (typeof part === 'string' ? part : OPEN + encoded(part) + CLOSE))
    .join('');
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const encoded = (part: Json): string => encodeURIComponent(JSON.stringify(part));

const decoded = (part: string): Json => JSON.parse(decodeURIComponent(part)) as Json;

/** Writes JSON into a text, in which functions of CloudFormation stand for values, members and items. */
export const writeText = (json: Json): Json => joined(textOf(json));

function textOf(json: Json): readonly Json[] {
  const choice = argumentsOf('Fn::If', json);
  if (choice !== undefined) {
    const [condition = '', yes = '', no = ''] = choice;
    return [{ 'Fn::If': [condition, writeText(yes), writeText(no)] }];
  }
  if (isIntrinsic(json)) return ['"', json, '"'];
  if (isArray(json)) return ['[', ...json.map((each, nth) => item('', each, nth)), ']'];
  if (isObject(json)) {
    const members = Object.entries(json).map(([name, each], nth) =>
      item(`${JSON.stringify(name)}:`, each, nth),
    );
    return ['{', ...members, '}'];
  }
  return typeof json === 'string' ? textOfString(json) : [JSON.stringify(json)];
}

/** An item with the comma before; an empty text for an item that is left out. */
function item(name: string, json: Json, nth: number): Json {
  if (same(json, NO_VALUE)) {
    if (nth === 0) throw new Error('the first item would leave a comma behind');
    return '';
  }
  const choice = argumentsOf('Fn::If', json);
  if (!choice?.some((each) => same(each, NO_VALUE)))
    return joined([nth === 0 ? '' : ',', name, ...textOf(json)]);
  const [condition = '', yes = '', no = ''] = choice;
  return { 'Fn::If': [condition, item(name, yes, nth), item(name, no, nth)] };
}

function textOfString(text: string): readonly Json[] {
  const [first = '', ...others] = JSON.stringify(text).split(OPEN);
  return [
    first,
    ...others.flatMap((each) => {
      const [part = '', rest = ''] = each.split(CLOSE);
      return [decoded(part), rest];
    }),
  ];
}
