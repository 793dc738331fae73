import { anything, glob, literal, textOf, type Glob } from './glob.ts';
import { lookUp, waysSent, type Context } from './known.ts';

/** A reference to a condition key inside a policy's text; one that cannot be read has no key, and may be anything. */
interface Variable {
  readonly key: string;
  readonly fallback: string | undefined;
}

/** A policy's text: globs, and the variables between them. */
export type Pattern = readonly (Glob | Variable)[];

/** What a pattern comes to in one request: this glob, at most this glob (not certain), or nothing at all. */
export type Resolved = { readonly glob: Glob; readonly certain: boolean } | 'nothing';

export interface Reading {
  /** Variables mean something only in policies of Version 2012-10-17. */
  readonly variables: boolean;
  /** Whether `*` and `?` are wildcards. */
  readonly wildcards: boolean;
}

/** `${*}` and its like, `${key}`, `${key, 'default'}`; and what only looks like a variable. */
const VARIABLE = /\$\{(?:([*?$])|([^${},]*)(?:,\s*'([^']*)'\s*)?)\}|\$\{/g;

/**
 * Reads a value of a policy once, for any number of requests.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function compilePattern(text: string, { variables, wildcards }: Reading): Pattern {
  const read = wildcards ? glob : literal;
  if (!variables) return [read(text)];
  const parts: (Glob | Variable)[] = [];
  let end = 0;
  for (const { 0: whole, 1: character, 2: key, 3: fallback, index } of text.matchAll(VARIABLE)) {
    parts.push(read(text.slice(end, index)));
    // What cannot be read may be anything, and so may all that comes after it.
    if (character === undefined && key === undefined) return [...parts, { key: '', fallback }];
    parts.push(character === undefined ? { key: key?.trim() ?? '', fallback } : literal(character));
    end = index + whole.length;
  }
  return [...parts, read(text.slice(end))];
}

export const keysOf = (pattern: Pattern): readonly string[] =>
  pattern.flatMap((part) => ('key' in part && part.key !== '' ? [part.key] : []));

/**
 * Whether each variable surely has a value. AWS says that one without may make the whole statement invalid, so
 * nothing holds for sure that hangs on it.
 */
export const resolvable = (pattern: Pattern, context: Context): boolean =>
  pattern.every(
    (part) =>
      !('key' in part) ||
      part.fallback !== undefined ||
      (part.key !== '' && !waysSent(lookUp(context, part.key)).includes('absent')),
  );

/** Puts what is known of the variables into the pattern; their values are taken literally. */
export function resolve(pattern: Pattern, context: Context): Resolved {
  const whole: Glob[] = [];
  let certain = true;
  for (const part of pattern) {
    const value = 'key' in part ? valueOf(part, context) : { glob: part, certain: true };
    if (value === 'nothing') return value;
    whole.push(value.glob);
    certain &&= value.certain;
  }
  return { glob: whole.flat(), certain };
}

function valueOf({ key, fallback }: Variable, context: Context): Resolved {
  const ways = waysSent(lookUp(context, key));
  const [sent = 'absent'] = ways;
  if (ways.length > 1) return { glob: anything, certain: false };
  if (sent === 'absent')
    return fallback === undefined ? 'nothing' : { glob: literal(fallback), certain: true };
  const [shape] = sent.shapes;
  if (sent.multivalued || shape === undefined || 'outside' in shape)
    return { glob: anything, certain: false };
  return { glob: shape, certain: textOf(shape) !== undefined };
}
