import { deliveryService, sourceArn } from '../../model/delivery-service.ts';
import type { World, WorldPlace } from '../../model/world.ts';
import { newBudget } from '../../policy/budget.ts';
import { glob, joined, literal } from '../../policy/glob.ts';
import { match } from '../../policy/match.ts';

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

/**
 * The first value in place of `other` that makes a text equal to another text. Wildcards and other made-up values cover
 * anything. A text that takes too many steps has no such value: a wildcard is tried in its place.
 */
function solve(text: string, equalTo: string, other: string): readonly string[] {
  const pieces = text.split(other).map((piece) => piece.replace(ANOTHER_NAME, '*'));
  const budget = newBudget();
  for (const [start, end] of placesIn(equalTo, pieces)) {
    const value = equalTo.slice(start, end);
    const pattern = pieces.flatMap((piece, index) =>
      index === 0 ? [glob(piece)] : [literal(value), glob(piece)],
    );
    const isEqual = match(joined(pattern), literal(equalTo), budget);
    if (isEqual === true) return [value];
    if (isEqual === 'unsure') return [];
  }
  return [];
}

/** The form of the names that are made up. */
const ANOTHER_NAME = /([a-z]{2,4})\d+\1/g;

/** The places where the value between the first two pieces may begin and end. Without wildcards there is only one. */
function* placesIn(text: string, [before = '', ...after]: readonly string[]) {
  const [end = '', ...more] = after;
  if (after.length === 0) return;
  const hasFixedEnd = more.length === 0 && !WILDCARD.test(end);
  const starts = WILDCARD.test(before) ? range(0, text.length) : [before.length];
  for (const start of starts)
    for (const at of hasFixedEnd ? [text.length - end.length] : range(start, text.length))
      if (at >= start) yield [start, at] as const;
}

const WILDCARD = /[*?]/;

const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
