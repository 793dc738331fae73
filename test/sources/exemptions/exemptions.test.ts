import fc from 'fast-check';
import { decide } from '../../../rule/judge/decide.ts';
import { isExpired, type Exemption, type ExemptionPattern } from '../../../rule/model/exemption.ts';
import { notAsked, type Facts, unknown } from '../../../rule/model/facts.ts';
import { offerFor } from '../../../rule/remedy/remedy.ts';
import { readExemptions } from '../../../rule/sources/exemptions/list.ts';
import {
  account,
  archive,
  bucket,
  flowLog,
  key,
  keyArn,
  question,
  withPolicy,
} from '../../world.ts';

const exemption: Exemption = {
  pattern: { flowLog: flowLog.id },
  reason: 'moves to the archive in January',
  owner: 'network team',
  expires: '2027-01-31',
};
const naming = (pattern: ExemptionPattern): Exemption => ({ ...exemption, pattern });
/** Facts with a key policy that does not admit delivery. */
const refused = withPolicy();
const judge = (exemptions: readonly Exemption[], facts: Facts = refused) =>
  decide(facts, { ...question, exemptions });

describe('a list of exemptions', () => {
  it('is read with every field, without spaces around words', () => {
    const pattern = {
      flowLog: 'fl-0*',
      bucket: 'legacy-*',
      key: 'arn:aws:kms:*:444455556666:key/*',
      account,
      tag: { name: 'team', value: 'net*' },
    };
    const given = [{ ...exemption, pattern, reason: '  moves  ' }, exemption];
    expect(readExemptions(JSON.stringify(given))).toEqual([
      { ...exemption, pattern, reason: 'moves' },
      exemption,
    ]);
  });

  it.each<[string, ExemptionPattern]>([
    ['a flow log by its id', { flowLog: 'fl-0123456789abcdef0' }],
    ['every bucket of an account', { bucket: '*', account }],
    ['all that has a tag', { tag: { name: 'scratch', value: '*' } }],
    ['a tag without a value', { tag: { name: 'scratch', value: '' } }],
    ['every key of an account', { key: `arn:aws:kms:*:${archive}:*` }],
    ['every key of a Region', { key: 'arn:aws*:kms:eu-*:*:key/*' }],
  ])('may name %s', (_, pattern) => {
    expect(readExemptions(JSON.stringify([naming(pattern)]))).toEqual([naming(pattern)]);
  });

  it('may be empty', () => {
    expect(readExemptions('[]')).toEqual([]);
  });

  const one = (changed: object) => [exemption, { ...exemption, ...changed }];
  const pattern = (given: unknown) => one({ pattern: given });
  const everything = 'entry 2, pattern: names every flow log: give one of flowLog, bucket, key';
  it.each<[string, unknown, string]>([
    ['an object', { exemptions: [] }, 'is no list of exemptions'],
    ['a text', 'fl-1', 'is no list of exemptions'],
    ['an entry that is none', [exemption, 'fl-1'], 'entry 2: is no object'],
    [
      'an unknown field of an entry',
      one({ expiry: '2027-01-31' }),
      'entry 2, expiry: is not known; known are pattern, reason, owner, expires',
    ],
    [
      'an unknown field of a pattern, which would have made it wider',
      pattern({ account, flowlog: 'fl-1' }),
      'entry 2, pattern.flowlog: is not known; known are flowLog, bucket, key, account, tag',
    ],
    [
      'an unknown field of a tag',
      pattern({ tag: { name: 'a', value: 'b', key: 'c' } }),
      'entry 2, pattern.tag.key: is not known; known are name, value',
    ],
    ['no pattern', one({ pattern: undefined }), 'entry 2, pattern: is missing'],
    ['no reason', one({ reason: undefined }), 'entry 2, reason: is missing'],
    ['no owner', one({ owner: undefined }), 'entry 2, owner: is missing'],
    ['no last day', one({ expires: undefined }), 'entry 2, expires: is missing'],
    ['a reason of spaces', one({ reason: ' ' }), 'entry 2, reason: is empty'],
    ['an owner that is no text', one({ owner: 7 }), 'entry 2, owner: 7 is no text'],
    [
      'a reason with a command for a terminal',
      one({ reason: 'fine\u001b[2J' }),
      'entry 2, reason: has line breaks, control or formatting characters',
    ],
    [
      'a day that does not exist',
      one({ expires: '2027-02-30' }),
      'entry 2, expires: "2027-02-30" is no day, like 2027-01-31',
    ],
    ['a year for a day', one({ expires: '2027' }), 'entry 2, expires: "2027" is no day'],
    ['a time for a day', one({ expires: '2027-01-31T00:00:00Z' }), 'entry 2, expires: '],
    ['no end at all', one({ expires: null }), 'entry 2, expires: null is no text'],
    ['a pattern of nothing', pattern({}), everything],
    ['a pattern of every flow log', pattern({ flowLog: '*' }), everything],
    ['the same in other words', pattern({ flowLog: 'fl-??*' }), everything],
    ['the same by what all ids have', pattern({ flowLog: '*-*' }), everything],
    ['a pattern of every bucket', pattern({ bucket: '**' }), everything],
    ['a pattern of every key', pattern({ key: 'arn:aws:kms:*:*:key/*' }), everything],
    ['every key by its dashes', pattern({ key: 'arn:*:kms:*-*-*:*:key/*-*' }), everything],
    [
      'a pattern of everything in every way',
      pattern({ flowLog: '*', bucket: '*', key: 'arn:*:kms:*:*:*' }),
      everything,
    ],
    [
      'an id that is none',
      pattern({ flowLog: 'fl 1' }),
      'entry 2, pattern.flowLog: "fl 1" is no flow log id',
    ],
    [
      'a bucket by its ARN',
      pattern({ bucket: 'arn:aws:s3:::logs' }),
      'entry 2, pattern.bucket: "arn:aws:s3:::logs" is no name of a bucket',
    ],
    [
      'a key by its id',
      pattern({ key: '1234abcd-*' }),
      'entry 2, pattern.key: "1234abcd-*" is no ARN of a key',
    ],
    [
      'a key by its alias',
      pattern({ key: `arn:aws:kms:us-east-1:${account}:alias/logs` }),
      'is no ARN of a key',
    ],
    [
      'an account with wildcards',
      pattern({ account: '1111*' }),
      'entry 2, pattern.account: "1111*" is no account id',
    ],
    ['a number for an account', pattern({ account: 111122223333 }), 'is no text'],
    [
      'a tag without a name',
      pattern({ tag: { value: 'x' } }),
      'entry 2, pattern.tag.name: is missing',
    ],
  ])('is refused with %s', (_, given, words) => {
    expect(() => readExemptions(JSON.stringify(given))).toThrow(words);
  });

  it('is refused with all that is wrong, up to a point', () => {
    const bad = JSON.stringify(Array.from({ length: 9 }, () => ({ ...exemption, owner: '' })));
    expect(() => readExemptions(bad)).toThrow(/^entry 1, .*; entry 5, owner: is empty and 4 more$/);
  });

  it.each([
    ['that ends too soon', '[{"pattern"'],
    ['that is a secret named by mistake', 'hunter2'],
  ])('shows nothing of a text %s', (_, text) => {
    expect(() => readExemptions(text)).toThrow(/^is not JSON( \(at position \d+\))?$/);
  });
});

describe('an exemption', () => {
  it('says until when, whose it is, and why', () => {
    expect(judge([exemption])).toMatchObject({
      outcome: 'exempt',
      reason: 'exemption',
      message: 'exempt until 2027-01-31 (owner: network team): moves to the archive in January',
    });
  });

  it('leaves what else was found to be read', () => {
    const { findings } = judge([exemption]);
    expect(findings.map(({ check }) => check)).toEqual(['exemption', 'key-policy']);
  });

  it('is told by the one that lasts longest', () => {
    const expires = (day: string) => ({ ...exemption, expires: day });
    const { message } = judge(['2026-12-01', '2027-06-30', '2027-01-31'].map(expires));
    expect(message).toContain('exempt until 2027-06-30');
  });

  it('is not what is told of a flow log that delivers elsewhere', () => {
    const to = {
      ...flowLog,
      destination: { kind: 'elsewhere', type: 'cloud-watch-logs' },
    } as const;
    const facts = { flowLog: to, bucket: notAsked, key: notAsked };
    expect(judge([naming({ account })], facts).reason).toBe('destination');
  });

  it('leaves nothing to mend, and says why', () => {
    expect(offerFor(refused, { ...question, exemptions: [exemption] })).toEqual({
      kind: 'not-needed',
      message: 'exempt until 2027-01-31 (owner: network team): moves to the archive in January',
    });
  });

  it.each([
    ['the day before', '2027-01-30T12:00:00Z', false],
    ['at the end of its last day', '2027-01-31T23:59:59.999Z', false],
    ['a moment later', '2027-02-01T00:00:00Z', true],
  ])('%s is over: %s %s', (_, now, over) => {
    expect(isExpired(exemption, new Date(now))).toBe(over);
    const { outcome } = decide(refused, {
      ...question,
      exemptions: [exemption],
      now: new Date(now),
    });
    expect(outcome).toBe(over ? 'blocked' : 'exempt');
  });

  it('with a day that is none is over', () => {
    expect(isExpired({ ...exemption, expires: 'never' }, question.now)).toBe(true);
  });
});

describe('a pattern', () => {
  const tagged: Facts = { ...refused, flowLog: { ...flowLog, tags: { team: 'network' } } };
  const unreadable: Facts = { ...refused, key: unknown('refused') };
  const nowhere: Facts = { ...refused, bucket: unknown('refused'), key: notAsked };
  const lost: Facts = {
    ...refused,
    flowLog: { ...flowLog, destination: unknown('cannot be read') },
    bucket: notAsked,
    key: notAsked,
  };
  const team = (value: string) => ({ tag: { name: 'team', value } });

  it.each<[string, ExemptionPattern, Facts, 'exempt' | 'blocked' | 'unknown']>([
    ['of its id names a flow log', { flowLog: flowLog.id }, refused, 'exempt'],
    ['with a star does', { flowLog: 'fl-0123*' }, refused, 'exempt'],
    ['with question marks does', { flowLog: 'fl-?????????????????' }, refused, 'exempt'],
    ['of another id does not', { flowLog: 'fl-0999*' }, refused, 'blocked'],
    ['matches the whole id', { flowLog: 'fl-0123' }, refused, 'blocked'],
    ['takes a dot for a dot', { bucket: 'example.flow.logs' }, refused, 'blocked'],
    ['of its bucket names it', { bucket: 'example-*' }, refused, 'exempt'],
    ['of another bucket does not', { bucket: 'other-*' }, refused, 'blocked'],
    ['of a bucket that cannot be read does', { bucket: bucket.name }, nowhere, 'exempt'],
    ['of any bucket needs one', { bucket: '*', account }, lost, 'unknown'],
    ['of its key names it', { key: keyArn }, refused, 'exempt'],
    [
      'of every key of the account does',
      { key: `arn:aws:kms:*:${account}:key/*` },
      refused,
      'exempt',
    ],
    [
      'of the keys of another account does not',
      { key: `arn:aws:kms:*:${archive}:*` },
      refused,
      'blocked',
    ],
    ['keeps a star in its field of the ARN', { key: `arn:*:${account}:key/*` }, refused, 'blocked'],
    ['of a key that could not be learned does not', { key: keyArn }, unreadable, 'unknown'],
    ['of a key behind an unreadable bucket does not', { key: keyArn }, nowhere, 'unknown'],
    [
      'of any key does not where none was learned',
      { key: 'arn:aws:kms:*:*:*', account },
      unreadable,
      'unknown',
    ],
    ['of its account names it', { account }, refused, 'exempt'],
    ["of the archive's account does not", { account: archive }, refused, 'blocked'],
    ['of its tag names it', team('network'), tagged, 'exempt'],
    ['of its tag with a star does', team('net*'), tagged, 'exempt'],
    ['of another value does not', team('data'), tagged, 'blocked'],
    ['of a tag that it does not have does not', team('*'), refused, 'blocked'],
    [
      'of what every object has does not',
      { tag: { name: 'constructor', value: '*' } },
      tagged,
      'blocked',
    ],
    ['names it when all that is given holds', { account, ...team('network') }, tagged, 'exempt'],
    ['does not when one of it fails', { account: archive, ...team('network') }, tagged, 'blocked'],
    ['does not when one of it is not known', { account, key: keyArn }, unreadable, 'unknown'],
    ['of nothing names nobody', {}, refused, 'blocked'],
  ])('%s', (_, pattern, facts, outcome) => {
    expect(judge([naming(pattern)], facts).outcome).toBe(outcome);
  });
});

describe('whatever the exemptions', () => {
  const part = fc.stringMatching(/^[a-f0-3*?]{1,6}$/);
  const id = fc.stringMatching(/^fl-[a-f0-3]{1,6}$/);
  const patterns: fc.Arbitrary<ExemptionPattern> = fc.record(
    {
      flowLog: part.map((text) => `fl-${text}`),
      bucket: part,
      key: part.map((text) => `arn:aws:kms:*:${account}:key/${text}`),
      account: fc.constantFrom(account, archive),
      tag: fc.record({ name: fc.constantFrom('a', 'b'), value: part }),
    },
    { requiredKeys: [] },
  );
  const expires = fc.constantFrom('2020-01-01', '2026-11-22', '2026-11-23', '2027-01-31');
  const lists = fc.array(
    fc.record({ pattern: patterns, reason: fc.constant('r'), owner: fc.constant('o'), expires }),
    { maxLength: 5 },
  );
  const worlds: fc.Arbitrary<Facts> = fc
    .record({
      id,
      name: fc.stringMatching(/^[a-f0-3]{1,6}$/),
      tags: fc.dictionary(fc.constantFrom('a', 'b'), fc.stringMatching(/^[a-f0-3]{0,6}$/)),
      arn: fc
        .stringMatching(/^[a-f0-3]{1,6}$/)
        .map((it) => `arn:aws:kms:us-east-1:${account}:key/${it}`),
      from: fc.constantFrom(refused, withPolicy(), { ...refused, key: { ...key } }),
    })
    .map(({ id, name, tags, arn, from }) => ({
      flowLog: { ...flowLog, id, tags, destination: { kind: 's3', bucket: name, folder: '' } },
      bucket: { ...bucket, name },
      key: { ...key, ...from.key, arn },
    }));

  it('one that does not name a flow log changes nothing of its verdict', () => {
    fc.assert(
      fc.property(lists, worlds, (exemptions, facts) => {
        const verdict = judge(exemptions, facts);
        const without = judge([], facts);
        if (verdict.outcome !== 'exempt') expect(verdict).toEqual(without);
        const naming = exemptions.filter((each) => judge([each], facts).outcome === 'exempt');
        expect(verdict.outcome === 'exempt').toBe(naming.length > 0);
        expect(verdict).toEqual(judge(naming, facts));
      }),
    );
  });

  it('those that are over are as good as none', () => {
    fc.assert(
      fc.property(lists, worlds, (exemptions, facts) => {
        const over = exemptions.map((each) => ({ ...each, expires: '2026-11-22' }));
        expect(judge(over, facts)).toEqual(judge([], facts));
        const left = exemptions.filter((each) => !isExpired(each, question.now));
        expect(judge(exemptions, facts)).toEqual(judge(left, facts));
      }),
    );
  });

  it('giving more names no more', () => {
    fc.assert(
      fc.property(patterns, patterns, worlds, (some, more, facts) => {
        fc.pre(Object.keys(some).length > 0);
        const both = judge([naming({ ...more, ...some })], facts).outcome;
        if (both === 'exempt') expect(judge([naming(some)], facts).outcome).toBe('exempt');
      }),
    );
  });

  it('what is read names something, or is refused', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[fl0*?-]{1,8}$/), (text) => {
        const given = JSON.stringify([naming({ flowLog: text })]);
        const read = ((): readonly Exemption[] => {
          try {
            return readExemptions(given);
          } catch {
            return [];
          }
        })();
        // A pattern of these characters spells out no more of the id than every id has.
        const facts = { ...refused, flowLog: { ...flowLog, id: 'fl-12345' } };
        expect(judge(read, facts).outcome).toBe('blocked');
      }),
    );
  });
});
