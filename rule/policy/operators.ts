import { BlockList, isIP } from 'node:net';
import { arnGlob, glob, lowerCase, type Glob } from './glob.ts';
import type { Context } from './context.ts';
import { matchShape, onlyText, type Shape } from './sent.ts';
import { compilePattern, keysOf, resolvable, resolve, type Pattern } from './pattern.ts';
import { any, type Ternary } from './ternary.ts';

/** Whether one value sent is the value wanted. */
export interface Comparison {
  readonly test: (sent: Shape, context: Context) => Ternary;
  /** Condition keys that the wanted value itself refers to. */
  readonly keys: readonly string[];
  /** Whether the wanted value surely has one. */
  readonly resolvable: (context: Context) => boolean;
}

/** A condition operator, without its qualifiers. */
export interface Operator {
  readonly negated: boolean;
  readonly compare: (wanted: string, variables: boolean) => Comparison;
}

/**
 * Every IAM condition operator but `Null`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ...pair('StringEquals', 'StringNotEquals', text({ wildcards: false })),
  ...pair(
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    text({ wildcards: false, fold: lowerCase }),
  ),
  ...pair('StringLike', 'StringNotLike', text({ wildcards: true })),
  ...pair('ArnEquals', 'ArnNotEquals', text({ wildcards: true, form: arnGlob })),
  ...pair('ArnLike', 'ArnNotLike', text({ wildcards: true, form: arnGlob })),
  ...ordered('Numeric', numberOf),
  ...ordered('Date', secondsOf),
  ...pair('Bool', undefined, boolean),
  ...pair('BinaryEquals', undefined, (wanted) =>
    fixed((sent) => matchShape(Array.from(wanted), sent)),
  ),
  ...pair('IpAddress', 'NotIpAddress', address),
]);

function pair(
  positive: string,
  negative: string | undefined,
  compare: Operator['compare'],
): [string, Operator][] {
  const both: [string, Operator][] = [[positive, { negated: false, compare }]];
  if (negative !== undefined) both.push([negative, { negated: true, compare }]);
  return both;
}

const fixed = (test: (sent: Shape) => Ternary): Comparison => ({
  test,
  keys: [],
  resolvable: () => true,
});

/** The wanted value cannot be read, and AWS does not say what it then does. */
const unreadable: Comparison = fixed(() => 'unsure');

interface TextRules {
  readonly wildcards: boolean;
  readonly fold?: (whole: Glob) => Glob;
  readonly form?: (whole: Glob) => Glob | undefined;
}

function asIs(whole: Glob): Glob {
  return whole;
}

function text({ wildcards, fold = asIs, form = asIs }: TextRules): Operator['compare'] {
  return (wanted, variables) => {
    const pattern: Pattern = compilePattern(wanted, { variables, wildcards });
    const keys = keysOf(pattern);
    const fits = (whole: Glob, sent: Shape): Ternary => matchShape(fold(whole), folded(sent, fold));
    const plain = pattern.length === 1 ? pattern[0] : undefined;
    const once = plain?.kind === 'glob' ? form(plain.glob) : undefined;
    if (once !== undefined) return fixed((sent) => fits(once, sent));
    return {
      keys,
      resolvable: (context) => resolvable(pattern, context),
      test(sent, context) {
        const resolved = resolve(pattern, context);
        if (resolved.kind === 'nothing') return false;
        const whole = form(resolved.glob);
        if (whole === undefined) return 'unsure';
        if (resolved.kind === 'exactly') return fits(whole, sent);
        return fits(resolved.glob, sent) === false ? false : 'unsure';
      },
    };
  };
}

/** Without its casing a value may be anything, if only some casings of it are excluded. */
const folded = (sent: Shape, fold: (whole: Glob) => Glob): Shape => {
  if (sent.kind === 'glob') return { kind: 'glob', glob: fold(sent.glob) };
  return fold === asIs ? sent : { kind: 'outside', globs: [] };
};

/** The six operators over values that have an order. */
function ordered(
  family: 'Numeric' | 'Date',
  read: (value: string) => number | undefined,
): [string, Operator][] {
  const by =
    (holds: (sent: number, wanted: number) => boolean): Operator['compare'] =>
    (wanted) => {
      const bound = read(wanted);
      if (bound === undefined) return unreadable;
      return exact((value) => {
        const sent = read(value);
        return sent === undefined ? 'unsure' : holds(sent, bound);
      });
    };
  return [
    ...pair(
      `${family}Equals`,
      `${family}NotEquals`,
      by((sent, wanted) => sent === wanted),
    ),
    ...pair(
      `${family}LessThan`,
      undefined,
      by((sent, wanted) => sent < wanted),
    ),
    ...pair(
      `${family}LessThanEquals`,
      undefined,
      by((sent, wanted) => sent <= wanted),
    ),
    ...pair(
      `${family}GreaterThan`,
      undefined,
      by((sent, wanted) => sent > wanted),
    ),
    ...pair(
      `${family}GreaterThanEquals`,
      undefined,
      by((sent, wanted) => sent >= wanted),
    ),
  ];
}

/** A comparison that needs to know the very value. */
const exact = (test: (value: string) => Ternary): Comparison =>
  fixed((sent) => {
    const value = onlyText(sent);
    return value === undefined ? 'unsure' : test(value);
  });

function numberOf(value: string): number | undefined {
  if (!/^\s*[-+]?\d+(\.\d+)?\s*$/.test(value)) return undefined;
  const number = Number(value);
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

const ISO = /^(\d{4}-\d\d)(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:\d\d))?)?$/;

/** Seconds since 1970 of an ISO 8601 date (UTC where it has no time) or of a number of seconds; a bare year could be either. */
function secondsOf(value: string): number | undefined {
  if (/^-?\d{5,}$/.test(value)) return numberOf(value);
  const [, month] = ISO.exec(value) ?? [];
  const milliseconds = Date.parse(value);
  if (month === undefined || Number.isNaN(milliseconds)) return undefined;
  // A day that the month does not have is read as one of the next.
  const day = new Date(Date.parse(value.slice(0, 10)));
  return day.toISOString().startsWith(month) ? milliseconds / 1000 : undefined;
}

function boolean(wanted: string): Comparison {
  const name = wanted.toLowerCase();
  if (name !== 'true' && name !== 'false') return unreadable;
  return fixed((sent) => matchShape(glob(name), folded(sent, lowerCase)));
}

/** An address or a CIDR range, of IPv4 or IPv6. */
function address(wanted: string): Comparison {
  const [, base = '', length] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(wanted) ?? [];
  const version = isIP(base);
  const most = version === 4 ? 32 : 128;
  const prefix = length === undefined ? most : Number(length);
  if (version === 0 || prefix > most) return unreadable;
  const range = new BlockList();
  const family = version === 4 ? 'ipv4' : 'ipv6';
  range.addSubnet(base, prefix, family);
  return exact((value) => {
    // Whether AWS sees IPv4 in an IPv6 address that stands for it is not documented.
    if (isIP(value) === 0 || /%|^::ffff:/i.test(value)) return 'unsure';
    return isIP(value) === version && range.check(value, family);
  });
}

/** Whether one value sent is among those wanted. */
export const among = (wanted: readonly Comparison[], sent: Shape, context: Context): Ternary =>
  any(wanted.map(({ test }) => test(sent, context)));
