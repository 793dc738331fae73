import { spend, type Budget } from './budget.ts';
import { charactersOf } from './characters.ts';
import { coversCharacters } from './covers.ts';
import { coversSimply } from './covers-simply.ts';
import { literalText, type Glob } from './glob.ts';
import { intersects } from './intersects.ts';
import type { Ternary } from './ternary.ts';

/**
 * Whether the pattern matches every string of the shape (true), none (false), or some (unsure). Unsure too where the
 * answer would take more steps than the budget has.
 */
export function match(pattern: Glob, shape: Glob, budget: Budget): Ternary {
  const text = literalText(shape);
  if (text !== undefined && literalText(pattern) !== undefined)
    return text === literalText(pattern);
  const rests = withoutCommonStart({ pattern, shape });
  if (rests === undefined) return false;
  if (isAnything(rests.pattern)) return true;
  const wanted = charactersOf(rests.pattern);
  const sent = charactersOf(rests.shape);
  if (coversSimply(wanted, sent) && spend(budget, sent.length)) return true;
  const covered = coversCharacters(wanted, sent, budget);
  if (covered === true || text !== undefined) return covered;
  return intersects(wanted, sent, budget) ? 'unsure' : false;
}

/** Whether the pattern matches every string of the shape; unsure where the answer takes too many steps. */
export const covers = (pattern: Glob, shape: Glob, budget: Budget): Ternary =>
  coversCharacters(charactersOf(pattern), charactersOf(shape), budget);

interface Pair {
  readonly pattern: Glob;
  readonly shape: Glob;
}

/** Both globs without the plain text that both begin with; undefined where the plain texts differ. */
function withoutCommonStart({ pattern, shape }: Pair): Pair | undefined {
  const wanted = pattern[0];
  const sent = shape[0];
  if (typeof wanted !== 'string' || typeof sent !== 'string') return { pattern, shape };
  const [short, long] = wanted.length < sent.length ? [wanted, sent] : [sent, wanted];
  if (!long.startsWith(short)) return undefined;
  // The longer text may go on with the second half of the same character.
  if (/[\ud800-\udbff]$/.test(short)) return { pattern, shape };
  return { pattern: after(pattern, short), shape: after(shape, short) };
}

/** The glob without its first characters. */
const after = ([first, ...others]: Glob, start: string): Glob =>
  typeof first === 'string' && first !== start ? [first.slice(start.length), ...others] : others;

/** Whether the pattern matches every string. */
export const isAnything = ([first, ...others]: Glob): boolean =>
  typeof first === 'object' && first.repeats && first.colons && others.length === 0;
