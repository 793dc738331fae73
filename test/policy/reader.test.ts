import { newBudget, STEPS_OF_A_DECISION, type Budget } from '../../rule/policy/budget.ts';
import type { Context } from '../../rule/policy/context.ts';
import {
  absent,
  atLeast,
  oneLike,
  manyLike,
  maybe,
  maybeOutside,
  present,
  unknownValue,
  type Known,
} from '../../rule/policy/known.ts';
import { unsettledKeys, type Decision } from '../../rule/policy/decision.ts';
import { compilePolicy, decisionOf, decisiveOf } from '../../rule/policy/policy.ts';
import type { Request } from '../../rule/policy/request.ts';
import { elementsOf } from '../../rule/policy/statement.ts';

type Json = Readonly<Record<string, unknown>>;
type Outcome = Decision['outcome'];

/** A world in which everything works: one statement grants, and the request is what it grants. */
const service = 'delivery.logs.amazonaws.com';
const thisKey = 'arn:aws:kms:us-east-1:444455556666:key/1234abcd';
const request: Request = {
  service,
  action: 'kms:Decrypt',
  resource: present(thisKey),
  context: {},
};
const grant = {
  Effect: 'Allow',
  Principal: { Service: service },
  Action: 'kms:Decrypt',
  Resource: '*',
};
const deny = { ...grant, Effect: 'Deny', Principal: '*' };
const without = (statement: Json, name: string): Json =>
  Object.fromEntries(Object.entries(statement).filter(([each]) => each !== name));

const read = (...statements: unknown[]) =>
  compilePolicy({ Version: '2012-10-17', Statement: statements });
const ask = (statements: readonly unknown[], context: Context = {}): Decision =>
  decisionOf(read(...statements), { ...request, context });
const decisiveIn = (statements: readonly unknown[], context: Context = {}) =>
  decisiveOf(read(...statements), { ...request, context });
/** The elements of the first statement, with the answers to the request. */
const elementsIn = (statements: readonly unknown[], context: Context = {}) => {
  const asked = { ...request, context, budget: newBudget() };
  const [statement] = read(...statements).statements;
  return (statement === undefined ? [] : elementsOf(statement)).map((each) => ({
    ...each,
    holds: each.holds(asked),
    wants: each.wants(),
    sent: each.sent(asked),
  }));
};

/** What one condition on `x:key` says to one value. */
const words: Record<Outcome, string> = { allowed: 'holds', denied: 'fails', unsure: 'unsure' };
type Answer = 'holds' | 'fails' | 'unsure';
type Row = [name: string, operator: string, wants: unknown, sent: Known, answer: Answer];
const is = present;
const unknown = unknownValue;

const check = (rows: readonly Row[]) => {
  for (const [name, operator, wants, sent, answer] of rows)
    it(`${name}: ${answer}`, () => {
      const statement = { ...grant, Condition: { [operator]: { 'x:key': wants } } };
      expect(words[ask([statement], { 'x:key': sent }).outcome]).toBe(answer);
    });
};

describe('operators over text', () => {
  check([
    ['StringEquals minds case', 'StringEquals', 'Abc', is('abc'), 'fails'],
    ['half of a character starts no character', 'StringLike', 'a\ud83d*', is('a😀b'), 'fails'],
    ['StringEquals takes a star for a star', 'StringEquals', 'a*', is('abc'), 'fails'],
    ['StringEquals finds a literal star', 'StringEquals', 'a*', is('a*'), 'holds'],
    ['StringEquals wants all of the text', 'StringEquals', 'ab', is('abc'), 'fails'],
    ['StringEquals of the empty text', 'StringEquals', '', is(''), 'holds'],
    ['StringEquals of a number written as one', 'StringEquals', 12, is('12'), 'holds'],
    ['StringNotEquals of another value', 'StringNotEquals', 'a', is('b'), 'holds'],
    ['StringNotEquals is NOR over its values', 'StringNotEquals', ['a', 'b'], is('b'), 'fails'],
    ['StringNotEquals of none of its values', 'StringNotEquals', ['a', 'b'], is('c'), 'holds'],
    ['IgnoreCase does not mind case', 'StringEqualsIgnoreCase', 'ABC', is('aBc'), 'holds'],
    ['IgnoreCase takes a star for a star', 'StringEqualsIgnoreCase', 'A*', is('abc'), 'fails'],
    ['IgnoreCase, negated', 'StringNotEqualsIgnoreCase', 'ABC', is('abc'), 'fails'],
    ['IgnoreCase, negated, of another', 'StringNotEqualsIgnoreCase', 'ABC', is('abd'), 'holds'],
    ['IgnoreCase of a shape', 'StringEqualsIgnoreCase', 'ABC', oneLike('b*'), 'fails'],
    ['StringLike minds case', 'StringLike', 'A*', is('abc'), 'fails'],
    ['StringLike crosses colons and slashes', 'StringLike', 'a*z', is('a:b/c:z'), 'holds'],
    ['a star may stand for nothing', 'StringLike', 'a*', is('a'), 'holds'],
    ['a question mark stands for one character', 'StringLike', 'a?c', is('abc'), 'holds'],
    ['a question mark never stands for nothing', 'StringLike', 'a?', is('a'), 'fails'],
    ['a question mark may be a colon', 'StringLike', 'a?c', is('a:c'), 'holds'],
    ['StringLike takes no other sign for a wildcard', 'StringLike', 'a.[bc]+', is('abb'), 'fails'],
    ['StringNotLike of several patterns', 'StringNotLike', ['a*', 'b*'], is('bz'), 'fails'],
    ['StringNotLike of none of its patterns', 'StringNotLike', ['a*', 'b*'], is('c'), 'holds'],
    ['StringLike of everything, something sent', 'StringLike', '*', oneLike('a*'), 'holds'],
    ['StringLike of everything, nothing sent', 'StringLike', '*', absent, 'fails'],
    ['StringLike of everything, nothing known', 'StringLike', '*', unknown, 'unsure'],
    ['a shape within the pattern', 'StringLike', 'a*', oneLike('ab*'), 'holds'],
    ['a shape that only meets the pattern', 'StringLike', 'ab*', oneLike('a*'), 'unsure'],
    ['a shape apart from the pattern', 'StringLike', 'b*', oneLike('a*'), 'fails'],
    ['two shapes, both within', 'StringLike', '?b*', oneLike('ab*', 'bb*'), 'holds'],
    ['two shapes, one within', 'StringLike', 'a*', oneLike('a1', 'b1'), 'unsure'],
    ['BinaryEquals of the same text', 'BinaryEquals', 'YWJj', is('YWJj'), 'holds'],
    ['BinaryEquals minds case', 'BinaryEquals', 'YWJj', is('ywjj'), 'fails'],
    ['BinaryEquals of a shape', 'BinaryEquals', 'YWJj', oneLike('YW*'), 'unsure'],
  ]);
});

describe('operators over ARNs', () => {
  const arn = is('arn:aws:s3:us-east-1:1:b/k:v');
  check([
    ['the sixth field is the rest', 'ArnLike', 'arn:aws:s3:us-east-1:1:*', arn, 'holds'],
    ['a star keeps to its field', 'ArnLike', 'arn:aws:s3:*:b/k:v', arn, 'fails'],
    ['a star is no two fields', 'ArnLike', 'arn:*:us-east-1:1:b/k:v:x', arn, 'fails'],
    ['a question mark is no colon', 'ArnLike', 'arn:aws?s3:us-east-1:1:b/k:v:x', arn, 'fails'],
    ['a star in the sixth field may hold colons', 'ArnLike', 'arn:*:*:*:*:b*v', arn, 'holds'],
    ['ArnEquals has wildcards too', 'ArnEquals', 'arn:aws:s3:us-*:?:b/*', arn, 'holds'],
    ['ArnEquals minds case', 'ArnEquals', 'arn:aws:S3:us-east-1:1:b/k:v', arn, 'fails'],
    ['ArnNotEquals is the opposite', 'ArnNotEquals', 'arn:aws:s3:*:1:b/*', arn, 'fails'],
    ['ArnNotLike of none', 'ArnNotLike', ['arn:aws:s3:*:2:*', 'arn:a:*:*:*:*'], arn, 'holds'],
    ['ArnNotLike of one of two', 'ArnNotLike', ['arn:aws:s3:*:2:*', 'arn:*:*:*:*:*'], arn, 'fails'],
    ['an empty field is not just any', 'ArnLike', 'arn:aws:s3:::b/k:v', arn, 'fails'],
    ['a pattern of five fields is malformed', 'ArnLike', 'arn:aws:s3:*:*', arn, 'unsure'],
    ['a lone star is a malformed pattern', 'ArnEquals', '*', arn, 'unsure'],
    ['a malformed pattern, negated', 'ArnNotLike', 'arn:aws', arn, 'unsure'],
    ['a malformed pattern beside a good one', 'ArnLike', ['x', 'arn:*:*:*:*:*'], arn, 'holds'],
    ['a malformed pattern, nothing sent', 'ArnLike', 'x', absent, 'fails'],
    ['a malformed pattern, negated, nothing sent', 'ArnNotLike', 'x', absent, 'holds'],
    ['a pattern against no ARN', 'ArnLike', 'arn:*:*:*:*:*', is('arn:aws'), 'fails'],
  ]);
});

describe('operators over numbers', () => {
  check([
    ['1.0 is 1', 'NumericEquals', '1.0', is('1'), 'holds'],
    ['a JSON number', 'NumericEquals', 3, is('3'), 'holds'],
    ['numbers are not compared as text', 'NumericLessThan', '10', is('9'), 'holds'],
    ['NumericNotEquals', 'NumericNotEquals', '1', is('1'), 'fails'],
    ['NumericNotEquals is NOR over its values', 'NumericNotEquals', ['1', '2'], is('2'), 'fails'],
    ['NumericLessThan excludes its bound', 'NumericLessThan', '5', is('5'), 'fails'],
    ['NumericLessThanEquals includes it', 'NumericLessThanEquals', '5', is('5'), 'holds'],
    ['NumericGreaterThan excludes its bound', 'NumericGreaterThan', '5', is('5'), 'fails'],
    ['NumericGreaterThanEquals includes it', 'NumericGreaterThanEquals', '5', is('5'), 'holds'],
    ['negative numbers', 'NumericLessThan', '-1', is('-2'), 'holds'],
    ['any of several bounds', 'NumericGreaterThan', ['9', '1'], is('5'), 'holds'],
    ['a wanted text that is no number', 'NumericEquals', 'five', is('5'), 'unsure'],
    ['a sent text that is no number', 'NumericEquals', '5', is('five'), 'unsure'],
    ['a number known by shape', 'NumericLessThan', '5', oneLike('*'), 'unsure'],
    ['IfExists, nothing sent', 'NumericLessThanIfExists', '5', absent, 'holds'],
    ['IfExists, something sent', 'NumericLessThanIfExists', '5', is('6'), 'fails'],
  ]);
});

describe('operators over dates', () => {
  const noon = is('2026-11-23T12:00:00Z');
  check([
    ['the same moment in two zones', 'DateEquals', '2026-11-23T13:00:00+01:00', noon, 'holds'],
    ['the same moment in seconds', 'DateEquals', '1795435200', noon, 'holds'],
    ['seconds as a JSON number', 'DateEquals', 1795435200, noon, 'holds'],
    ['a day begins at midnight, UTC', 'DateEquals', '2026-11-23', is('1795392000'), 'holds'],
    ['DateNotEquals', 'DateNotEquals', '2026-11-23T12:00:00Z', noon, 'fails'],
    ['DateLessThan excludes its bound', 'DateLessThan', '2026-11-23T12:00:00Z', noon, 'fails'],
    ['DateLessThanEquals has it', 'DateLessThanEquals', '2026-11-23T12:00:00Z', noon, 'holds'],
    ['DateGreaterThan excludes it', 'DateGreaterThan', '2026-11-23T12:00:00Z', noon, 'fails'],
    ['DateGreaterThanEquals has it', 'DateGreaterThanEquals', '2026-11-23T12:00Z', noon, 'holds'],
    ['a later year', 'DateLessThan', '2030-01-01T00:00:00Z', noon, 'holds'],
    ['a date that cannot be read', 'DateLessThan', 'tomorrow', noon, 'unsure'],
    ['a month that does not exist', 'DateLessThan', '2026-13-01', noon, 'unsure'],
    ['a day that does not exist', 'DateLessThan', '2026-02-30', noon, 'unsure'],
    ['a time without a zone', 'DateLessThan', '2026-11-24T00:00:00', noon, 'unsure'],
    ['a bare year, or seconds', 'DateGreaterThan', '2026', noon, 'unsure'],
  ]);
});

describe('operators over booleans and addresses', () => {
  const v4 = is('203.0.113.9');
  const v6 = is('2001:db8:1234:5678::9');
  check([
    ['Bool does not mind case', 'Bool', 'TRUE', is('true'), 'holds'],
    ['Bool of a JSON boolean', 'Bool', false, is('true'), 'fails'],
    ['Bool of both', 'Bool', ['true', 'false'], is('true'), 'holds'],
    ['Bool of a word that is neither', 'Bool', 'yes', is('true'), 'unsure'],
    ['BoolIfExists, nothing sent', 'BoolIfExists', 'true', absent, 'holds'],
    ['an address within its range', 'IpAddress', '203.0.113.0/24', v4, 'holds'],
    ['an address outside its range', 'IpAddress', '203.0.114.0/24', v4, 'fails'],
    ['an address alone', 'IpAddress', '203.0.113.9', v4, 'holds'],
    ['a range from an address inside it', 'IpAddress', '203.0.113.200/24', v4, 'holds'],
    ['a range of one', 'IpAddress', '203.0.113.9/32', v4, 'holds'],
    ['any of several ranges', 'IpAddress', ['10.0.0.0/8', '203.0.113.0/24'], v4, 'holds'],
    ['NotIpAddress of several ranges', 'NotIpAddress', ['10.0.0.0/8', '203.0.0.0/8'], v4, 'fails'],
    ['NotIpAddress of none of them', 'NotIpAddress', ['10.0.0.0/8', '2001:db8::/32'], v4, 'holds'],
    ['IPv6 within its range, in any casing', 'IpAddress', '2001:DB8:1234:5678::/64', v6, 'holds'],
    ['IPv6 outside its range', 'IpAddress', '2001:db8:1234:5679::/64', v6, 'fails'],
    ['IPv6 in two spellings', 'IpAddress', '2001:db8:1234:5678:0:0:0:9', v6, 'holds'],
    ['all of IPv6', 'IpAddress', '::/0', v6, 'holds'],
    ['all of IPv6 has no IPv4', 'IpAddress', '::/0', v4, 'fails'],
    ['all of IPv4 has no IPv6', 'IpAddress', '0.0.0.0/0', v6, 'fails'],
    ['a prefix too long', 'IpAddress', '203.0.113.0/33', v4, 'unsure'],
    ['a range that cannot be read', 'IpAddress', '203.0.113.*', v4, 'unsure'],
    ['an address that cannot be read', 'IpAddress', '203.0.113.0/24', is('here'), 'unsure'],
    ['an address known by shape', 'IpAddress', '203.0.113.0/24', oneLike('203.*'), 'unsure'],
  ]);
});

describe('keys that are not sent, or perhaps not', () => {
  check([
    ['a positive operator', 'StringLike', 'a', absent, 'fails'],
    ['a negated operator', 'StringNotLike', 'a', absent, 'holds'],
    ['an ordered operator', 'DateGreaterThan', '2026-01-01', absent, 'fails'],
    ['NotIpAddress', 'NotIpAddress', '10.0.0.0/8', absent, 'holds'],
    ['IfExists', 'StringEqualsIfExists', 'a', absent, 'holds'],
    ['IfExists, negated', 'StringNotEqualsIfExists', 'a', absent, 'holds'],
    ['IfExists of a value that differs', 'StringEqualsIfExists', 'a', is('b'), 'fails'],
    ['a value that fits, if sent', 'StringEquals', 'a', maybe('a'), 'unsure'],
    ['a value that does not fit, if sent', 'StringEquals', 'b', maybe('a'), 'fails'],
    ['negated, of a value that does not fit', 'StringNotEquals', 'b', maybe('a'), 'holds'],
    ['IfExists of a value that fits', 'StringEqualsIfExists', 'a', maybe('a'), 'holds'],
    ['outside the pattern, if sent', 'StringLike', 'ab*', maybeOutside('a*'), 'fails'],
    ['negated, outside the pattern', 'StringNotLike', 'ab*', maybeOutside('a*'), 'holds'],
    ['outside part of the pattern', 'StringLike', 'a*', maybeOutside('ab*'), 'unsure'],
    ['IfExists, outside', 'StringLikeIfExists', 'ab*', maybeOutside('a*'), 'unsure'],
    ['outside in one casing', 'StringEqualsIgnoreCase', 'a', maybeOutside('a'), 'unsure'],
    ['a Bool outside in one casing', 'Bool', 'true', maybeOutside('true'), 'unsure'],
    ['Null true, not sent', 'Null', 'true', absent, 'holds'],
    ['Null true, sent', 'Null', 'true', is('a'), 'fails'],
    ['Null false, not sent', 'Null', 'false', absent, 'fails'],
    ['Null false, of a known shape', 'Null', false, oneLike('*'), 'holds'],
    ['Null of both', 'Null', ['true', 'false'], unknown, 'holds'],
    ['Null of nothing', 'Null', [], unknown, 'fails'],
    ['Null of a word that is neither', 'Null', 'no', absent, 'unsure'],
    ['Null, outside a shape', 'Null', 'true', maybeOutside('a*'), 'unsure'],
  ]);
});

describe('lists of values', () => {
  const ab = is(['a', 'b']);
  check([
    ['an empty list of wants matches nothing', 'StringEquals', [], is('a'), 'fails'],
    ['negated, everything', 'StringNotEquals', [], is('a'), 'holds'],
    ['an empty list of wants, nothing known', 'StringEquals', [], unknown, 'unsure'],
    ['negated, nothing known', 'StringNotEquals', [], unknown, 'unsure'],
    ['no set operator, one value fits', 'StringEquals', 'a', ab, 'unsure'],
    ['no set operator, all values fit', 'StringEquals', ['a', 'b'], ab, 'unsure'],
    ['no set operator, none fits', 'StringEquals', 'c', ab, 'unsure'],
    ['no set operator, a list of one', 'StringEquals', 'a', is(['a']), 'unsure'],
    ['no set operator, negated', 'StringNotEquals', 'c', ab, 'unsure'],
    ['no set operator, an empty list', 'StringLike', '*', is([]), 'unsure'],
    ['ForAllValues, each fits', 'ForAllValues:StringEquals', ['a', 'b', 'c'], ab, 'holds'],
    ['ForAllValues, one does not', 'ForAllValues:StringEquals', ['a'], ab, 'fails'],
    ['ForAllValues, nothing sent', 'ForAllValues:StringEquals', ['a'], absent, 'holds'],
    ['ForAllValues, an empty list', 'ForAllValues:StringEquals', ['a'], is([]), 'holds'],
    ['ForAllValues, nothing wanted', 'ForAllValues:StringEquals', [], ab, 'fails'],
    ['ForAllValues, negated, none is it', 'ForAllValues:StringNotEquals', 'c', ab, 'holds'],
    ['ForAllValues, negated, one is it', 'ForAllValues:StringNotEquals', 'b', ab, 'fails'],
    ['ForAllValues with IfExists', 'ForAllValues:StringEqualsIfExists', 'a', absent, 'holds'],
    ['ForAllValues of everything', 'ForAllValues:StringLike', '*', unknown, 'holds'],
    ['ForAnyValue, one fits', 'ForAnyValue:StringEquals', 'b', ab, 'holds'],
    ['ForAnyValue, none does', 'ForAnyValue:StringEquals', 'c', ab, 'fails'],
    ['ForAnyValue, nothing sent', 'ForAnyValue:StringEquals', 'a', absent, 'fails'],
    ['ForAnyValue, an empty list', 'ForAnyValue:StringEquals', 'a', is([]), 'fails'],
    ['ForAnyValue, negated, one is another', 'ForAnyValue:StringNotEquals', 'a', ab, 'holds'],
    ['ForAnyValue, negated, all are it', 'ForAnyValue:StringNotEquals', ['a', 'b'], ab, 'fails'],
    ['ForAnyValue, negated, nothing sent', 'ForAnyValue:StringNotEquals', 'a', absent, 'fails'],
    ['ForAnyValue with IfExists', 'ForAnyValue:StringEqualsIfExists', 'a', absent, 'unsure'],
    ['ForAnyValue of one single value', 'ForAnyValue:StringEquals', 'a', is('a'), 'holds'],
  ]);
  const open = atLeast('a');
  check([
    ['open: one of those known fits any', 'ForAnyValue:StringEquals', 'a', open, 'holds'],
    ['open: another may fit any', 'ForAnyValue:StringEquals', 'b', open, 'unsure'],
    ['open: one known fails all', 'ForAllValues:StringEquals', 'b', open, 'fails'],
    ['open: another may fail all', 'ForAllValues:StringEquals', 'a', open, 'unsure'],
    ['open: whatever is sent fits all', 'ForAllValues:StringLike', '*', open, 'holds'],
    ['a list by shape, within', 'ForAllValues:StringLike', 'a*', manyLike('ab*'), 'holds'],
    ['a list by shape, apart', 'ForAnyValue:StringLike', 'b*', manyLike('ab*'), 'fails'],
    ['a list by shape, meeting', 'ForAnyValue:StringLike', 'ab*', manyLike('a*'), 'unsure'],
    [
      'a list by two shapes, one within',
      'ForAllValues:StringLike',
      'a*',
      manyLike('a*', 'b*'),
      'unsure',
    ],
  ]);
});

describe('variables', () => {
  const rows: [name: string, condition: Json, context: Context, outcome: Outcome][] = [
    [
      'a variable is its key’s value',
      { StringEquals: { a: '${b}' } },
      { a: is('1'), b: is('1') },
      'allowed',
    ],
    [
      'a variable of another value',
      { StringEquals: { a: '${b}' } },
      { a: is('1'), b: is('2') },
      'denied',
    ],
    [
      'a variable within text',
      { StringLike: { a: 'x/${b}/*' } },
      { a: is('x/1/y'), b: is('1') },
      'allowed',
    ],
    [
      'two variables',
      { StringEquals: { a: '${b}-${c}' } },
      { a: is('1-2'), b: is('1'), c: is('2') },
      'allowed',
    ],
    [
      'a variable in another casing',
      { StringEquals: { a: '${X:B}' } },
      { a: is('1'), 'x:b': is('1') },
      'allowed',
    ],
    [
      'a star from a variable is a star',
      { StringLike: { a: '${b}' } },
      { a: is('1'), b: is('*') },
      'denied',
    ],
    [
      'a star beside a variable is a wildcard',
      { StringLike: { a: '${b}*' } },
      { a: is('12'), b: is('1') },
      'allowed',
    ],
    ['${*} is a star', { StringLike: { a: 'x${*}' } }, { a: is('x*') }, 'allowed'],
    ['${*} is no wildcard', { StringLike: { a: 'x${*}' } }, { a: is('xy') }, 'denied'],
    ['${?} is a question mark', { StringLike: { a: 'x${?}' } }, { a: is('x?') }, 'allowed'],
    ['${?} is no wildcard', { StringLike: { a: 'x${?}' } }, { a: is('xy') }, 'denied'],
    [
      '${$} is a dollar',
      { StringEquals: { a: '${$}{b}' } },
      { a: is('${b}'), b: is('1') },
      'allowed',
    ],
    [
      'a default where nothing is sent',
      { StringEquals: { a: "${b, '1'}" } },
      { a: is('1'), b: absent },
      'allowed',
    ],
    [
      'no default where something is',
      { StringEquals: { a: "${b, '1'}" } },
      { a: is('1'), b: is('2') },
      'denied',
    ],
    ['an empty default', { StringEquals: { a: "x${b,''}" } }, { a: is('x'), b: absent }, 'allowed'],
    [
      'a default, presence not known',
      { StringEquals: { a: "${b, '1'}" } },
      { a: is('1'), b: unknown },
      'unsure',
    ],
    [
      'a default that fits, or the same value',
      { StringEquals: { a: "${b, '1'}" } },
      { a: is('1'), b: maybe('1') },
      'allowed',
    ],
    [
      'nothing sent for a negated operator',
      { StringNotEquals: { a: '${b}' } },
      { a: is('1'), b: absent },
      'allowed',
    ],
    [
      'a variable of a list',
      { StringEquals: { a: '${b}' } },
      { a: is('1'), b: is(['1', '2']) },
      'unsure',
    ],
    [
      'a variable known by shape',
      { StringEquals: { a: '${b}' } },
      { a: is('x1'), b: oneLike('x*') },
      'unsure',
    ],
    [
      'a shape that can never be it',
      { StringEquals: { a: '${b}' } },
      { a: is('y1'), b: oneLike('x*') },
      'denied',
    ],
    [
      'a variable in an ARN',
      { ArnLike: { a: 'arn:aws:s3:::${b}/*' } },
      { a: is('arn:aws:s3:::c/d'), b: is('c') },
      'allowed',
    ],
    [
      'a variable for a number',
      { NumericEquals: { a: '${b}' } },
      { a: is('1'), b: is('1') },
      'unsure',
    ],
    [
      'a default in other quotes, which may be anything',
      { StringEquals: { a: '${b, "1"}' } },
      { a: is('1'), b: is('1') },
      'unsure',
    ],
    [
      'a brace that is never closed',
      { StringEquals: { a: '${b' } },
      { a: is('${b'), b: is('1') },
      'unsure',
    ],
  ];
  for (const [name, Condition, context, outcome] of rows)
    it(`${name}: ${outcome}`, () => {
      expect(ask([{ ...grant, Condition }], context).outcome).toBe(outcome);
    });

  const versions: [version: string | undefined, outcome: Outcome][] = [
    ['2012-10-17', 'allowed'],
    ['2008-10-17', 'denied'],
    [undefined, 'denied'],
    ['2013-01-01', 'unsure'],
  ];
  it.each(versions)('in Version %s the answer is %s', (Version, outcome) => {
    const Statement = { ...grant, Condition: { StringEquals: { a: '${b}' } } };
    const asked = { ...request, context: { a: is('1'), b: is('1') } };
    expect(decisionOf(compilePolicy({ Version, Statement }), asked).outcome).toBe(outcome);
  });

  it('in Version 2008-10-17 the text of a variable is text', () => {
    const Statement = { ...grant, Condition: { StringEquals: { a: '${b}' } } };
    const asked = { ...request, context: { a: is('${b}') } };
    expect(decisionOf(compilePolicy({ Version: '2008-10-17', Statement }), asked).outcome).toBe(
      'allowed',
    );
  });
});

describe('decided, because AWS documents the answer', () => {
  const to = (name: string) => ({ Service: name });
  const without2012 = { Version: '2008-10-17' };
  const absentVariable = { a: is('1'), b: absent };
  const rows: [sentence: string, statement: Json, context: Context, outcome: Outcome][] = [
    [
      'a wildcard inside the name of a service matches nobody',
      { Principal: to('delivery.*.amazonaws.com') },
      {},
      'denied',
    ],
    [
      'a question mark inside the name of a service matches nobody',
      { Principal: to('delivery.log?.amazonaws.com') },
      {},
      'denied',
    ],
    [
      'a star behind the name of a service matches nobody',
      { Principal: to('delivery.logs.*') },
      {},
      'denied',
    ],
    [
      'the exact name beside a wildcard matches',
      { Principal: { Service: ['delivery.*.amazonaws.com', service] } },
      {},
      'allowed',
    ],
    ['a star alone for a service is not documented', { Principal: to('*') }, {}, 'unsure'],
    [
      'a variable whose key is absent makes a positive comparison false',
      { Condition: { StringEquals: { a: '${b}' } } },
      absentVariable,
      'denied',
    ],
    [
      'a variable whose key is absent makes a negated comparison true',
      { Condition: { StringNotEquals: { a: '${b}' } } },
      absentVariable,
      'allowed',
    ],
    [
      'a variable whose key is absent matches no pattern',
      { Condition: { StringLike: { a: '*${b}' } } },
      absentVariable,
      'denied',
    ],
    [
      'a variable whose key is absent matches no ARN',
      { Condition: { ArnLike: { a: 'arn:aws:s3:::${b}' } } },
      { a: is('arn:aws:s3:::x'), b: absent },
      'denied',
    ],
    [
      'a variable whose key is absent, beside the right value, leaves the right value',
      { Condition: { StringEquals: { a: ['${b}', '1'] } } },
      absentVariable,
      'allowed',
    ],
    [
      'a variable whose key is perhaps absent is not decided',
      { Condition: { StringNotEquals: { a: '${b}' } } },
      { a: is('1'), b: maybe('1') },
      'unsure',
    ],
  ];
  for (const [sentence, changed, context, outcome] of rows)
    it(`${sentence}: ${outcome}`, () => {
      expect(ask([{ ...grant, ...changed }], context).outcome).toBe(outcome);
    });

  it('a Deny for all but a wildcard of services denies every service', () => {
    const NotPrincipal = { Service: 'delivery.*.amazonaws.com' };
    const guard = { ...without(deny, 'Principal'), NotPrincipal };
    expect(ask([grant, guard]).outcome).toBe('denied');
  });

  const texts: [sentence: string, statement: Json, context: Context, outcome: Outcome][] = [
    [
      'the text of a variable matches the same text',
      { Condition: { StringEquals: { a: '${b}' } } },
      { a: is('${b}'), b: is('1') },
      'allowed',
    ],
    [
      'the text of a variable does not match the value of its key',
      { Condition: { StringEquals: { a: '${b}' } } },
      { a: is('1'), b: is('1') },
      'denied',
    ],
    [
      'negated, the text of a variable differs from the value of its key',
      { Condition: { StringNotEquals: { a: '${b}' } } },
      { a: is('1'), b: absent },
      'allowed',
    ],
    [
      'the text of a variable in an ARN matches no account',
      { Condition: { ArnLike: { a: 'arn:aws:logs:*:${b}:*' } } },
      { a: oneLike('arn:aws:logs:us-east-1:1:*'), b: is('1') },
      'denied',
    ],
    [
      'the text of a variable in a resource is no key',
      { Resource: 'arn:aws:kms:us-east-1:${b}:key/*' },
      { b: is('444455556666') },
      'denied',
    ],
    [
      '${*} is a star between braces',
      { Condition: { StringLike: { a: '${*}' } } },
      { a: is('${anything}') },
      'allowed',
    ],
  ];
  for (const version of [without2012, {}])
    for (const [sentence, changed, context, outcome] of texts)
      it(`in Version ${version === without2012 ? '2008-10-17' : 'of none'}, ${sentence}: ${outcome}`, () => {
        const Statement = [{ ...grant, ...changed }];
        const asked = { ...request, context };
        expect(decisionOf(compilePolicy({ ...version, Statement }), asked).outcome).toBe(outcome);
      });
});

describe('a list without a set operator is never decided', () => {
  const lists: [name: string, sent: Known][] = [
    ['two values', is(['a', 'b'])],
    ['one value', is(['a'])],
    ['an empty list', is([])],
    ['an open list', atLeast('a')],
    ['a list by shape', manyLike('a*')],
  ];
  const wants: [operator: string, wants: unknown][] = [
    ['StringEquals', 'a'],
    ['StringEquals', []],
    ['StringEquals', ['a', 'b']],
    ['StringNotEquals', 'c'],
    ['StringNotEquals', []],
    ['StringLike', '*'],
    ['StringNotLike', '*'],
    ['StringLikeIfExists', '*'],
    ['StringEqualsIgnoreCase', 'A'],
  ];
  check(
    lists.flatMap(([name, sent]) =>
      wants.map(([operator, wanted]): Row => [
        `${operator} ${JSON.stringify(wanted)}, ${name}`,
        operator,
        wanted,
        sent,
        'unsure',
      ]),
    ),
  );
});

describe('a statement with one thing changed', () => {
  const someRole = 'arn:aws:iam::444455556666:role/x';
  const rows: [name: string, statement: Json, outcome: Outcome][] = [
    ['nothing changed', {}, 'allowed'],
    ['{"AWS": ["*"]} covers services', { Principal: { AWS: ['*'] } }, 'allowed'],
    ['a star among ARNs covers services', { Principal: { AWS: [someRole, '*'] } }, 'allowed'],
    ['a list of services', { Principal: { Service: ['x.amazonaws.com', service] } }, 'allowed'],
    ['an account id is no service', { Principal: { AWS: '444455556666' } }, 'denied'],
    ['a deleted principal is no service', { Principal: { AWS: 'AROAEXAMPLEID' } }, 'denied'],
    ['the service named as an ARN type', { Principal: { AWS: service } }, 'denied'],
    ['a service in another casing', { Principal: { Service: service.toUpperCase() } }, 'denied'],
    ['a service with a suffix', { Principal: { Service: `${service}.cn` } }, 'denied'],
    ['a wildcard within a service', { Principal: { Service: '*.amazonaws.com' } }, 'denied'],
    ['many wildcards for a service', { Principal: { Service: '*'.repeat(8000) } }, 'unsure'],
    ['a wildcard of other services', { Principal: { Service: 's3.*' } }, 'denied'],
    ['a canonical user', { Principal: { CanonicalUser: '79a5' } }, 'denied'],
    ['a kind of principal not known', { Principal: { Robot: 'x' } }, 'unsure'],
    ['no one', { Principal: {} }, 'denied'],
    ['an empty list of services', { Principal: { Service: [] } }, 'denied'],
    ['a principal that is null', { Principal: null }, 'unsure'],
    ['an empty list of actions', { Action: [] }, 'denied'],
    ['an action in another casing', { Action: 'KMS:DECRYPT' }, 'allowed'],
    ['an action that is an object', { Action: {} }, 'unsure'],
    ['a wildcard before the colon', { Action: 'k*pt' }, 'allowed'],
    ['this key by its ARN', { Resource: thisKey }, 'allowed'],
    [
      'one of two keys',
      { Resource: ['arn:aws:kms:us-east-1:444455556666:key/x', thisKey] },
      'allowed',
    ],
    ['an empty list of resources', { Resource: [] }, 'denied'],
    ['a resource in another casing', { Resource: thisKey.toUpperCase() }, 'denied'],
    ['a star across fields', { Resource: 'arn:aws:kms:*:key/1234abcd' }, 'unsure'],
    ['a resource that is a number', { Resource: 5 }, 'unsure'],
    ['a Condition that is empty', { Condition: {} }, 'allowed'],
    ['a Condition that is null', { Condition: null }, 'unsure'],
    ['a Condition that is a list', { Condition: [] }, 'unsure'],
    ['an operator without a block', { Condition: { StringEquals: 'x' } }, 'unsure'],
    ['an operator not known', { Condition: { StringMatches: { a: 'x' } } }, 'unsure'],
    ['an operator in another casing', { Condition: { stringequals: { a: 'x' } } }, 'unsure'],
    [
      'a qualifier not known',
      { Condition: { 'ForSomeValues:StringEquals': { a: 'x' } } },
      'unsure',
    ],
    ['an operator named like a method', { Condition: { constructor: { a: 'x' } } }, 'unsure'],
    ['a value that is an object', { Condition: { StringEquals: { a: { b: 'x' } } } }, 'unsure'],
    ['a value that is null', { Condition: { StringEquals: { a: [null] } } }, 'unsure'],
    ['an Effect in another casing', { Effect: 'allow' }, 'unsure'],
    ['an element that AWS does not have', { Comment: 'x' }, 'unsure'],
    ['both Principal and NotPrincipal', { NotPrincipal: '*' }, 'unsure'],
    ['both Action and NotAction', { NotAction: '*' }, 'unsure'],
    ['both Resource and NotResource', { NotResource: '*' }, 'unsure'],
  ];
  it.each(rows)('%s', (_, change, outcome) => {
    expect(ask([{ ...grant, ...change }]).outcome).toBe(outcome);
  });

  const missing: [name: string, allow: Outcome, forbid: Outcome][] = [
    ['Principal', 'denied', 'allowed'],
    ['Action', 'denied', 'allowed'],
    ['Resource', 'denied', 'allowed'],
    ['Effect', 'unsure', 'unsure'],
  ];
  it.each(missing)('without %s a grant is %s, and a deny leaves it %s', (name, allow, forbid) => {
    expect(ask([without(grant, name)]).outcome).toBe(allow);
    expect(ask([grant, without(deny, name)]).outcome).toBe(forbid);
  });

  type Negation = [name: string, value: unknown, allow: Outcome, forbid: Outcome];
  const negations: Negation[] = [
    ['NotPrincipal', { AWS: someRole }, 'unsure', 'denied'],
    ['NotPrincipal', { AWS: [someRole, '444455556666'] }, 'unsure', 'denied'],
    ['NotPrincipal', { Service: 'x.amazonaws.com' }, 'unsure', 'denied'],
    ['NotPrincipal', { Service: [service] }, 'denied', 'allowed'],
    ['NotPrincipal', { AWS: someRole, Service: service }, 'denied', 'allowed'],
    ['NotPrincipal', '*', 'denied', 'allowed'],
    ['NotPrincipal', { AWS: '*' }, 'denied', 'allowed'],
    ['NotPrincipal', { Service: '*' }, 'unsure', 'unsure'],
    ['NotPrincipal', {}, 'unsure', 'denied'],
    ['NotAction', 'kms:Encrypt', 'allowed', 'denied'],
    ['NotAction', ['kms:Encrypt', 'KMS:d*'], 'denied', 'allowed'],
    ['NotAction', [], 'allowed', 'denied'],
    ['NotResource', 'arn:aws:kms:us-east-1:444455556666:key/x', 'unsure', 'denied'],
    ['NotResource', '*', 'denied', 'allowed'],
    ['NotResource', 'arn:aws:kms:*:key/1234abcd', 'unsure', 'unsure'],
    ['NotResource', [], 'unsure', 'denied'],
  ];
  for (const [name, value, allow, forbid] of negations)
    it(`${name} ${JSON.stringify(value)}: a grant is ${allow}, a deny leaves it ${forbid}`, () => {
      const positive = name.replace('Not', '');
      expect(ask([{ ...without(grant, positive), [name]: value }]).outcome).toBe(allow);
      expect(ask([grant, { ...without(deny, positive), [name]: value }]).outcome).toBe(forbid);
    });
});

describe('resources', () => {
  const inAccount = 'arn:aws:kms:us-east-1:${x:account}:key/*';
  const shape = 'arn:aws:kms:us-east-1:444455556666:key/*';
  const other = 'arn:aws:kms:us-east-1:444455556666:alias/x';
  const rows: [name: string, Resource: unknown, sent: Known, context: Context, outcome: Outcome][] =
    [
      [
        'a variable that fits',
        inAccount,
        is(thisKey),
        { 'x:account': is('444455556666') },
        'allowed',
      ],
      ['a variable that differs', inAccount, is(thisKey), { 'x:account': is('1') }, 'denied'],
      ['a variable of nothing', inAccount, is(thisKey), { 'x:account': absent }, 'denied'],
      ['a variable not known', inAccount, is(thisKey), {}, 'unsure'],
      ['a variable not known, of another key', inAccount, is(other), {}, 'denied'],
      ['a star from a variable', '${x:all}', is(thisKey), { 'x:all': is('*') }, 'denied'],
      ['a resource known by shape, within', 'arn:aws:kms:*:*:key/*', oneLike(shape), {}, 'allowed'],
      ['a resource known by shape, meeting', thisKey, oneLike(shape), {}, 'unsure'],
      ['a resource known by shape, apart', other, oneLike(shape), {}, 'denied'],
      ['a resource known by two shapes', [shape, other], oneLike(shape, other), {}, 'allowed'],
      ['a resource not known, any wanted', '*', unknown, {}, 'allowed'],
      ['a resource not known, one wanted', thisKey, unknown, {}, 'unsure'],
    ];
  for (const [name, Resource, resource, context, outcome] of rows)
    it(`${name}: ${outcome}`, () => {
      const asked = { ...request, resource, context };
      expect(decisionOf(read({ ...grant, Resource }), asked).outcome).toBe(outcome);
    });
});

describe('several conditions and statements', () => {
  const on = (Condition: Json) => ({ ...grant, Condition });
  const rows: [name: string, statements: unknown[], context: Context, outcome: Outcome][] = [
    [
      'keys of one operator are ANDed',
      [on({ StringEquals: { a: '1', b: '2' } })],
      { a: is('1'), b: is('1') },
      'denied',
    ],
    [
      'operators are ANDed',
      [on({ StringLike: { a: '1' }, Null: { a: 'true' } })],
      { a: is('1') },
      'denied',
    ],
    [
      'one key in two casings is two conditions',
      [on({ StringEquals: { a: '1', A: '2' } })],
      { a: is('1') },
      'denied',
    ],
    [
      'two casings that both hold',
      [on({ StringLike: { 'x:A': '1', 'X:a': '*' } })],
      { 'x:a': is('1') },
      'allowed',
    ],
    [
      'a false condition beside an unsure one',
      [on({ StringEquals: { a: '1', b: '2' } })],
      { b: is('1') },
      'denied',
    ],
    ['a key named like a method', [on({ StringEquals: { toString: '1' } })], {}, 'unsure'],
    [
      'a name ending in a star covers those below',
      [on({ Null: { 'x:tag/a': 'true' } })],
      { 'x:tag/*': absent },
      'allowed',
    ],
    [
      'the longest such name counts',
      [on({ Null: { 'x:tag/a': 'true' } })],
      { 'x:*': is('1'), 'x:tag/*': absent },
      'allowed',
    ],
    [
      'a whole name counts before it',
      [on({ Null: { 'x:tag/a': 'true' } })],
      { 'x:tag/*': absent, 'x:tag/a': is('1') },
      'denied',
    ],
    ['no statement', [], {}, 'denied'],
    ['a statement that is none, alone', [null], {}, 'unsure'],
    ['a statement that is none, beside a grant', [grant, 'x'], {}, 'unsure'],
    ['a statement that is none, beside a deny', [deny, 5], {}, 'denied'],
    [
      'an unreadable effect that cannot match',
      [grant, { ...grant, Effect: 'No', Action: 'a' }],
      {},
      'allowed',
    ],
    [
      'an unsure deny beside a grant',
      [grant, { ...deny, Condition: { Null: { a: 'true' } } }],
      {},
      'unsure',
    ],
    [
      'an unsure deny without a grant',
      [{ ...deny, Condition: { Null: { a: 'true' } } }],
      {},
      'denied',
    ],
    ['an unsure grant beside a sure one', [on({ Null: { a: 'true' } }), grant], {}, 'allowed'],
    [
      'either way of a key that is perhaps sent',
      [on({ Null: { a: 'true' } }), on({ StringEquals: { a: '1' } })],
      { a: maybe('1') },
      'allowed',
    ],
    [
      'either of two shapes',
      [on({ StringLike: { a: 'x*' } }), on({ StringLike: { a: 'y*' } })],
      { a: oneLike('x*', 'y*') },
      'allowed',
    ],
    [
      'a list of two shapes may mix them',
      [
        on({ 'ForAllValues:StringLike': { a: 'x*' } }),
        on({ 'ForAllValues:StringLike': { a: 'y*' } }),
      ],
      { a: manyLike('x*', 'y*') },
      'unsure',
    ],
    [
      'a key whose own name ends in a star says nothing of those below',
      [on({ Null: { 'x:tag/*': 'true' } }), on({ StringEquals: { 'x:tag/a': '1' } })],
      { 'x:tag/*': maybe('1') },
      'unsure',
    ],
  ];
  for (const [name, statements, context, outcome] of rows)
    it(`${name}: ${outcome}`, () => {
      expect(ask(statements, context).outcome).toBe(outcome);
    });
});

describe('what is no policy', () => {
  const rows: [name: string, document: unknown, outcome: Outcome][] = [
    ['null', null, 'unsure'],
    ['a text', JSON.stringify({ Statement: grant }), 'unsure'],
    ['a list', [grant], 'unsure'],
    ['a number', 5, 'unsure'],
    ['an empty object', {}, 'unsure'],
    ['a Statement that is null', { Statement: null }, 'unsure'],
    ['a Statement within a list too many', { Statement: [[grant]] }, 'unsure'],
    ['a Version that is a number', { Version: 2012, Statement: grant }, 'unsure'],
    ['a Version that is null', { Version: null, Statement: grant }, 'unsure'],
    ['one statement without a list', { Statement: grant }, 'allowed'],
    ['an older Version', { Version: '2008-10-17', Statement: [grant] }, 'allowed'],
  ];
  it.each(rows)('%s', (_, document, outcome) => {
    expect(decisionOf(compilePolicy(document), request).outcome).toBe(outcome);
  });
});

describe('a decision carries what decided it', () => {
  const owner = (account: string, Sid: string) => ({
    ...grant,
    Sid,
    Condition: { StringEquals: { 'X:Owner': account } },
  });
  const guard = { ...deny, Sid: 'Guard' };
  const rows: [name: string, statements: unknown[], context: Context, decisive: number[]][] = [
    ['the Allow that applied', [owner('1', 'one'), owner('2', 'two')], { 'x:owner': is('2') }, [1]],
    ['each Allow that applied', [grant, owner('2', 'two')], { 'x:owner': is('2') }, [0, 1]],
    ['the Deny that applied, not the Allow', [grant, guard], {}, [1]],
    ['each Deny that applied', [guard, grant, guard], {}, [0, 2]],
    [
      'every Allow that did not apply',
      [owner('1', 'a'), owner('2', 'b')],
      { 'x:owner': is('3') },
      [0, 1],
    ],
    ['no statement where none allows', [], {}, []],
    ['the Allow that is unsure', [owner('1', 'a'), { ...grant, Action: 'a' }], {}, [0]],
    [
      'the Deny that is unsure, not the Allow',
      [grant, { ...owner('1', 'a'), Effect: 'Deny' }],
      {},
      [1],
    ],
    ['what cannot be read', [grant, null], {}, [1]],
  ];
  for (const [name, statements, context, decisive] of rows)
    it(name, () => {
      expect(decisiveIn(statements, context).map(({ index }) => index)).toEqual(decisive);
    });

  it('with its Sid, and every statement as it was met', () => {
    const statements = [owner('1', 'one'), { ...guard, Sid: '' }, guard];
    expect(decisiveIn(statements).map(({ sid }) => sid)).toEqual([undefined, 'Guard']);
    expect(ask(statements).applies).toEqual(['unsure', true, true]);
  });

  it('a condition says what it wants, what is sent and of which key', () => {
    const Condition = { ArnLike: { 'X:Source': ['arn:aws:s3:::a', 'arn:aws:s3:::${x:b}'] } };
    const elements = elementsIn([{ ...grant, Condition }], { 'x:source': oneLike('*') });
    expect(elements.map(({ element, holds }) => [element, holds])).toEqual([
      ['Principal', true],
      ['Action', true],
      ['Resource', true],
      ['Condition', 'unsure'],
    ]);
    expect(elements.at(-1)).toEqual({
      element: 'Condition',
      operator: 'ArnLike',
      key: 'X:Source',
      holds: 'unsure',
      wants: ['arn:aws:s3:::a', 'arn:aws:s3:::${x:b}'],
      sent: oneLike('*'),
      keys: ['X:Source', 'x:b'],
    });
  });

  it('an element says what it wants and what is sent', () => {
    const Principal = { AWS: ['1', '2'], Service: 'x.amazonaws.com' };
    const statement = { ...without(grant, 'Action'), Principal, NotAction: ['kms:Encrypt'] };
    expect(elementsIn([statement])).toEqual([
      {
        element: 'Principal',
        holds: false,
        wants: ['AWS: 1', 'AWS: 2', 'Service: x.amazonaws.com'],
        sent: present(service),
        keys: [],
      },
      {
        element: 'NotAction',
        holds: true,
        wants: ['kms:Encrypt'],
        sent: is('kms:Decrypt'),
        keys: [],
      },
      { element: 'Resource', holds: true, wants: ['*'], sent: is(thisKey), keys: [] },
    ]);
  });

  const unsettledBy: [name: string, statements: unknown[], context: Context, keys: string[]][] = [
    ['the key that is not known, in the policy’s own casing', [owner('1', 'a')], {}, ['X:Owner']],
    ['nothing of what is decided', [owner('1', 'a')], { 'x:owner': is('1') }, []],
    ['each key once', [owner('1', 'a'), owner('2', 'b')], {}, ['X:Owner']],
    [
      'the keys of the Deny where a grant is sure',
      [grant, { ...owner('1', 'a'), Effect: 'Deny' }],
      {},
      ['X:Owner'],
    ],
    [
      'a variable of a resource',
      [{ ...grant, Resource: 'arn:aws:kms:us-east-1:${x:a}:key/*' }],
      {},
      ['x:a'],
    ],
    [
      'not the key that is known',
      [{ ...grant, Condition: { StringEquals: { a: '1', b: '2' } } }],
      { a: is('1') },
      ['b'],
    ],
    [
      'not the key of a statement that cannot apply',
      [owner('1', 'a'), { ...grant, Action: 'x', Condition: { Null: { b: 'true' } } }],
      {},
      ['X:Owner'],
    ],
  ];
  for (const [name, statements, context, keys] of unsettledBy)
    it(`unsettled names ${name}`, () => {
      const asked = { ...request, context, budget: newBudget() };
      expect(unsettledKeys(decisiveIn(statements, context), asked)).toEqual(keys);
    });
});

describe('the budget of a decision', () => {
  const hard = (length: number, tail: (n: number) => string) =>
    Array.from({ length }, (_, n) => `*1${'?'.repeat(40)}${tail(n)}`);
  const shape = oneLike(`arn:aws:s3:::b/AWSLogs/1/vpcflowlogs/r/20??/*`);
  const on = (wants: unknown) => [{ ...grant, Condition: { StringLike: { 'x:key': wants } } }];

  it('is shared by all comparisons: what exceeds the budget is unsure', () => {
    const wants = hard(600, (n) => n.toString(36));
    const budget = newBudget();
    const asked = { ...request, context: { 'x:key': shape } };
    expect(decisionOf(read(...on(wants)), asked, budget).outcome).toBe('unsure');
    expect(budget.left).toBeGreaterThanOrEqual(0);
    expect(budget.left).toBeLessThan(STEPS_OF_A_DECISION / 2);
  });

  it('is shared by the cases of a decision: a step less than all cases need is too few', () => {
    const ends = ['*a', '*b'];
    const asked = { ...request, context: { 'x:key': oneLike(...ends) } };
    const decide = (budget: Budget) =>
      decisionOf(read(...ends.flatMap((each) => on(each))), asked, budget).outcome;
    const budget = newBudget();
    expect(decide(budget)).toBe('allowed');
    const spent = STEPS_OF_A_DECISION - budget.left;
    expect(decide({ left: Math.ceil(spent) })).toBe('allowed');
    expect(decide({ left: Math.floor(spent) - 1 })).toBe('unsure');
  });

  it('leaves comparisons of plain text exact', () => {
    const asked = { ...request, context: { 'x:key': is('a') } };
    expect(decisionOf(read(...on(['b', 'a'])), asked, { left: 100 }).outcome).toBe('allowed');
    expect(decisionOf(read(...on(['b', 'c'])), asked, { left: 100 }).outcome).toBe('denied');
  });

  it('is far above a real policy', () => {
    const patterns = Array.from({ length: 100 }, (_, n) => `arn:aws:s3:::b/AWSLogs/${n}/*/r/*`);
    const asked = { ...request, context: { 'x:key': shape } };
    const budget = newBudget();
    expect(decisionOf(read(...on(patterns)), asked, budget).outcome).toBe('allowed');
    expect(budget.left).toBeGreaterThan(STEPS_OF_A_DECISION / 2);
  });
});

describe('a policy as hard as it may be', () => {
  const on = (wants: unknown) => [{ ...grant, Condition: { StringLike: { 'x:key': wants } } }];
  const perhaps = Array.from({ length: 12 }, (_, index) => ({
    ...deny,
    Condition: { StringEquals: { [`x:tag/${index}`]: '1', 'x:key': '1' } },
  }));
  const rows: [name: string, statements: unknown[], context: Context][] = [
    ['a variable of 3,000 spaces', on('${' + ' '.repeat(3000) + '}'), {}],
    ['10,000 braces that are never closed', on('${'.repeat(10_000)), {}],
    ['wildcards by the thousand', on('*?a'.repeat(10_000)), { 'x:key': oneLike('arn:*:*:*') }],
    ['a pattern with very many readings', on(`*a${'?'.repeat(40)}`), { 'x:key': oneLike('*') }],
    ['twelve keys that are perhaps sent', [grant, ...perhaps], { 'x:tag/*': maybe('1') }],
  ];
  it.each(rows)('%s takes less than a second', (_, statements, context) => {
    const start = performance.now();
    ask(statements, context);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
