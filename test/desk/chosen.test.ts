import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flowLogKey, flowLogKeyAt } from './command-line.ts';

const workload = 'examples/workload-111122223333-us-east-1.json';
const archive = 'examples/log-archive-444455556666-us-east-1.json';
const snapshot = ['--snapshot', `${workload},${archive}`];
const template = ['--template', 'examples/network.yaml'];
const keyId = '11111111-aaaa-4bbb-8ccc-1234567890ab';
const keyArn = `arn:aws:kms:us-east-1:111122223333:key/${keyId}`;

interface Report {
  readonly flowLogs: readonly { flowLogId: string; outcome: string }[];
  readonly summary: Readonly<Record<'deliverable' | 'blocked' | 'unknown' | 'exempt', number>> & {
    readonly causes: readonly object[];
  };
}

const check = async (...args: readonly string[]) => {
  const { code, out, err } = await flowLogKey('check', ...args, '--format', 'json');
  return { code, err, report: JSON.parse(out) as Report };
};
const idsIn = ({ flowLogs }: Report) => flowLogs.map(({ flowLogId }) => flowLogId.slice(0, 6));

describe('what is judged', () => {
  const one = 'fl-01a00000000000001';
  const delivered = 'fl-02b00000000000001';
  it.each<[string, readonly string[], readonly string[], number]>([
    ['an id', [one, ...snapshot], ['fl-01a'], 1],
    ['an id that is delivered', [delivered, ...snapshot], ['fl-02b'], 0],
    ['ids with a comma', [`${one},${delivered}`, ...snapshot], ['fl-01a', 'fl-02b'], 1],
    ['ids with a space', [one, delivered, ...snapshot], ['fl-01a', 'fl-02b'], 1],
    ['a bucket', ['--bucket', 'acme-vpc-logs', ...snapshot], ['fl-01a', 'fl-01a', 'fl-01a'], 1],
    [
      'a bucket by ARN',
      ['--bucket', 'arn:aws:s3:::acme-vpc-logs/x', ...snapshot],
      ['fl-01a', 'fl-01a', 'fl-01a'],
      1,
    ],
    ['a key', ['--key', keyArn, ...snapshot], ['fl-01a', 'fl-01a', 'fl-01a'], 1],
    ['a key by id', ['--key', keyId, ...snapshot], ['fl-01a', 'fl-01a', 'fl-01a'], 1],
    ['an id and its key', [one, '--key', keyId, ...snapshot], ['fl-01a'], 1],
    ['an id of a template', ['AcceptedTraffic', ...template], ['Accept'], 0],
    ['a bucket of a template', ['--bucket', 'LockedBucket', ...template], ['Reject'], 1],
    ['a key of a template', ['--key', 'LockedKey', ...template], ['Reject'], 1],
  ])('is told by %s', async (_, args, ids, code) => {
    const ended = await check(...args);
    expect({ code: ended.code, err: ended.err, ids: idsIn(ended.report) }).toEqual({
      code,
      err: '',
      ids,
    });
  });

  it('is nothing where names do not come together', async () => {
    expect(await flowLogKey('check', delivered, '--key', keyId, ...snapshot)).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(
        /^flow-log-key: no flow log matches --key 11111111-.*\n$/,
      ) as string,
    });
  });

  it('is the rest where nothing has one of the names, which is a problem all the same', async () => {
    const { code, err, report } = await check(`${delivered},fl-0123456789abcdef0`, ...snapshot);
    expect({ code, ids: idsIn(report) }).toEqual({ code: 2, ids: ['fl-02b'] });
    expect(err).toMatch(/^flow-log-key: check: no flow log matches fl-0123456789abcdef0: .*\n$/);
  });
});

describe('--only', () => {
  const shown = async (only: string, ...args: readonly string[]) => {
    const { code, report } = await check(...args, '--only', only);
    const outcomes = [...new Set(report.flowLogs.map(({ outcome }) => outcome))].sort();
    return { code, outcomes, causes: report.summary.causes.length > 0 };
  };
  it.each<[string, number, readonly string[], boolean]>([
    ['blocked', 1, ['blocked'], true],
    ['deliverable', 1, ['deliverable'], false],
    ['unknown,exempt', 1, ['exempt', 'unknown'], true],
  ])('%s shows these, and leaves the exit code', async (only, code, outcomes, causes) => {
    expect(await shown(only, ...snapshot)).toEqual({ code, outcomes, causes });
  });

  it('leaves the exit code where nothing has the outcome', async () => {
    const args = ['AcceptedTraffic', ...template];
    expect(await shown('blocked', ...args)).toEqual({ code: 0, outcomes: [], causes: false });
  });

  it('leaves the counts of all that were judged', async () => {
    const { report } = await check('--only', 'blocked', ...snapshot);
    expect(report.summary).toMatchObject({ deliverable: 3, blocked: 8, unknown: 1, exempt: 1 });
    const { out } = await flowLogKey('check', '--only', 'exempt', ...snapshot);
    expect(out).toMatch(
      /\n1 of 13 flow logs shown: 8 blocked, 1 unknown, 3 deliverable, 1 exempt\n$/,
    );
  });

  it.each(['csv', 'markdown', 'sarif', 'junit', 'github', 'html'])(
    'holds in %s too',
    async (format) => {
      const { code, out } = await flowLogKey(
        'check',
        '--only',
        'exempt',
        '--format',
        format,
        ...snapshot,
      );
      expect(code).toBe(1);
      expect(out).not.toContain('fl-01a00000000000001');
    },
  );
});

describe('--only deliverable', () => {
  it.each([
    ['table', /^[^]*: 8 blocked, 1 unknown, 3 deliverable, 1 exempt\n$/],
    ['markdown', /^## 13 flow logs: 8 blocked, 1 unknown, 3 deliverable, 1 exempt$/m],
    ['github', /13 flow logs: 8 blocked, 1 unknown, 3 deliverable, 1 exempt/],
    ['html', /8 of 13 flow logs are blocked/],
  ])('hides from nobody in %s that flow logs are blocked', async (format, words) => {
    const args = [...snapshot, '--only', 'deliverable', '--format', format];
    const { code, out } = await flowLogKey('check', ...args);
    expect(code).toBe(1);
    expect(out).toMatch(words);
    expect(out).not.toContain('Every flow log is deliverable');
  });
});

describe('lists', () => {
  const statement = ['statement', '--account', '111122223333'];
  it('take commas and spaces, and the option by both names', async () => {
    const apart = await flowLogKey(
      ...statement,
      '444455556666',
      '--region',
      'us-east-1',
      'eu-west-1',
    );
    const ways = [
      ['statement', '--accounts', '111122223333,444455556666', '--regions', 'us-east-1,eu-west-1'],
      ['statement', '--account', '111122223333, 444455556666', '--region', 'us-east-1 eu-west-1'],
      [...statement, '--account', '444455556666', '--region', 'us-east-1', '--regions=eu-west-1'],
    ];
    expect(apart.code).toBe(0);
    for (const args of ways) expect(await flowLogKey(...args)).toEqual(apart);
  });

  it('of actions and checks do so too', async () => {
    const ways = [
      [
        '--required-actions',
        'kms:Decrypt,kms:CreateGrant',
        '--also-check',
        'bucket-policy,customer-key',
      ],
      [
        '--required-actions',
        'kms:Decrypt',
        'kms:CreateGrant',
        '--also-check',
        'bucket-policy',
        'customer-key',
      ],
    ];
    const ended: Awaited<ReturnType<typeof check>>[] = [];
    for (const args of ways) ended.push(await check(...snapshot, ...args));
    const [commas, spaces] = ended;
    expect(commas).toEqual(spaces);
    expect(commas?.report.summary.deliverable).toBe(0);
  });
});

describe('a Region with a new number', () => {
  const args = ['statement', '--account', '111122223333', '--region', 'us-east-9'];
  it('gets a warning', async () => {
    const { code, out, err } = await flowLogKey(...args);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringContaining(':us-east-9:') as string,
    });
    expect(err).toBe(
      'flow-log-key: Region us-east-9 is newer than this version of flow-log-key, or its number is wrong\n',
    );
  });
  it('gets none with --quiet', async () => {
    expect((await flowLogKey(...args, '--quiet')).err).toBe('');
  });
});

describe('--quiet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quiet-'));
  const none = join(folder, 'none.json');
  const expired = join(folder, 'expired.json');
  const sample = readFileSync('examples/exemptions/sample.json', 'utf8');
  writeFileSync(none, '{"configurationItems":[]}');
  writeFileSync(expired, sample.replace(/"\d{4}-(\d\d-\d\d)"/g, '"2020-$1"'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each<[string, readonly string[], string]>([
    ['no flow log', ['--snapshot', none], 'no flow log was found'],
    ['an expired exemption', [...snapshot, '--exemptions', expired], 'has expired'],
    ['a new Region', [...template, '--region', 'us-east-9'], 'us-east-9 is newer'],
    ['a template given twice', [...template, 'examples/network.yaml'], 'given twice'],
    ['progress', snapshot, 'judged 13 of 13'],
  ])('says nothing of %s', async (_, args, said) => {
    expect((await flowLogKeyAt({ columns: 100 }, 'check', ...args)).err).toContain(said);
    expect((await flowLogKeyAt({ columns: 100 }, 'check', ...args, '--quiet')).err).toBe('');
  });
});
