import { spend, type Budget } from './budget.ts';
import { accepts, repeats, type Character } from './characters.ts';

/** A pair of places in two globs is cheaper than a step. */
const PAIRS_IN_A_STEP = 40;

/** Whether both globs match some string; true where the answer takes too many steps. */
export function intersects(
  left: readonly Character[],
  right: readonly Character[],
  budget: Budget,
): boolean {
  if (!spend(budget, (left.length * right.length) / PAIRS_IN_A_STEP)) return true;
  const width = right.length + 1;
  const seen = new Uint8Array((left.length + 1) * width);
  const open = [0];
  const visit = (i: number, j: number): void => {
    const pair = i * width + j;
    if (seen[pair] === 1) return;
    seen[pair] = 1;
    open.push(pair);
  };
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const i = Math.floor(pair / width);
    const j = pair % width;
    const a = left[i];
    const b = right[j];
    if (a === undefined && b === undefined) return true;
    if (repeats(a)) visit(i + 1, j);
    if (repeats(b)) visit(i, j + 1);
    if (a === undefined || b === undefined || !shareCharacter(a, b)) continue;
    visit(repeats(a) ? i : i + 1, repeats(b) ? j : j + 1);
  }
  return false;
}

/** Whether some character fits both tokens; two wildcards always share a character other than the colon. */
function shareCharacter(a: Character, b: Character): boolean {
  if (typeof a === 'string') return accepts(b, a);
  return typeof b !== 'string' || accepts(a, b);
}
