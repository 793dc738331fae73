/** `?` or `*` (repeats). `colons`: the wildcard also matches colons, unlike a wildcard in a field of an ARN. */
export interface Wildcard {
  readonly repeats: boolean;
  readonly colons: boolean;
}

/** A run of plain text, never empty, or a wildcard. */
type Token = string | Wildcard;

/** A set of strings: the tokens match a member from end to end. Two runs of text never stand side by side. */
export type Glob = readonly Token[];

const wildcards = new Map<string, Wildcard>([
  ['?', { repeats: false, colons: true }],
  ['*', { repeats: true, colons: true }],
]);

/** Exactly this text. */
export const literal = (text: string): Glob => (text === '' ? [] : [text]);

/** The text with `*` and `?` as wildcards. */
export function glob(text: string): Glob {
  if (!/[*?]/.test(text)) return literal(text);
  return text
    .split(/([*?])/)
    .filter((piece) => piece !== '')
    .map((piece) => wildcards.get(piece) ?? piece);
}

export const anything: Glob = glob('*');

/** The text of a glob without wildcards. */
export function literalText(pattern: Glob): string | undefined {
  const [first = ''] = pattern;
  return pattern.length < 2 && typeof first === 'string' ? first : undefined;
}

/** The globs one after the other, as one glob. */
export function joined(globs: readonly Glob[]): Glob {
  const tokens: Token[] = [];
  for (const token of globs.flat()) {
    const last = tokens.at(-1);
    if (typeof token === 'string' && typeof last === 'string') tokens.splice(-1, 1, last + token);
    else tokens.push(token);
  }
  return tokens;
}

export const lowerCase = (pattern: Glob): Glob =>
  pattern.map((token) => (typeof token === 'string' ? lowerCaseText(token) : token));

/** Beyond ASCII character by character: a letter becomes the same letter wherever it stands. */
const lowerCaseText = (text: string): string =>
  /[^\0-\x7f]/.test(text)
    ? Array.from(text, (character) => character.toLowerCase()).join('')
    : text.toLowerCase();

/**
 * The glob as a pattern of ARNs: a wildcard in the first five fields stays in the field, the sixth field is
 * the rest. Undefined for a text of fewer than six fields.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function arnGlob(pattern: Glob): Glob | undefined {
  let fields = 1;
  const tokens = pattern.map((token): Token => {
    if (typeof token === 'string') fields += token.split(':').length - 1;
    return typeof token === 'string' || fields > 5 ? token : { ...token, colons: false };
  });
  return fields < 6 ? undefined : tokens;
}
