import type { PageGroup } from '../../../rule/desk/reports/html/page-data.ts';
import { cardsOf } from '../../../rule/desk/reports/html/page/cards.ts';
import { filtered, NOT_KNOWN, type Filter } from '../../../rule/desk/reports/html/page/filter.ts';
import { pictureRows } from '../../../rule/desk/reports/html/page/picture-rows.ts';

const group = (changes: Partial<PageGroup>): PageGroup => ({
  outcome: 'blocked',
  check: 'key-policy',
  bucket: 'acme-logs',
  keyArn: 'arn:aws:kms:us-east-1:111122223333:key/k1',
  link: 'to-key',
  what: '',
  next: '',
  notes: [],
  statement: null,
  ...changes,
});

const groups = [
  group({}),
  group({ keyArn: 'arn:aws:kms:us-east-1:111122223333:key/k2' }),
  group({ outcome: 'unknown', keyArn: 'arn:aws:kms:us-east-1:111122223333:key/k3' }),
  group({ outcome: 'deliverable', check: null, keyArn: null, bucket: 'plain-logs', link: null }),
  group({ outcome: 'exempt', check: 'destination', keyArn: null, bucket: null, link: 'to-bucket' }),
  group({ outcome: 'unknown', check: 'bucket-policy', bucket: 'other-logs', link: 'to-bucket' }),
];
const data = {
  groups,
  statements: [],
  checkPages: {},
  places: [
    ['111122223333', 'us-east-1'],
    ['444455556666', 'eu-west-1'],
    ['', ''],
  ],
  flowLogs: [
    ['fl-a', 3, 0, 'vpc-1'],
    ['fl-b', 4, 1, 'vpc-2'],
    ['fl-c', 2, 1, 'vpc-3'],
    ['fl-d', 2, 1, 'vpc-4'],
    ['fl-e', 2, 1, 'vpc-5'],
    ['fl-f', 0, 0, 'vpc-6'],
    ['fl-g', 1, 0, 'vpc-7'],
    ['fl-h', 1, 2, 'vpc-8'],
    ['fl-i', 5, 2, 'vpc-9'],
  ],
} as const;

describe('the cards', () => {
  it('have the worst first, then most flow logs first, and one card for each key or bucket', () => {
    const cards = cardsOf(data, data.flowLogs);
    expect(
      cards.map(({ outcome, subject, name, lines }) => [
        outcome,
        `${subject} ${name.split('/').at(-1) ?? ''}`,
        ...lines.map(({ flowLogs }) => flowLogs.map(([id]) => id).join(' ')),
      ]),
    ).toEqual([
      ['blocked', 'Key k2', 'fl-g fl-h'],
      ['blocked', 'Key k1', 'fl-f', 'fl-i'],
      ['unknown', 'Key k3', 'fl-c fl-d fl-e'],
      ['deliverable', 'Bucket plain-logs', 'fl-a'],
      ['exempt', 'Destination not an S3 bucket, or not known', 'fl-b'],
    ]);
  });

  it.each([
    [3, ['b0', 'b1', 'b2']],
    [4, ['b0 b1 b2 b3']],
  ])('are drawn by bucket while few: %d buckets', (count, expected) => {
    const many = Array.from({ length: count }, (_, n) => group({ bucket: `b${n}` }));
    const flowLogs = many.map((_, n) => [`fl-${n}`, n, 0, ''] as const);
    const rows = cardsOf({ groups: many }, flowLogs).flatMap(pictureRows);
    expect(rows.map(({ buckets }) => buckets.join(' '))).toEqual(expected);
  });
});

describe('the filter', () => {
  const all = { account: '', region: '', cause: '', text: '' };
  const outcomes = ['blocked', 'unknown', 'deliverable', 'exempt'];

  it.each<[string, Partial<Filter>, string]>([
    ['nothing', {}, 'a b c d e f g h i'],
    ['an account', { account: '444455556666' }, 'b c d e'],
    ['an account that only a deployment tells', { account: NOT_KNOWN }, 'h i'],
    ['a Region', { region: 'us-east-1' }, 'a f g'],
    ['a cause', { cause: 'key-policy' }, 'c d e f g h'],
    ['an outcome', { outcomes: new Set(['exempt']) }, 'b'],
    ['no outcome', { outcomes: new Set() }, ''],
    ['a part of an id, with spaces around', { text: ' FL-A ' }, 'a'],
    ['a part of a bucket', { text: 'plain' }, 'a'],
    ['a key', { text: 'arn:aws:kms:us-east-1:111122223333:key/k2' }, 'g h'],
    ['a part of an account', { text: '4444' }, 'b c d e'],
    ['a logged resource', { text: 'vpc-7' }, 'g'],
    ['all together', { account: '111122223333', cause: 'key-policy', text: 'k1' }, 'f'],
  ])('by %s', (_, choice, expected) => {
    const found = filtered(data, { ...all, outcomes: new Set(outcomes), ...choice });
    expect(found.map(([id]) => id.slice(3)).join(' ')).toBe(expected);
  });
});
