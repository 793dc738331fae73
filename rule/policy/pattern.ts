import { knownOf, type Context } from './context.ts';
import { anything, glob, joined, literal, literalText, type Glob } from './glob.ts';
import { waysSent } from './sent.ts';

/** A reference to a condition key inside a policy's text. An unreadable variable has an empty key and may be anything. */
interface Variable {
  readonly kind: 'variable';
  readonly key: string;
  readonly fallback: string | undefined;
}

type Part = { readonly kind: 'glob'; readonly glob: Glob } | Variable;

/** A text of a policy: globs, and the variables between the globs. */
export type Pattern = readonly Part[];

/** The strings that a pattern stands for in one request: none, all strings of a glob, or some strings of a glob. */
export type Resolved =
  { readonly kind: 'nothing' } | { readonly kind: 'exactly' | 'at-most'; readonly glob: Glob };

interface PatternRules {
  /** Only policies of Version 2012-10-17 know variables. */
  readonly variables: boolean;
  /** Whether `*` and `?` are wildcards. */
  readonly wildcards: boolean;
}

/** `${*}`, `${?}`, `${$}`, `${key}` or `${key, 'default'}`; or a `${` without a readable variable. */
const VARIABLE = /\$\{(?:([*?$])|([^${},]*)(?:,\s*'([^']*)'\s*)?)\}|\$\{/g;

/**
 * Compiles a text of a policy, for any number of requests.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function compilePattern(text: string, { variables, wildcards }: PatternRules): Pattern {
  const globPart = (plain: string): Part => ({
    kind: 'glob',
    glob: wildcards ? glob(plain) : literal(plain),
  });
  if (!variables || !text.includes('${')) return [globPart(text)];
  const parts: Part[] = [];
  let end = 0;
  for (const { 0: whole, 1: character, 2: key, 3: fallback, index } of text.matchAll(VARIABLE)) {
    parts.push(globPart(text.slice(end, index)));
    // All text after an unreadable variable may belong to the variable.
    if (character === undefined && key === undefined)
      return [...parts, { kind: 'variable', key: '', fallback }];
    parts.push(
      character === undefined
        ? { kind: 'variable', key: key?.trim() ?? '', fallback }
        : { kind: 'glob', glob: literal(character) },
    );
    end = index + whole.length;
  }
  return [...parts, globPart(text.slice(end))];
}

export const keysOf = (pattern: Pattern): readonly string[] =>
  pattern.flatMap((part) => (part.kind === 'variable' && part.key !== '' ? [part.key] : []));

/**
 * Whether each variable surely has a value. A variable without a value may make the whole statement
 * invalid, says AWS, so no statement with such a variable surely applies.
 */
export const resolvable = (pattern: Pattern, context: Context): boolean =>
  pattern.every(
    (part) =>
      part.kind === 'glob' ||
      part.fallback !== undefined ||
      (part.key !== '' &&
        waysSent(knownOf(context, part.key)).every(({ kind }) => kind !== 'absent')),
  );

/** Puts the values of the variables into the pattern. Values are taken literally: a `*` in a value is no wildcard. */
export function resolve(pattern: Pattern, context: Context): Resolved {
  const [only] = pattern;
  if (pattern.length === 1 && only?.kind === 'glob') return { kind: 'exactly', glob: only.glob };
  const whole: Glob[] = [];
  let kind: 'exactly' | 'at-most' = 'exactly';
  for (const part of pattern) {
    const value: Resolved =
      part.kind === 'variable' ? valueOf(part, context) : { kind: 'exactly', glob: part.glob };
    if (value.kind === 'nothing') return value;
    whole.push(value.glob);
    if (value.kind === 'at-most') kind = value.kind;
  }
  return { kind, glob: joined(whole) };
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
  return { kind: literalText(value) === undefined ? 'at-most' : 'exactly', glob: value };
}
