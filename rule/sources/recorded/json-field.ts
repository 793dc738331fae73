import * as v from 'valibot';
import { errorText, parseJson } from '../../basics/text.ts';
import { isUnknown, type PolicyDocument, type Unknown } from '../../model/facts.ts';
import { readPolicyText } from '../../model/policy-text.ts';
import { isObject } from '../../policy/json.ts';
import { issuesOf } from './fields.ts';

/** Decodes JSON in a string, even JSON encoded twice, and returns other values unchanged. Throws an Error for other text. */
export function decodedJson(value: unknown): unknown {
  let result = value;
  for (let times = 0; typeof result === 'string' && times < 3; times++) result = parseJson(result);
  return result;
}

interface ReadField<T> {
  readonly kind: 'read';
  readonly value: T;
}

/** Reads a field of an item; unknown, and marked as broken, where the field has another shape than the schema. */
export function readField<T extends v.GenericSchema>(
  name: string,
  schema: T,
  value: unknown,
): ReadField<v.InferOutput<T>> | Unknown {
  try {
    const decoded = decodedJson(value);
    // A schema of an object takes a list too.
    if (Array.isArray(decoded)) return brokenField(name, 'is a list');
    const result = v.safeParse(schema, decoded);
    if (result.success) return { kind: 'read', value: result.output };
    return brokenField(name, issuesOf(result.issues));
  } catch (error) {
    return brokenField(name, errorText(error));
  }
}

const brokenField = (name: string, why: string): Unknown => ({
  kind: 'unknown',
  why: `${name} cannot be read: ${why}`,
  broken: true,
});

/** The problems of a fact: a message for each present but unreadable field. */
export const brokenFieldsOf = (fact: object): readonly string[] =>
  (Object.values(fact) as unknown[])
    .filter(isUnknown)
    .filter(({ broken }) => broken)
    .map(({ why }) => why);

const policySchema = v.custom<object>(isObject, 'not a policy');

/** Reads a field with a resource policy. */
export function readPolicyField(name: string, value: unknown): PolicyDocument | Unknown {
  const field = readField(name, policySchema, value);
  if (field.kind === 'unknown') return field;
  return typeof value === 'string'
    ? readPolicyText(name, innerText(value))
    : { kind: 'policy', document: field.value };
}

/** The text of the JSON itself: JSON that begins with a quote is encoded once more. */
const innerText = (text: string): string =>
  text.trimStart().startsWith('"') ? innerText(JSON.parse(text) as string) : text;
