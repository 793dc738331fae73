import { boundedCache } from '../../basics/memory.ts';
import regions from '../../model/regions.json';
import { newBudget } from '../../policy/budget.ts';
import { glob, literal } from '../../policy/glob.ts';
import { match } from '../../policy/match.ts';

/**
 * Accounts that literals tell apart: each account number, and one more account for each set of patterns that some account
 * matches. A pattern is of digits and wildcards, such as `1111*`. `another` is like an account that no literal names.
 */
export function accountsToldApart(literals: readonly string[], another: string): readonly string[] {
  const numbers = uniqueIn(literals, (each) => each.match(/(?<!\d)\d{12}(?!\d)/g) ?? []);
  const patterns = uniqueIn(literals, patternsIn).filter((each) => !each.includes(another));
  if (patterns.length === 0) return numbers;
  const unlike = matchedBy(another, patterns);
  const byMatched = accountsByPatterns(patterns.join(' '), () => {
    const ends = accountsOfPatterns(patterns).map(
      (account) => [matchedBy(account, patterns), account] as const,
    );
    return new Map(ends);
  });
  return [
    ...numbers,
    ...[...byMatched].flatMap(([matched, account]) => (matched === unlike ? [] : [account])),
  ];
}

const accountsByPatterns = boundedCache<ReadonlyMap<string, string>>(1000);

const uniqueIn = (
  literals: readonly string[],
  find: (literal: string) => readonly string[],
): readonly string[] => [...new Set(literals.flatMap(find))].sort();

const patternsIn = (literal: string): readonly string[] =>
  literal
    .split(/[:/]/)
    .flatMap((segment) => /(?:\d[\d*?]*|[*?][\d*?]*\d[\d*?]*)/.exec(segment)?.[0] ?? [])
    .filter((pattern) => /[*?]/.test(pattern));

const matchedBy = (account: string, patterns: readonly string[]): string =>
  patterns.map((pattern) => Number(isLike(account, pattern))).join('');

const isLike = (account: string, pattern: string): boolean =>
  match(glob(pattern), literal(account), newBudget()) === true;

/** Walks along all patterns at once, digit by digit. Ways that lead to the same places in all patterns are one way. */
function accountsOfPatterns(patterns: readonly string[]): readonly string[] {
  const used = '0123456789'
    .split('')
    .filter((digit) => patterns.some((each) => each.includes(digit)));
  const digits = new Set([
    ...used,
    '0123456789'.split('').find((digit) => !used.includes(digit)) ?? '0',
  ]);
  let ways = new Map([['', { account: '', places: patterns.map(() => [0] as readonly number[]) }]]);
  for (let length = 0; length < 12; length++) {
    const next: typeof ways = new Map();
    for (const { account, places } of ways.values())
      for (const digit of digits) {
        const reached = places.map((at, index) => placesAfter(digit, at, patterns[index] ?? ''));
        const name = reached.join(' ');
        if (next.size < MAX_WAYS && !next.has(name))
          next.set(name, { account: account + digit, places: reached });
      }
    ways = next;
  }
  return [...ways.values()].map(({ account }) => account);
}

const MAX_WAYS = 2000;

/** The places in a pattern after a digit, from any of some places. */
function placesAfter(digit: string, places: readonly number[], pattern: string): readonly number[] {
  const after = new Set<number>();
  for (const start of places) {
    let at = start;
    for (; pattern[at] === '*'; at++) after.add(at);
    if (pattern[at] === '?' || pattern[at] === digit) after.add(at + 1);
  }
  return [...after].sort((a, b) => a - b);
}

/** The Regions that literals may tell apart. All other Regions are like a made-up Region. */
export function regionsToldApart(literals: Iterable<string>): readonly string[] {
  const tellers = [...literals].map((literal) => tellerOf(literal.toLowerCase()));
  return regions.aws.filter((region) => tellers.some((tells) => tells(region)));
}

/** A literal tells a Region apart by its name, a pattern by any piece that the name of the Region may cover. */
function tellerOf(literal: string): (region: string) => boolean {
  const patterns = literal.split(/[:/]/).filter((segment) => /[*?]/.test(segment));
  const counts = patterns.some((segment) => segment.includes('?') && segment !== '?');
  const pieces = patterns.flatMap((segment) => segment.split('*')).filter((piece) => piece !== '');
  return (region) =>
    counts ||
    literal.includes(region) ||
    (literal !== '' && region.includes(literal)) ||
    pieces.some((piece) => overlaps(piece, region));
}

/** Whether a piece lies inside a name, or one begins with the end of the other. */
function overlaps(piece: string, name: string): boolean {
  if (name.includes(piece)) return true;
  for (let length = 1; length < piece.length && length <= name.length; length++)
    if (piece.endsWith(name.slice(0, length)) || piece.startsWith(name.slice(-length))) return true;
  return false;
}
