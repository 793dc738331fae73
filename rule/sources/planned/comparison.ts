import { deliveryService, sourceArn } from '../../model/delivery-service.ts';
import type { World } from '../../model/world.ts';
import type { WorldPlace } from '../../model/world.ts';

/** Between two texts of a noted comparison. */
const EQUALS = '\0=';
/** Before a noted text that may be a pattern. */
const PATTERN = '\0*';

/** Notes a comparison of two texts: an open value may make both equal. */
export function noteComparison(left: string, right: string, world: World): void {
  [left, right, `${left}${EQUALS}${right}`].forEach(world.note);
}

/** Notes a text that may be compared as a pattern: an open value may be a wildcard. */
export const notePattern = (text: string, world: World): void => {
  [text, `${PATTERN}${text}`].forEach(world.note);
};

/** Literals of the input, without noted comparisons. */
export const plainTexts = (literals: ReadonlySet<string>): readonly string[] =>
  [...literals].filter((literal) => !literal.includes('\0'));

/**
 * The values of something open, made up as `other`, that make a noted comparison come true; and the values with which a
 * text of a policy names the delivery in this place.
 */
export function fitting(
  other: string,
  literals: ReadonlySet<string>,
  place: () => WorldPlace,
): readonly string[] {
  const texts = [...literals].filter((literal) => literal.includes(other));
  return texts.flatMap((text) => {
    if (text.startsWith(PATTERN)) return ['*'];
    const [left = '', right] = text.split(EQUALS);
    if (right !== undefined) return [...solve(left, right, other), ...solve(right, left, other)];
    return deliveryTexts(place(), literals)
      .filter((value) => !value.includes(other))
      .flatMap((value) => solve(text, value, other));
  });
}

/** The texts that a delivery sends, to be compared with texts of policies. */
const deliveryTexts = (place: WorldPlace, literals: ReadonlySet<string>): readonly string[] => [
  place.accountId,
  place.region,
  deliveryService,
  sourceArn(place),
  `s3.${place.region}.amazonaws.com`,
  ...plainTexts(literals)
    .filter((literal) => /^(o-[a-z0-9]+|arn:aws[a-z-]*:s3:::[a-z0-9.-]+)$/.test(literal))
    .flatMap((literal) => [literal, `${literal}/AWSLogs/`]),
];

/** The value in place of `other` that makes a text equal to another text. */
function solve(text: string, equalTo: string, other: string): readonly string[] {
  if (!text.includes(other)) return [];
  const [before = '', ...after] = text.split(other).map(pieceOfPattern);
  const expression = new RegExp(`^${before}(.*?)${after.join('\\1')}$`, 's');
  return expression.exec(equalTo)?.slice(1) ?? [];
}

/** Wildcards and other made-up values cover anything. */
const pieceOfPattern = (text: string): string =>
  text
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replace(/\*|([a-z]{2,4})\d+\1/g, '.*?')
    .replaceAll('?', (mark, at: number, all: string) =>
      all.slice(at - 2, at) === '.*' ? mark : '.',
    );
