import type { Budget } from './budget.ts';
import { constant, unreadableValue, type Compare, type Comparison } from './comparison.ts';
import { glob, literal, lowerCase, type Glob } from './glob.ts';
import { compilePattern, keysOf, resolve } from './pattern.ts';
import { matchShape, type Shape } from './sent.ts';
import type { Ternary } from './ternary.ts';

interface TextRules {
  readonly wildcards: boolean;
  /** Makes values equal that the operator does not tell apart, like upper and lower case. */
  readonly fold?: (whole: Glob) => Glob;
  /** Reads the wanted value as an ARN, say; undefined where the value is malformed. */
  readonly form?: (whole: Glob) => Glob | undefined;
}

function asIs(whole: Glob): Glob {
  return whole;
}

/** Compares text with wanted values of text, wildcards and variables. */
export function compareText({ wildcards, fold = asIs, form = asIs }: TextRules): Compare {
  const fits = (whole: Glob, sent: Shape, budget: Budget): Ternary =>
    matchShape(fold(whole), foldShape(sent, fold), budget);
  return (wanted, variables): Comparison => {
    const pattern = compilePattern(wanted, { variables, wildcards });
    const plain = pattern.length === 1 ? pattern[0] : undefined;
    const whole = plain?.kind === 'glob' ? form(plain.glob) : undefined;
    if (whole !== undefined) return constant((sent, budget) => fits(whole, sent, budget));
    return {
      keys: keysOf(pattern),
      test(sent, { context, budget }) {
        const resolved = resolve(pattern, context);
        if (resolved.kind === 'nothing') return false;
        const formed = form(resolved.glob);
        if (formed === undefined) return 'unsure';
        if (resolved.kind === 'exactly') return fits(formed, sent, budget);
        return fits(resolved.glob, sent, budget) === false ? false : 'unsure';
      },
    };
  };
}

/** The shape in the folded form. A shape without some casings of a value is any value once folded. */
function foldShape(sent: Shape, fold: (whole: Glob) => Glob): Shape {
  if (sent.kind === 'glob') return { kind: 'glob', glob: fold(sent.glob) };
  return fold === asIs ? sent : { kind: 'outside', globs: [] };
}

/** Compares `true` and `false`, in any casing. */
export function compareBoolean(wanted: string): Comparison {
  const name = wanted.toLowerCase();
  if (name !== 'true' && name !== 'false') return unreadableValue;
  return constant((sent, budget) => matchShape(glob(name), foldShape(sent, lowerCase), budget));
}

/** Compares Base64 text as text. */
export const compareBinary = (wanted: string): Comparison =>
  constant((sent, budget) => matchShape(literal(wanted), sent, budget));
