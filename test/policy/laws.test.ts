import fc from 'fast-check';
import { arnGlob, glob, literal } from '../../rule/policy/glob.ts';
import { newBudget } from '../../rule/policy/budget.ts';
import { coversCharacters } from '../../rule/policy/covers.ts';
import { coversSimply } from '../../rule/policy/covers-simply.ts';
import { match } from '../../rule/policy/match.ts';
import type { Context, Layer } from '../../rule/policy/context.ts';
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
import { operators } from '../../rule/policy/operators.ts';
import { compilePolicy, decisionOf, decisiveOf } from '../../rule/policy/policy.ts';
import type { Request } from '../../rule/policy/request.ts';
import { elementsOf } from '../../rule/policy/statement.ts';
import {
  about,
  chance,
  conditionsOf,
  doubled,
  listed,
  pick,
  rewritten,
  shuffled,
  statementsWith,
  times,
  unlisted,
  versions,
  type Chance,
  type Condition,
  type Family,
  type Json,
} from './random.ts';

type Outcome = Decision['outcome'];

const service = 'delivery.logs.amazonaws.com';
const action = 'kms:Decrypt';
const resources = ['arn:p:kms:r:1:key/a', 'arn:p:kms:r:1:key/b'];

/** The operators of the reader with such a name. */
const operatorsLike = (name: RegExp): readonly string[] =>
  [...operators.keys()].filter((each) => name.test(each));

const families: readonly Family[] = [
  {
    keys: ['x:text', 'X:Text', 'x:tag/a', 'x:tag/b'],
    operators: operatorsLike(/^(String|Binary)/),
    values: ['', 'a', 'A', 'ab', 'b:a', '*'],
    globs: ['*', 'a*', '?', '*b', 'a?', '*:*'],
  },
  {
    keys: ['x:arn'],
    operators: operatorsLike(/^(Arn|String(Not)?Like$)/),
    values: [
      'arn:p:s:r:1:t/a',
      'arn:p:s:r:1:t/a:b',
      'arn:p:s:r:2:t/a',
      'arn:p:s:q:r:1:t/a',
      'arn:p:s',
    ],
    globs: ['arn:p:s:r:1:*', 'arn:*:s:*:1:t/*', 'arn:p:s:?:1:t/a', 'arn:p:s:*', 'arn:*:*:*:*:*'],
  },
  {
    keys: ['x:number'],
    operators: operatorsLike(/^Numeric/),
    values: ['-1', '1', '1.0', '2', 2, '1e3'],
    globs: ['1*', '?'],
  },
  {
    keys: ['x:date'],
    operators: operatorsLike(/^Date/),
    values: [
      '2026-01-01',
      '2026-01-01T00:00:00Z',
      '2026-06-01T00:00:00+01:00',
      '1767225600',
      '2026',
    ],
    globs: ['2026-*'],
  },
  {
    keys: ['x:ip'],
    operators: operatorsLike(/IpAddress$/),
    values: [
      '192.0.2.1',
      '198.51.100.1',
      '2001:db8::1',
      '192.0.2.0/24',
      '2001:DB8::/32',
      '0.0.0.0/0',
    ],
    globs: ['192.0.2.*', '2001:*'],
  },
  {
    keys: ['x:flag'],
    operators: operatorsLike(/^(Bool|StringEquals|StringNotEqualsIgnoreCase)$/),
    values: ['true', 'false', 'True', true, 'no'],
    globs: ['t*', '?????'],
  },
];
const tags = ['x:tag/a', 'x:tag/b'];
const starred = 'x:tag/*';
const everyKey = [...new Set(families.flatMap(({ keys }) => keys)), starred];
const everyOperator = families.flatMap(({ operators }) => operators);
const everyValue = families.flatMap(({ values }) => values);
const everyGlob = families.flatMap(({ globs }) => globs);
const variables = [
  '${x:text}',
  'a${x:tag/a}',
  "${x:text, 'a'}",
  '${X:ARN}',
  "${x:tag/b,''}b",
  '${*}',
  '${?}',
  '${$}',
].concat(['${x:number}', '${}', '${x:text']);

// Policies and contexts

const aboutAnything: Condition = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(...families.map((family) => about(family, variables))) },
  about(
    { keys: everyKey, operators: everyOperator, values: everyValue, globs: everyGlob },
    variables,
  ),
  fc.tuple(pick('StringMatches', 'NullIfExists'), pick(...everyKey), pick('a')),
);

const statementOf = (
  effects: fc.Arbitrary<string>,
  conditions: fc.Arbitrary<Json>,
): fc.Arbitrary<Json> =>
  statementsWith({
    effects,
    conditions,
    principals: {
      usual: ['*'],
      rare: [
        { Service: service },
        { AWS: ['*'] },
        { Service: ['x.amazonaws.com', '*'] },
        { AWS: '1' },
      ],
    },
    actions: {
      usual: ['kms:*'],
      rare: [action, ['kms:Encrypt', 'KMS:dec*'], 'kms:Encrypt', []],
    },
    resources: {
      usual: ['*'],
      rare: [
        resources,
        resources[0],
        'arn:p:kms:*:1:key/${x:text}',
        'arn:p:kms',
        'arn:*:key/a',
        [],
      ],
    },
  });

const effects = pick('Allow', 'Allow', 'Allow', 'Allow', 'Deny', 'Deny', 'Deny', 'Permit');
interface Policy {
  readonly Statement: readonly Json[];
}
const policyOf = (condition: Condition): fc.Arbitrary<Policy> =>
  fc
    .tuple(
      versions,
      fc.array(statementOf(effects, conditionsOf(condition)), { minLength: 1, maxLength: 3 }),
    )
    .map(([version, Statement]) => ({ ...version, Statement }));

/** What can be known of a key, by kind. */
const kinds = (values: readonly (string | number | boolean)[], globs: readonly string[]) => {
  const value = pick(...values);
  const list = fc.array(value, { minLength: 1, maxLength: 2 });
  const shapes = fc.array(pick(...globs), { minLength: 1, maxLength: 2 });
  return {
    value: value.map(present),
    list: list.map(present),
    open: fc.array(value, { maxLength: 2 }).map((some) => atLeast(...some)),
    like: shapes.map((some) => oneLike(...some)),
    many: shapes.map((some) => manyLike(...some)),
    maybe: fc.oneof(value, list).map(maybe),
    maybeOutside: fc
      .array(pick(...globs, ...values.map(String)), { maxLength: 2 })
      .map((some) => maybeOutside(...some)),
    absent: pick(absent),
    unknown: pick(unknownValue),
  };
};
type Kind = keyof ReturnType<typeof kinds>;
const allKinds: readonly Kind[] = [
  'value',
  'list',
  'open',
  'like',
  'many',
  'maybe',
  'maybeOutside',
  'absent',
  'unknown',
];

const contextOf = (which: readonly Kind[], among: readonly Family[]): fc.Arbitrary<Layer> => {
  const entries = among.flatMap(({ keys, values, globs }) => {
    const all = kinds(values, globs);
    const each = fc.oneof(...which.map((kind): fc.Arbitrary<Known> => all[kind]));
    return keys.map((key) => [key === 'x:tag/b' ? starred : key.toLowerCase(), each] as const);
  });
  return fc.record(Object.fromEntries(entries));
};

const known = fc.oneof<fc.Arbitrary<Known>[]>(
  ...resources.map((arn) => pick<Known>(present(arn))),
  pick(oneLike('arn:p:kms:r:1:key/*'), oneLike('arn:*:key/a', 'arn:p:kms:r:1:key/b')),
);
const requestOf = (
  which: readonly Kind[],
  among: readonly Family[],
): fc.Arbitrary<Request & { readonly context: Layer }> =>
  fc.record({
    service: pick(service),
    action: pick(action),
    resource: known,
    context: contextOf(which, among),
  });

/** A policy and a request, mostly about one family, so that conditions meet. */
const question = (which: readonly Kind[]) =>
  fc.oneof(
    ...families.map((family) =>
      fc.tuple(policyOf(about(family, variables)), requestOf(which, [family])),
    ),
    fc.tuple(policyOf(aboutAnything), requestOf(which, families)),
  );
const anyQuestion = question(allKinds);

const ask = (document: unknown, asked: Request): Outcome =>
  decisionOf(compilePolicy(document), asked).outcome;
const rank: Record<Outcome, number> = { denied: 0, unsure: 1, allowed: 2 };

const regexes = new Map<string, RegExp>();

/** The glob by another road than the one under test. */
function fits(text: string, pattern: string): boolean {
  const escaped = () =>
    pattern
      .replace(/[^*?\w]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
  const regex = regexes.get(pattern) ?? new RegExp(`^${escaped()}$`, 's');
  regexes.set(pattern, regex);
  return regex.test(text);
}

/** One context that the partial one may turn out to be. */
function concrete(partial: Layer, choose: Chance): Context {
  const names = new Set([...everyKey, ...tags].map((key) => key.toLowerCase()));
  return Object.fromEntries(
    [...names].map((key) => {
      const below = key.startsWith('x:tag/') ? partial[starred] : undefined;
      return [key, settled(partial[key] ?? below ?? unknownValue, poolOf(key), choose)];
    }),
  );
}

const poolOf = (key: string) => [
  ...everyValue,
  ...times(4, () => families.find(({ keys }) => keys.includes(key))?.values ?? []).flat(),
];

function settled(
  partial: Known,
  pool: readonly (string | number | boolean)[],
  choose: Chance,
): Known {
  const values = (least: number) => times(choose([least, 1, 2]), () => choose(pool));
  switch (partial.kind) {
    case 'maybe':
      return choose([absent, partial.present]);
    case 'unknown':
      return choose([absent, present(choose(pool)), present(values(1))]);
    case 'maybe-outside': {
      const outside = pool.filter(
        (each) => !partial.globs.some((excluded) => fits(String(each), excluded)),
      );
      return outside.length === 0 ? absent : choose([absent, present(choose(outside))]);
    }
    case 'like': {
      const one = () => instance(choose(partial.globs), pool, choose);
      return present(partial.many ? times(choose([1, 2, 3]), one) : one());
    }
    case 'list':
      return partial.open ? present([...partial.values, ...values(0)]) : partial;
    case 'value':
    case 'absent':
      return partial;
  }
}

/** A string that the glob stands for. */
function instance(
  pattern: string,
  pool: readonly (string | number | boolean)[],
  choose: Chance,
): string {
  const fitting = pool.map(String).filter((each) => fits(each, pattern));
  const spelt = pattern.replace(/[*?]/g, (wildcard) =>
    choose(wildcard === '*' ? ['', 'a', 'A', 'ab', ':', 'x:y', 't/a', '1'] : ['a', 'b', ':', '1']),
  );
  return choose([...fitting, spelt, spelt]);
}

it.each([...operators.keys()])(
  '%s is in a family, so that every law is tried with it',
  (operator) => {
    expect(everyOperator).toContain(operator);
  },
);

describe('a policy as a whole', () => {
  const runs = { numRuns: 500 };

  const added: [string, string, (before: number, after: number) => boolean][] = [
    ['a Deny never helps', 'Deny', (before, after) => after <= before],
    ['an Allow never hurts', 'Allow', (before, after) => after >= before],
  ];
  it.each(added)('%s', (_, effect, holds) => {
    const more = fc.tuple(statementOf(pick(effect), conditionsOf(aboutAnything)), fc.nat(3));
    const law = fc.property(anyQuestion, more, ([before, asked], [statement, at]) => {
      const after = { ...before, Statement: before.Statement.toSpliced(at, 0, statement) };
      return holds(rank[ask(before, asked)], rank[ask(after, asked)]);
    });
    fc.assert(law, runs);
  });

  const rewritings: [string, (whole: unknown, choose: Chance) => unknown][] = [
    ['the order of statements, of values and of conditions does not matter', shuffled],
    ['the casing of action names and of condition keys does not matter', swapped],
    ['a scalar is a list of one', (whole) => listed(whole)],
    ['a list of one is a scalar', (whole) => unlisted(whole)],
    ['a value said twice is said once', (whole) => doubled(whole)],
  ];
  it.each(rewritings)('%s', (_, rewrite) => {
    fc.assert(
      fc.property(anyQuestion, fc.integer(), ([before, asked], seed) => {
        expect(ask(rewrite(before, chance(seed)), asked)).toBe(ask(before, asked));
      }),
      runs,
    );
  });
});

/** Upper case for lower and back: two names stay two names. */
const flip = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );

function swapped(whole: unknown): unknown {
  const variable = (text: string) => text.replace(/\$\{[^},]*/g, flip);
  const change = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((each) => change(each, name));
    if (typeof value !== 'string') return value;
    return /^(Not)?Action$/.test(name) ? flip(value) : name === 'Version' ? value : variable(value);
  };
  return rewritten(whole, change, (name) =>
    name.toLowerCase().startsWith('x:') ? flip(name) : name,
  );
}

describe('what is decided of a request that is known in part holds for every request it may be', () => {
  const rows: [string, readonly Kind[]][] = [
    ['keys of which nothing is known', ['unknown', 'value']],
    ['a list that may hold more', ['open', 'list', 'value']],
    ['values known by shape', ['like', 'value', 'absent']],
    ['lists known by shape', ['many', 'value', 'absent']],
    ['keys that may be absent', ['maybe', 'value']],
    ['keys that may be absent or outside a shape', ['maybeOutside', 'value']],
    ['all of these', allKinds],
  ];
  it.each(rows)('%s', (_, which) => {
    const law = fc.property(question(which), fc.integer(), ([document, partial], seed) => {
      const compiled = compilePolicy(document);
      const { outcome } = decisionOf(compiled, partial);
      if (outcome === 'unsure') return;
      const choose = chance(seed);
      for (const context of times(6, () => concrete(partial.context, choose))) {
        const resource = settled(partial.resource, resources, choose);
        const said = decisionOf(compiled, { ...partial, resource, context }).outcome;
        if (said !== outcome) expect({ context, resource, said }).toEqual({ said: outcome });
      }
    });
    fc.assert(law, { numRuns: 800 });
  });
});

describe('a policy that was asked before', () => {
  it('decides as a policy that is asked for the first time', () => {
    const law = fc.property(anyQuestion, fc.integer(), ([document, partial], seed) => {
      const compiled = compilePolicy(document);
      const choose = chance(seed);
      const requests = times(6, () => ({
        service: choose([service, 'other.amazonaws.com']),
        action: choose([action, 'kms:Encrypt']),
        resource: settled(partial.resource, resources, choose),
        context: concrete(partial.context, choose),
      }));
      for (const request of [partial, ...requests])
        expect(decisionOf(compiled, request)).toEqual(
          decisionOf(compilePolicy(structuredClone(document)), request),
        );
    });
    fc.assert(law, { numRuns: 200 });
  });
});

describe('a world of one key, tried in full', () => {
  const operators = [
    'StringEquals',
    'StringLike',
    'StringNotLike',
    'StringEqualsIgnoreCase',
    'Bool',
  ]
    .concat(['StringLikeIfExists', 'ForAllValues:StringLike', 'ForAllValues:StringNotEquals'])
    .concat(['ForAnyValue:StringLike', 'ForAnyValue:StringNotEquals']);
  const every = [
    ...operators.flatMap((operator) =>
      ['true', 't*', 'a', '*'].map((wants) => [operator, wants] as const),
    ),
    ['Null', 'true'] as const,
    ['Null', 'false'] as const,
  ].map(([operator, wants]) => ({ [operator]: { 'x:text': wants } }));
  const values = ['true', 'True', 'tt', 'a'];
  const lists = values.flatMap((one) => [[one], ...values.map((other) => [one, other])]);
  const all: readonly Known[] = [absent, present([]), ...[...values, ...lists].map(present)];

  type Count = 'none' | 'empty' | 'one' | 'many';
  const countOf = (known: Known): Count => {
    if (known.kind === 'list') return known.values.length === 0 ? 'empty' : 'many';
    return known.kind === 'value' ? 'one' : 'none';
  };
  const valuesOf = (known: Known): readonly string[] => {
    if (known.kind === 'list') return known.values.map(String);
    return known.kind === 'value' ? [String(known.value)] : [];
  };
  interface World {
    readonly partial: Known;
    readonly may: (value: string) => boolean;
    readonly counts: readonly Count[];
  }
  const either = (value: string) => /^(t.*|a)$/.test(value);
  const rows: [string, World][] = [
    ['unknown', { partial: unknownValue, may: () => true, counts: ['none', 'one', 'many'] }],
    ['like a glob', { partial: oneLike('t*'), may: (value) => fits(value, 't*'), counts: ['one'] }],
    ['like one of two globs', { partial: oneLike('t*', 'a'), may: either, counts: ['one'] }],
    [
      'a list like a glob',
      { partial: manyLike('t*'), may: (value) => fits(value, 't*'), counts: ['many'] },
    ],
    ['a list like two globs', { partial: manyLike('t*', 'a'), may: either, counts: ['many'] }],
    [
      'perhaps a value',
      { partial: maybe('true'), may: (value) => value === 'true', counts: ['none', 'one'] },
    ],
    [
      'perhaps anything but a value',
      {
        partial: maybeOutside('true'),
        may: (value) => value !== 'true',
        counts: ['none', 'one'],
      },
    ],
    [
      'perhaps outside a glob',
      {
        partial: maybeOutside('t*'),
        may: (value) => !fits(value, 't*'),
        counts: ['none', 'one'],
      },
    ],
    [
      'a list of which nothing is known',
      { partial: atLeast(), may: () => true, counts: ['empty', 'many'] },
    ],
    ['perhaps anything', { partial: maybeOutside(), may: () => true, counts: ['none', 'one'] }],
  ];
  it.each(rows)(
    'what is decided of a key that is %s holds for all it may be',
    (_, { partial, may, counts }) => {
      const possible = all.filter(
        (known) => counts.includes(countOf(known)) && valuesOf(known).every(may),
      );
      const grant = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
      const asked = (known: Known): Request => ({
        service,
        action,
        resource: present(resources[0] ?? ''),
        context: { 'x:text': known },
      });
      const requests = possible.map(asked);
      const wrong: unknown[] = [];
      for (const effect of ['Allow', 'Deny'])
        for (const [index, one] of every.entries())
          for (const other of every.slice(index)) {
            const two = [one, other].map((Condition) => ({ ...grant, Effect: effect, Condition }));
            const compiled = compilePolicy({
              Version: '2012-10-17',
              Statement: effect === 'Deny' ? [grant, ...two] : two,
            });
            const { outcome } = decisionOf(compiled, asked(partial));
            const against = requests.filter(
              (request) =>
                outcome !== 'unsure' && decisionOf(compiled, request).outcome !== outcome,
            );
            if (against.length > 0)
              wrong.push({
                effect,
                one,
                other,
                outcome,
                against: against.map(({ context }) => context),
              });
          }
      expect(wrong.slice(0, 3)).toEqual([]);
    },
  );
});

describe('a hostile policy of 32 KB', () => {
  const MAX_BYTES = 32_768;
  const piece = pick('*', '?', '?'.repeat(16), '?'.repeat(40), '*?', 'a', '1', ':', 's', '*1');
  const pattern = fc.array(piece, { minLength: 1, maxLength: 30 }).map((some) => some.join(''));
  const shape = pick('arn:p:s:::b/1/v/r/20??/*', '*', '*a*', 'a?*1*', '?'.repeat(60) + '*');

  it('is decided within the budget of one decision', () => {
    const law = fc.property(
      fc.array(pattern, { minLength: 3, maxLength: 12 }),
      fc.array(shape, { minLength: 1, maxLength: 3 }),
      pick('StringLike', 'StringNotLike', 'ForAnyValue:StringLike', 'ArnLike'),
      (some, shapes, operator) => {
        const wants = Array.from({ length: 3000 }, (_, n) => `${some[n % some.length]}${n}`);
        const end = wants.findIndex((_, n) => JSON.stringify(wants.slice(0, n)).length > MAX_BYTES);
        const hostile = end < 0 ? wants : wants.slice(0, end);
        const statement = { Effect: 'Allow', Principal: '*', Action: '*', Resource: hostile };
        const Condition = { [operator]: { 'x:text': hostile } };
        const document = {
          Version: '2012-10-17',
          Statement: [statement, { ...statement, Resource: '*', Condition }],
        };
        const budget = newBudget();
        const request = {
          service,
          action,
          resource: oneLike(...shapes),
          context: { 'x:text': oneLike(...shapes) },
        };
        decisionOf(compilePolicy(document), request, budget);
        return budget.left >= 0;
      },
    );
    fc.assert(law, { numRuns: 15 });
  });
});

describe('globs', () => {
  const words = (letters: readonly string[], most: number): string[] =>
    most === 0
      ? ['']
      : ['', ...words(letters, most - 1).flatMap((word) => letters.map((letter) => letter + word))];
  const strings = words(['a', 'b', ':'], 6);
  const patterns = words(['a', ':', '*', '?'], 4).map((pattern) => ({
    pattern,
    matched: strings.map((text) => fits(text, pattern)),
  }));

  it(`agree with ${strings.length} strings tried one by one, pattern against shape`, () => {
    const wrong: string[] = [];
    for (const shape of patterns.filter(({ pattern }) => pattern.length <= 3))
      for (const { pattern, matched } of patterns) {
        const among = matched.filter((_, index) => shape.matched[index]);
        const expected = among.every(Boolean) ? true : among.includes(true) ? 'unsure' : false;
        const said = match(glob(pattern), glob(shape.pattern), newBudget());
        if (said !== expected)
          wrong.push(`${pattern} against ${shape.pattern}: ${said}, not ${expected}`);
      }
    expect(wrong).toEqual([]);
  });

  it('are covered by a simple look only where every string of the shape matches', () => {
    const kinds = [
      'a',
      'b',
      ':',
      ...[true, false].flatMap((repeats) => [
        { repeats, colons: true },
        { repeats, colons: false },
      ]),
    ];
    const globs = fc.array(fc.constantFrom(...kinds), { maxLength: 6 });
    let simple = 0;
    fc.assert(
      fc.property(globs, globs, (pattern, shape) => {
        if (!coversSimply(pattern, shape)) return;
        simple++;
        expect(coversCharacters(pattern, shape, newBudget())).toBe(true);
      }),
      { numRuns: 20_000 },
    );
    expect(simple).toBeGreaterThan(500);
  });

  it('of an ARN compare field by field, the sixth being the rest', () => {
    const field = pick('', 'a', 'b', '*', '?', 'a*', '*b', '?a');
    const piece = pick('', 'a', 'b', 'ab', 'ba');
    const sizes = { minLength: 6, maxLength: 7 };
    fc.assert(
      fc.property(
        fc.array(field, sizes),
        fc.array(piece, { minLength: 4, maxLength: 8 }),
        (wanted, sent) => {
          const rest = (parts: readonly string[]) => [
            ...parts.slice(0, 5),
            parts.slice(5).join(':'),
          ];
          const expected =
            sent.length >= 6 &&
            rest(wanted).every((each, index) => fits(rest(sent)[index] ?? '', each));
          const form = arnGlob(glob(wanted.join(':'))) ?? [];
          expect(match(form, literal(sent.join(':')), newBudget())).toBe(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('whatever the JSON', () => {
  const runs = Number(process.env.NEVER_THROWS_RUNS ?? 20_000);
  const first = Number(process.env.NEVER_THROWS_SEED ?? Math.floor(Math.random() * 1e9));

  const texts = [
    '',
    '*',
    '?',
    '${',
    '${}',
    '${*}',
    '${x:text',
    "${x:text,'",
    "${x:text, '}'}",
    '${${x:text}}',
    '}',
    ',',
  ]
    .concat([
      '\ud800',
      '\udc00a',
      '\u{1f511}',
      '\0',
      'İ',
      'ß',
      '\\',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
    ])
    .concat([
      'arn:::::',
      ':::::::',
      '9'.repeat(400),
      '1e400',
      '-0',
      'NaN',
      '/',
      '0.0.0.0/99',
      '::/0',
      '::1%a',
      'a'.repeat(300),
    ])
    .concat([
      '*a'.repeat(12),
      '?*'.repeat(12),
      '9999-99-99',
      '2026-02-30T25:00:00Z',
      action,
      service,
      ...everyValue.map(String),
    ])
    .concat(
      everyGlob,
      variables,
      everyKey,
      everyOperator,
      'Null',
      'ForAllValues:',
      'IfExists',
      'ForAnyValue:Null',
    );
  const scalarsOfJson = [null, true, false, 0, -1, 1e308, 2 ** 60, 0.1, -0, ...texts];

  /** Any JSON, odd names included. */
  const json = (choose: Chance, depth: number): unknown => {
    const kind = choose(depth === 0 ? [0] : [0, 0, 1, 2]);
    if (kind === 0) return choose(scalarsOfJson);
    const below = times(choose([0, 1, 2, 3]), () => json(choose, depth - 1));
    return kind === 1 ? below : Object.fromEntries(below.map((each) => [choose(texts), each]));
  };

  /** What belongs in a place, and now and then what does not. */
  const usually = (choose: Chance, value: () => unknown): unknown =>
    choose([true, true, true, true, true, true, true, false]) ? value() : json(choose, 2);

  const values = (choose: Chance): unknown =>
    usually(choose, () =>
      choose([true, false])
        ? choose(texts)
        : times(choose([0, 1, 2, 4]), () => choose(scalarsOfJson)),
    );

  const block = (choose: Chance): unknown =>
    usually(choose, () =>
      Object.fromEntries(
        times(choose([0, 1, 1, 2]), () => [choose([...everyKey, ...texts]), values(choose)]),
      ),
    );

  const operator = (choose: Chance): string =>
    choose(['', '', 'ForAllValues:', 'ForAnyValue:']) +
    choose([...everyOperator, 'Null', choose(texts)]) +
    choose(['', '', 'IfExists']);

  const named = (choose: Chance): unknown => {
    const names = ['Principal', 'Action', 'Resource'].map((name): [string, unknown] => [
      choose(['', '', '', '', 'Not']) + name,
      choose([0, 1, 2]) > 0
        ? '*'
        : usually(choose, () =>
            name === 'Principal'
              ? { [choose(['AWS', 'Service', choose(texts)])]: values(choose) }
              : values(choose),
          ),
    ]);
    const conditions = times(choose([0, 1, 2]), () => [operator(choose), block(choose)]);
    return Object.fromEntries([
      ['Effect', usually(choose, () => choose(['Allow', 'Allow', 'Deny']))],
      ...names.filter(() => choose([true, true, true, true, true, true, true, true, false])),
      ...(conditions.length > 0
        ? [['Condition', usually(choose, () => Object.fromEntries(conditions))]]
        : []),
      ...(choose([0, 0, 0, 1]) === 1 ? [[choose(texts), json(choose, 2)]] : []),
    ]);
  };

  const document = (choose: Chance): unknown =>
    usually(choose, () => ({
      Version: usually(choose, () => choose(['2012-10-17', '2008-10-17', undefined])),
      Statement: usually(choose, () =>
        times(choose([0, 1, 2, 3]), () => usually(choose, () => named(choose))),
      ),
    }));

  const oddKnown = (choose: Chance): Known => {
    const several = () => times(choose([0, 1, 2]), () => choose(texts));
    const one = choose<string | number | boolean>([...texts, true, 0, 2 ** 60]);
    return choose<() => Known>([
      () => present(one),
      () => ({ kind: 'list', values: several(), open: choose([true, false]) }),
      () => choose([oneLike, manyLike])(...choose([[one.toString()], several()])),
      () => maybe(choose([one, several()])),
      () => maybeOutside(...several()),
      () => absent,
      () => unknownValue,
    ])();
  };

  const oddRequest = (choose: Chance): Request => ({
    service: choose([service, service, choose(texts)]),
    action: choose([action, action, choose(texts)]),
    resource: choose([present(resources[0] ?? ''), oddKnown(choose)]),
    context: Object.fromEntries(
      times(choose([0, 2, 4]), () => [choose([...everyKey, ...texts]), oddKnown(choose)]),
    ),
  });

  it(`never throws: ${runs} random policies and requests`, () => {
    const seen = new Set<string>();
    for (let seed = first; seed < first + runs; seed++) {
      const choose = chance(seed);
      try {
        const policy = compilePolicy(document(choose));
        const request = oddRequest(choose);
        const { outcome } = decisionOf(policy, request);
        const asked = { ...request, budget: newBudget() };
        seen.add(outcome + typeof unsettledKeys(decisiveOf(policy, request), asked).length);
      } catch (cause) {
        throw new Error(`thrown at NEVER_THROWS_SEED=${seed}`, { cause });
      }
    }
    expect([...seen].sort()).toEqual(['allowednumber', 'deniednumber', 'unsurenumber']);
  }, 1_800_000);

  it('a policy names every condition key behind the answer of an element', () => {
    const found = new Set<string>();
    for (let seed = 0; seed < 5_000; seed++) {
      const { statements, keys } = compilePolicy(document(chance(seed)));
      const asked = statements.flatMap(elementsOf).flatMap((element) => element.keys);
      for (const key of asked) found.add(key);
      expect(keys).toEqual(expect.arrayContaining(asked.map((key) => key.toLowerCase())));
    }
    expect([...found]).toEqual(expect.arrayContaining([...everyKey]));
  });

  it('never throws on what no generator would think of', () => {
    const law = fc.property(
      fc.jsonValue(),
      fc.jsonValue(),
      fc.string({ unit: 'binary' }),
      (whole, part, text) => {
        const around = { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' };
        const asked = {
          service: text,
          action: text,
          resource: present(text),
          context: { [text]: oneLike(text) },
        };
        const places = ['Effect', 'Principal', 'NotAction', 'Resource', 'Condition', text].map(
          (name) => ({ ...around, [name]: part }),
        );
        const within = {
          ...around,
          Condition: { StringLike: { [text]: part }, [text]: { [text]: part } },
        };
        for (const each of [
          whole,
          { Statement: whole },
          { Version: '2012-10-17', Statement: [...places, within, part] },
        ])
          expect(['allowed', 'denied', 'unsure']).toContain(ask(each, asked));
      },
    );
    fc.assert(law, { numRuns: 250 });
  });
});
