import regions from '../../model/regions.json';

/**
 * The accounts that literals tell apart from all other accounts: each account number, and one account for each pattern
 * of digits and wildcards.
 */
export const accountsIn = (literal: string): readonly string[] => [
  ...(literal.match(/(?<!\d)\d{12}(?!\d)/g) ?? []),
  ...literal.split(/[:/]/).flatMap(accountsLike),
];

/** An account that matches a pattern of digits, such as `1111*`. */
function accountsLike(segment: string): readonly string[] {
  const pattern = /(?:\d[\d*?]*|[*?][\d*?]*\d[\d*?]*)/.exec(segment)?.[0] ?? '';
  if (!/[*?]/.test(pattern)) return [];
  const digits = pattern.replace(/[*?]/g, (wildcard) => (wildcard === '?' ? '0' : ''));
  const star = pattern.indexOf('*');
  if (star === -1 || digits.length > 12) return digits.length === 12 ? [digits] : [];
  const at = pattern.slice(0, star).length;
  return [digits.slice(0, at) + '0'.repeat(12 - digits.length) + digits.slice(at)];
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
    counts || literal.includes(region) || pieces.some((piece) => overlaps(piece, region));
}

/** Whether a piece lies inside a name, or one begins with the end of the other. */
function overlaps(piece: string, name: string): boolean {
  if (name.includes(piece)) return true;
  for (let length = 1; length < piece.length && length <= name.length; length++)
    if (piece.endsWith(name.slice(0, length)) || piece.startsWith(name.slice(-length))) return true;
  return false;
}
