import { anything, covers, glob, literal, match, textOf, type Glob } from './glob.ts';
import type { Known } from './known.ts';
import type { Ternary } from './ternary.ts';

/** A set of strings, one of which was sent. */
export type Shape =
  | { readonly kind: 'glob'; readonly glob: Glob }
  /** All strings that none of the globs matches. */
  | { readonly kind: 'outside'; readonly globs: readonly Glob[] };

/** One way in which a condition key may have been sent; an open list may hold more values than the shapes. */
export type Sent =
  | { readonly kind: 'absent' }
  | { readonly kind: 'one'; readonly shape: Shape }
  | { readonly kind: 'list'; readonly shapes: readonly Shape[]; readonly open: boolean };

const shapeOf = (matches: Glob): Shape => ({ kind: 'glob', glob: matches });

/** Any string. */
export const anyShape: Shape = shapeOf(anything);

const notSent: Sent = { kind: 'absent' };

const one = (shape: Shape): Sent => ({ kind: 'one', shape });

const list = (shapes: readonly Shape[], open = false): Sent => ({ kind: 'list', shapes, open });

/** Every way in which the key may have been sent. */
export function waysSent(known: Known): readonly Sent[] {
  switch (known.kind) {
    case 'value':
      return [one(shapeOf(literal(String(known.value))))];
    case 'list':
      return [
        list(
          known.values.map((value) => shapeOf(literal(String(value)))),
          known.open,
        ),
      ];
    case 'like':
      return known.globs.map((text) => {
        const shape = shapeOf(glob(text));
        return known.many ? list([shape]) : one(shape);
      });
    case 'maybe':
      return [notSent, ...waysSent(known.present)];
    case 'maybe-outside':
      return [notSent, one({ kind: 'outside', globs: known.globs.map((text) => glob(text)) })];
    case 'absent':
      return [notSent];
    case 'unknown':
      return [notSent, one(anyShape), list([anyShape])];
  }
}

/** Whether the pattern matches the value that was sent: true or false only where every string of the shape agrees. */
export function matchShape(pattern: Glob, shape: Shape): Ternary {
  if (shape.kind === 'glob') return match(pattern, shape.glob);
  if (covers(pattern, anything) === true) return true;
  return shape.globs.some((excluded) => covers(excluded, pattern) === true) ? false : 'unsure';
}

/** The value that was sent, where the shape is a single string. */
export const onlyText = (shape: Shape): string | undefined =>
  shape.kind === 'glob' ? textOf(shape.glob) : undefined;
