import fc from 'fast-check';
import { canonical } from '../../rule/policy/canonical.ts';
import { account, archive, grant, policy } from '../world.ts';
import { keyPolicies } from './key-policies.ts';
import { chance, doubled, listed, rewritten, shuffled, unlisted, type Chance } from './random.ts';

/** The principals of accounts written the other way: an account id for the ARN of its root, and back. */
const otherRoots = (whole: unknown): unknown => {
  const other = (name: unknown): unknown =>
    typeof name !== 'string'
      ? name
      : /^\d{12}$/.test(name)
        ? `arn:aws:iam::${name}:root`
        : name.replace(/^arn:aws:iam::(\d{12}):root$/, '$1');
  return rewritten(whole, (value, name) =>
    name !== 'AWS' ? value : Array.isArray(value) ? value.map(other) : other(value),
  );
};

/** A statement alone for a list of one, and back. */
const alone = (whole: unknown): unknown => {
  const { Statement, ...others } = whole as { Statement: unknown };
  return Array.isArray(Statement)
    ? { ...others, Statement: Statement.length === 1 ? (Statement[0] as unknown) : Statement }
    : { ...others, Statement: [Statement] };
};

describe('a policy is the same', () => {
  it.each<[string, (whole: unknown, choose: Chance) => unknown]>([
    ['in whatever order its statements, values and names are', shuffled],
    ['with a list of one for each value alone', listed],
    ['with a value alone for each list of one', unlisted],
    ['with a statement alone for a list of one, or a list of one for it', alone],
    ['with everything in its lists twice', doubled],
    ['with account ids for root ARNs and root ARNs for account ids', otherRoots],
    ['as text and read again', (whole) => JSON.parse(JSON.stringify(whole)) as unknown],
  ])('%s', (_, rewrite) => {
    fc.assert(
      fc.property(keyPolicies, fc.integer(), (before, seed) => {
        expect(canonical(rewrite(before, chance(seed)))).toBe(canonical(before));
      }),
      { numRuns: 500 },
    );
  });
});

type Path = readonly (string | number)[];

/** Where the texts of a policy are. */
const textsIn = (value: unknown, path: Path = []): readonly { path: Path; text: string }[] => {
  if (Array.isArray(value)) return value.flatMap((each, at) => textsIn(each, [...path, at]));
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? [{ path, text: value }] : [];
  return Object.entries(value).flatMap(([name, each]) => textsIn(each, [...path, name]));
};

/** The JSON with another text in one place. */
const withText = (value: unknown, [first, ...rest]: Path, text: string): unknown => {
  if (first === undefined) return text;
  if (Array.isArray(value))
    return value.with(Number(first), withText(value[Number(first)], rest, text));
  const object = value as Readonly<Record<string, unknown>>;
  return { ...object, [first]: withText(object[first], rest, text) };
};

/** Every statement under a name of its own and every value of a list once: what is changed does not stand elsewhere too. */
const distinct = (whole: { readonly Statement: unknown }): unknown => {
  const once = rewritten(whole, (value) =>
    Array.isArray(value) && value.every((each) => typeof each !== 'object')
      ? [...new Map(value.map((each) => [String(each), each as unknown])).values()]
      : value,
  ) as { readonly Statement: unknown };
  const { Statement } = once;
  const named = (each: unknown, at: number): unknown =>
    typeof each === 'object' && !Array.isArray(each)
      ? { ...each, Sid: `statement ${at}` }
      : `statement ${at}`;
  return { ...once, Statement: Array.isArray(Statement) ? Statement.map(named) : Statement };
};

describe('a policy is another', () => {
  it('with one text of it changed', () => {
    const edits: ((text: string, others: readonly string[], choose: Chance) => string)[] = [
      (text) => `${text} `,
      (text) => text.slice(1),
      (text) => text.toUpperCase(),
      (text) => `${text}","${text}`,
      (text) => text.replace(account, archive),
      (_, others, choose) => choose(others),
    ];
    fc.assert(
      fc.property(keyPolicies, fc.integer(), fc.constantFrom(...edits), (random, seed, edit) => {
        const choose = chance(seed);
        const before = distinct(random);
        const texts = textsIn(before);
        fc.pre(texts.length > 0);
        const { path, text } = choose(texts);
        const changed = edit(
          text,
          texts.map((each) => each.text),
          choose,
        );
        fc.pre(changed !== text && !sameAccount(changed, text));
        expect(canonical(withText(before, path, changed))).not.toBe(canonical(before));
      }),
      { numRuns: 5000 },
    );
  });

  const whole = policy(grant).document;
  const [root] = whole.Statement;
  const withGrant = (changed: object) => policy({ ...grant, ...changed }).document;
  const withValue = (value: string) =>
    withGrant({ Condition: { ArnEquals: { 'aws:PrincipalArn': value } } });
  const { StringEquals, ArnLike } = grant.Condition;
  const rootArn = `arn:aws:iam::${account}:root`;

  it.each<[string, unknown, unknown]>([
    ['with a statement more', whole, policy(grant, { ...grant, Sid: 'Again' }).document],
    ['with a statement less', whole, policy().document],
    ['with no statement', whole, { ...whole, Statement: [] }],
    ['with another version', whole, { ...whole, Version: '2008-10-17' }],
    ['without a version', whole, { Statement: whole.Statement }],
    ['with an id', whole, { ...whole, Id: 'key-policy' }],
    ['with an action more', whole, withGrant({ Action: [...grant.Action, 'kms:CreateGrant'] })],
    ['with an empty list for a value', whole, withGrant({ Action: [] })],
    ['with a list in a list', withGrant({ Action: 'a' }), withGrant({ Action: [['a']] })],
    [
      'with two texts for one that joins them',
      withGrant({ Action: 'a,b' }),
      withGrant({ Action: ['a', 'b'] }),
    ],
    ['with an element less', whole, withGrant({ Condition: undefined, Resource: undefined })],
    ['with a condition less', whole, withGrant({ Condition: { StringEquals } })],
    [
      'with an empty condition',
      withGrant({ Condition: {} }),
      withGrant({ Condition: { StringEquals: {} } }),
    ],
    [
      'with another operator',
      whole,
      withGrant({ Condition: { StringLike: StringEquals, ArnLike } }),
    ],
    [
      'with one list of values for two conditions',
      withGrant({ Condition: { StringLike: { a: '1', b: '2' } } }),
      withGrant({ Condition: { StringLike: { a: ['1', '2'] } } }),
    ],
    [
      'with values of two conditions swapped',
      withGrant({ Condition: { StringLike: { a: '1', b: '2' } } }),
      withGrant({ Condition: { StringLike: { a: '2', b: '1' } } }),
    ],
    [
      'with NotAction for Action',
      { Statement: { Action: 'a' } },
      { Statement: { NotAction: 'a' } },
    ],
    [
      'with another type of principal',
      withGrant({ Principal: { AWS: 'a' } }),
      withGrant({ Principal: { Service: 'a' } }),
    ],
    [
      'with another account’s root',
      withGrant({ Principal: { AWS: rootArn } }),
      withGrant({ Principal: { AWS: archive } }),
    ],
    [
      'with a role for the account',
      withGrant({ Principal: { AWS: account } }),
      withGrant({ Principal: { AWS: `arn:aws:iam::${account}:role/root` } }),
    ],
    ['with an account id for a root ARN in a condition', withValue(rootArn), withValue(account)],
    ['that is no policy', {}, []],
    ['that is a statement of it', whole, root],
  ])('%s', (_, one, other) => {
    expect(canonical(one)).not.toBe(canonical(other));
  });
});

/** Two ways to write one account. */
const sameAccount = (one: string, other: string): boolean =>
  [one, other].some((text) => [one, other].includes(`arn:aws:iam::${text}:root`));
