import { compareAddress } from './compare-address.ts';
import { compareOrder, readNumber, readSeconds } from './compare-order.ts';
import { compareBinary, compareBoolean, compareText } from './compare-text.ts';
import type { Compare } from './comparison.ts';
import { arnGlob, lowerCase } from './glob.ts';

/** A condition operator, without qualifiers like `IfExists`. */
export interface Operator {
  readonly negated: boolean;
  readonly compare: Compare;
}

const positive = (compare: Compare): Operator => ({ negated: false, compare });
const negative = (compare: Compare): Operator => ({ negated: true, compare });

const exactText = compareText({ wildcards: false });
const textInAnyCase = compareText({ wildcards: false, fold: lowerCase });
const textPattern = compareText({ wildcards: true });
const arnPattern = compareText({ wildcards: true, form: arnGlob });

/**
 * Every IAM condition operator but `Null`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', positive(exactText)],
  ['StringNotEquals', negative(exactText)],
  ['StringEqualsIgnoreCase', positive(textInAnyCase)],
  ['StringNotEqualsIgnoreCase', negative(textInAnyCase)],
  ['StringLike', positive(textPattern)],
  ['StringNotLike', negative(textPattern)],
  ['ArnEquals', positive(arnPattern)],
  ['ArnNotEquals', negative(arnPattern)],
  ['ArnLike', positive(arnPattern)],
  ['ArnNotLike', negative(arnPattern)],
  ...orderOperators('Numeric', readNumber),
  ...orderOperators('Date', readSeconds),
  ['Bool', positive(compareBoolean)],
  ['BinaryEquals', positive(compareBinary)],
  ['IpAddress', positive(compareAddress)],
  ['NotIpAddress', negative(compareAddress)],
]);

/** The six operators over numbers or dates. */
function orderOperators(
  family: 'Numeric' | 'Date',
  read: (value: string) => number | undefined,
): readonly (readonly [string, Operator])[] {
  const equal = compareOrder(read, (sent, wanted) => sent === wanted);
  const less = compareOrder(read, (sent, wanted) => sent < wanted);
  const lessOrEqual = compareOrder(read, (sent, wanted) => sent <= wanted);
  const greater = compareOrder(read, (sent, wanted) => sent > wanted);
  const greaterOrEqual = compareOrder(read, (sent, wanted) => sent >= wanted);
  return [
    [`${family}Equals`, positive(equal)],
    [`${family}NotEquals`, negative(equal)],
    [`${family}LessThan`, positive(less)],
    [`${family}LessThanEquals`, positive(lessOrEqual)],
    [`${family}GreaterThan`, positive(greater)],
    [`${family}GreaterThanEquals`, positive(greaterOrEqual)],
  ];
}
