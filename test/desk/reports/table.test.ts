import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table } from '../../../rule/desk/reports/table.ts';
import { uncoloured } from '../../../rule/desk/reports/paint.ts';
import type { Row } from '../../../rule/remedy/run.ts';
import { flowLogKey, flowLogKeyAt } from '../command-line.ts';
import { manyKeys } from './many-keys.ts';
import { rowOf, runOf, verdictOf } from './runs.ts';

const linesOf = (rows: readonly Row[], width = 100): readonly string[] =>
  table(runOf(rows), { width, paint: uncoloured }).trimEnd().split('\n');

const blockedAt = (id: string, key: string, bucket: string): Row =>
  rowOf(id, verdictOf({ outcome: 'blocked', key, bucket }));

const exemptFor = (id: string, what: string): Row =>
  rowOf(id, verdictOf({ outcome: 'exempt', check: 'exemption', what }));

describe('the table of 2,000 flow logs over 300 buckets and 64 keys', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'table-'));
    file = join(folder, 'snapshot.json');
    writeFileSync(file, manyKeys());
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** The name of the file stands in the table, and its folder has another name on each machine. */
  async function inFolder<T>(run: () => Promise<T>): Promise<T> {
    const before = process.cwd();
    process.chdir(folder);
    try {
      return await run();
    } finally {
      process.chdir(before);
    }
  }

  it('ends with 20 lines that a reviewer has found enough to start work', async () => {
    const { out } = await inFolder(() => flowLogKey('check', '--snapshot', 'snapshot.json'));
    const lines = out.trimEnd().split('\n');
    const end = `${lines.slice(-20).join('\n')}\n`;
    const golden = 'test/golden/many-keys.end.txt';
    if (process.env.GOLDEN === 'write') writeFileSync(golden, end);
    expect(end).toBe(readFileSync(golden, 'utf8'));
    expect(lines.filter((line) => line.startsWith('BLOCKED'))).toHaveLength(64);
    expect(lines.length).toBeLessThan(1150);
  });

  it.each([60, 80, 120])(
    'has list and counts in 20 lines of a terminal of %i columns',
    async (columns) => {
      const env = { NO_COLOR: '1' };
      const { out } = await flowLogKeyAt({ columns, env }, 'check', '--snapshot', file);
      const end = out.slice(out.indexOf('to do, most flow logs first')).trimEnd();
      const screen = end
        .split('\n')
        .flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? ['']);
      expect(screen.length).toBeLessThanOrEqual(20);
      expect(end).toMatch(/\/00000000-0000-4000-8000-000000000000$/m);
      expect(end).toMatch(/\n64 keys to change, [\d,]+ flow logs$/);
    },
  );

  it('shows the same lines in colours', async () => {
    const at = async (env: NodeJS.ProcessEnv) =>
      (await flowLogKeyAt({ columns: 80, env }, 'check', '--snapshot', file)).out;
    const coloured = await at({});
    expect(coloured).toContain('\u001b[31m');
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(await at({ NO_COLOR: '1' }));
  });
});

describe('the table', () => {
  it('has a block for each key, most flow logs first, with the buckets of the key as lines', () => {
    const lines = linesOf([
      blockedAt('fl-1', 'key-a', 'bucket-a'),
      blockedAt('fl-2', 'key-b', 'bucket-b'),
      blockedAt('fl-3', 'key-b', 'bucket-c'),
      blockedAt('fl-4', 'key-b', 'bucket-c'),
    ]);
    expect(lines.filter((line) => /^(BLOCKED|key|s3| {4}bucket)/.test(line))).toEqual([
      'BLOCKED  key-policy  3 flow logs',
      'key key-b',
      's3  bucket-c  2 flow logs',
      '    bucket-b  1 flow log',
      'BLOCKED  key-policy  1 flow log',
      'key key-a',
      's3  bucket-a',
    ]);
  });

  it('has one block for buckets that are changed in the same way', () => {
    const managed = { outcome: 'blocked', check: 'aws-managed-key', what: 'uses aws/s3' } as const;
    const rows = ['a', 'b', 'c'].map((bucket) =>
      rowOf(`fl-${bucket}`, { ...verdictOf({ ...managed, bucket }), keyArn: null }),
    );
    const lines = linesOf(rows);
    expect(lines[0]).toBe('BLOCKED  aws-managed-key  3 flow logs');
    expect(lines.at(-1)).toBe('3 buckets to change, 3 flow logs');
  });

  it('says what is unknown at a key that is to be changed', () => {
    const lines = linesOf([
      rowOf('fl-1', verdictOf({ outcome: 'unknown', what: 'a doubt', next: 'look' })),
      rowOf('fl-2', verdictOf({ outcome: 'unknown', what: 'a doubt', next: 'look' })),
      rowOf('fl-3', verdictOf({ outcome: 'blocked', what: 'a lack', next: 'add' })),
    ]);
    expect(lines[0]).toBe('BLOCKED  key-policy  3 flow logs, 2 of them unknown');
    expect(lines.filter((line) => /^(why|do) /.test(line))).toEqual([
      'why a lack',
      'do  add',
      'why unknown: a doubt',
      'do  look',
    ]);
    expect(lines.at(-1)).toBe('1 key to change, 3 flow logs');
  });

  it.each([
    ['3 flow logs of one key', 3, false],
    ['9 flow logs of 9 keys', 9, true],
  ])('has a list at the end only for many: %s', (_, count, expected) => {
    const rows = Array.from({ length: count }, (__, n) =>
      blockedAt(`fl-${n}`, expected ? `key-${n}` : 'key', `bucket-${n}`),
    );
    expect(linesOf(rows).some((line) => line.startsWith('to do'))).toBe(expected);
  });

  it('shows the statements of ten keys, and says how to see the others', () => {
    const rows = Array.from({ length: 12 }, (_, n) => blockedAt(`fl-${n}`, `key-${n}`, 'bucket'));
    const lines = linesOf(rows);
    expect(lines.filter((line) => line.includes('"Sid"'))).toHaveLength(10);
    expect(
      lines.filter((line) => line === 'add the statement that --key with this ARN shows'),
    ).toHaveLength(2);
  });

  it('says why flow logs are exempt, until when and by whom, for ten reasons', () => {
    const reason = (n: number): string =>
      `exempt until 2027-01-${n + 10} (owner: team ${n}): moves`;
    const rows = Array.from({ length: 12 }, (_, n) => exemptFor(`fl-${n}`, reason(n)));
    const lines = linesOf([...rows, exemptFor('fl-99', reason(3))]);
    expect(lines.slice(0, 2)).toEqual(['EXEMPT  exemption  2 flow logs', `why ${reason(3)}`]);
    expect(lines.filter((line) => line.startsWith('why exempt until'))).toHaveLength(10);
    expect(lines).toContain('EXEMPT  for 2 more reasons, all in --format json  2 flow logs');
  });

  it('says where the facts come from, of when, and of which accounts', () => {
    const row = rowOf('fl-1', verdictOf({ outcome: 'deliverable' }));
    const capturedAt = Date.parse('2026-11-23T06:00:00Z');
    const options = { width: 200, paint: uncoloured, source: 'a.json and 2 more' };
    const endOf = (...rows: readonly Row[]) =>
      table(runOf(rows), options).trimEnd().split('\n').at(-2);
    expect(endOf({ ...row, capturedAt })).toBe(
      'facts: a.json and 2 more; account 111122223333, Region us-east-1; flow logs recorded until 2026-11-23 06:00 UTC',
    );
    expect(endOf(row, { ...row, accountId: '444455556666', region: 'eu-west-1' })).toBe(
      'facts: a.json and 2 more; 2 accounts, 2 Regions',
    );
    expect(endOf({ ...row, accountId: '', region: '' })).toBe('facts: a.json and 2 more');
  });
});
