/** `?` or `*` (repeats). `colons`: the wildcard also matches colons, unlike a wildcard in a field of an ARN. */
interface Wildcard {
  readonly repeats: boolean;
  readonly colons: boolean;
}

/** One character (a code point), or a wildcard. */
export type Token = string | Wildcard;

/** A set of strings: the tokens match a member from end to end. */
export type Glob = readonly Token[];

const wildcards = new Map<string, Wildcard>([
  ['?', { repeats: false, colons: true }],
  ['*', { repeats: true, colons: true }],
]);

/** Exactly this text. */
export const literal = (text: string): Glob => Array.from(text);

/** The text with `*` and `?` as wildcards. */
export const glob = (text: string): Glob =>
  Array.from(text, (character) => wildcards.get(character) ?? character);

export const anything: Glob = glob('*');

const literals = new WeakMap<Glob, { readonly text: string | undefined }>();

/** The text of a glob without wildcards. */
export function literalText(pattern: Glob): string | undefined {
  const known = literals.get(pattern);
  if (known !== undefined) return known.text;
  const text = pattern.every((token) => typeof token === 'string') ? pattern.join('') : undefined;
  literals.set(pattern, { text });
  return text;
}

export const lowerCase = (pattern: Glob): Glob =>
  pattern.map((token) => (typeof token === 'string' ? token.toLowerCase() : token));

/**
 * The glob as a pattern of ARNs: a wildcard in the first five fields stays in the field, the sixth field is
 * the rest. Undefined for a text of fewer than six fields.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function arnGlob(pattern: Glob): Glob | undefined {
  let fields = 1;
  const tokens = pattern.map((token): Token => {
    if (token === ':') fields++;
    return typeof token === 'string' || fields > 5 ? token : { ...token, colons: false };
  });
  return fields < 6 ? undefined : tokens;
}
