import { cacheOf } from '../basics/memory.ts';
import type { Budget } from './budget.ts';
import { anything, glob, literal, literalText, type Glob } from './glob.ts';
import type { Known } from './known.ts';
import { covers, match } from './match.ts';
import type { Ternary } from './ternary.ts';

/** A set of strings; the request sent a member of the set. */
export type Shape =
  | { readonly kind: 'glob'; readonly glob: Glob }
  /** All strings but the matches of the globs. */
  | { readonly kind: 'outside'; readonly globs: readonly Glob[] };

/** A way in which a condition key may have been sent; an open list may hold more values than the shapes. */
export type Sent =
  | { readonly kind: 'absent' }
  | { readonly kind: 'one'; readonly shape: Shape }
  | { readonly kind: 'list'; readonly shapes: readonly Shape[]; readonly open: boolean };

const shapeOf = (matches: Glob): Shape => ({ kind: 'glob', glob: matches });

/** Any string. */
export const anyShape: Shape = shapeOf(anything);

const notSent: Sent = { kind: 'absent' };

const oneValue = (shape: Shape): Sent => ({ kind: 'one', shape });

const manyValues = (shapes: readonly Shape[], open = false): Sent => ({
  kind: 'list',
  shapes,
  open,
});

/** Every way in which the key may have been sent. The way of a single value is made sooner than found. */
export const waysSent = (known: Known): readonly Sent[] =>
  known.kind === 'value' ? waysOf(known) : storedWays(known);

const storedWays = cacheOf(waysOf);

function waysOf(known: Known): readonly Sent[] {
  switch (known.kind) {
    case 'value':
      return [oneValue(shapeOf(literal(String(known.value))))];
    case 'list':
      return [
        manyValues(
          known.values.map((value) => shapeOf(literal(String(value)))),
          known.open,
        ),
      ];
    case 'like':
      return known.globs.map((text) => {
        const shape = shapeOf(glob(text));
        return known.many ? manyValues([shape]) : oneValue(shape);
      });
    case 'maybe':
      return [notSent, ...waysSent(known.present)];
    case 'maybe-outside':
      return [notSent, oneValue({ kind: 'outside', globs: known.globs.map((text) => glob(text)) })];
    case 'absent':
      return [notSent];
    case 'unknown':
      return [notSent, oneValue(anyShape), manyValues([anyShape])];
  }
}

/** Whether the pattern matches the sent value: true or false only where every string of the shape agrees. */
export function matchShape(pattern: Glob, shape: Shape, budget: Budget): Ternary {
  if (shape.kind === 'glob') return match(pattern, shape.glob, budget);
  if (covers(pattern, anything, budget) === true) return true;
  return shape.globs.some((excluded) => covers(excluded, pattern, budget) === true)
    ? false
    : 'unsure';
}

/** The sent value, where the shape is a single string. */
export const onlyText = (shape: Shape): string | undefined =>
  shape.kind === 'glob' ? literalText(shape.glob) : undefined;
