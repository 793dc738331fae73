import { accepts, repeats, type Character } from './characters.ts';

/**
 * Whether the pattern surely matches every string of the shape, read once from left to right: a wildcard of the shape counts
 * as a character that only a wider wildcard of the pattern takes. False leaves the question open.
 */
export function coversSimply(pattern: readonly Character[], shape: readonly Character[]): boolean {
  let [at, lastStar, afterStar, sent] = [0, -1, 0, 0];
  while (sent < shape.length) {
    const token = pattern[at];
    const next = shape[sent];
    if (token !== undefined && repeats(token)) {
      lastStar = at++;
      afterStar = sent;
    } else if (token !== undefined && takes(token, next)) {
      at++;
      sent++;
    } else {
      // The last star takes another character.
      if (!takes(pattern[lastStar], shape[afterStar])) return false;
      afterStar++;
      [at, sent] = [lastStar + 1, afterStar];
    }
  }
  while (repeats(pattern[at])) at++;
  return at === pattern.length;
}

/** Whether a token of the pattern matches all that a token of the shape stands for. */
function takes(token: Character | undefined, sent: Character | undefined): boolean {
  if (token === undefined || sent === undefined) return false;
  if (typeof sent === 'string') return accepts(token, sent);
  if (typeof token === 'string') return false;
  return (token.repeats || !sent.repeats) && (token.colons || !sent.colons);
}
