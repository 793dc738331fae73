import { anything, glob, literal, textOf, type Glob } from './glob.ts';
import { knownOf, type Context } from './context.ts';
import { waysSent } from './sent.ts';

/** A reference to a condition key inside a policy's text; one that cannot be read has no key, and may be anything. */
interface Variable {
  readonly kind: 'variable';
  readonly key: string;
  readonly fallback: string | undefined;
}

/** A policy's text: globs, and the variables between them. */
export type Pattern = readonly Part[];
type Part = { readonly kind: 'glob'; readonly glob: Glob } | Variable;

/** The strings that a pattern stands for in one request: none, or those of a glob, or only some of those. */
export type Resolved =
  { readonly kind: 'nothing' } | { readonly kind: 'exactly' | 'at-most'; readonly glob: Glob };

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
  const read = (plain: string): Part => ({
    kind: 'glob',
    glob: wildcards ? glob(plain) : literal(plain),
  });
  if (!variables) return [read(text)];
  const parts: Part[] = [];
  let end = 0;
  for (const { 0: whole, 1: character, 2: key, 3: fallback, index } of text.matchAll(VARIABLE)) {
    parts.push(read(text.slice(end, index)));
    // What cannot be read may be anything, and so may all that comes after it.
    if (character === undefined && key === undefined)
      return [...parts, { kind: 'variable', key: '', fallback }];
    parts.push(
      character === undefined
        ? { kind: 'variable', key: key?.trim() ?? '', fallback }
        : { kind: 'glob', glob: literal(character) },
    );
    end = index + whole.length;
  }
  return [...parts, read(text.slice(end))];
}

export const keysOf = (pattern: Pattern): readonly string[] =>
  pattern.flatMap((part) => (part.kind === 'variable' && part.key !== '' ? [part.key] : []));

/**
 * Whether each variable surely has a value. AWS says that one without may make the whole statement invalid, so
 * nothing holds for sure that hangs on it.
 */
export const resolvable = (pattern: Pattern, context: Context): boolean =>
  pattern.every(
    (part) =>
      part.kind === 'glob' ||
      part.fallback !== undefined ||
      (part.key !== '' &&
        waysSent(knownOf(context, part.key)).every(({ kind }) => kind !== 'absent')),
  );

/** Puts what is known of the variables into the pattern; their values are taken literally. */
export function resolve(pattern: Pattern, context: Context): Resolved {
  const whole: Glob[] = [];
  let kind: 'exactly' | 'at-most' = 'exactly';
  for (const part of pattern) {
    const value: Resolved =
      part.kind === 'variable' ? valueOf(part, context) : { kind: 'exactly', glob: part.glob };
    if (value.kind === 'nothing') return value;
    whole.push(value.glob);
    if (value.kind === 'at-most') kind = value.kind;
  }
  return { kind, glob: whole.flat() };
}

function valueOf({ key, fallback }: Variable, context: Context): Resolved {
  const [sent, ...others] = waysSent(knownOf(context, key));
  if (others.length > 0) return { kind: 'at-most', glob: anything };
  if (sent === undefined || sent.kind === 'absent')
    return fallback === undefined
      ? { kind: 'nothing' }
      : { kind: 'exactly', glob: literal(fallback) };
  if (sent.kind === 'list' || sent.shape.kind === 'outside')
    return { kind: 'at-most', glob: anything };
  const { glob: value } = sent.shape;
  return { kind: textOf(value) === undefined ? 'at-most' : 'exactly', glob: value };
}
