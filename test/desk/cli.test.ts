import {
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flowLogKey, flowLogKeyAt, runScript, runUnread, type Terminal } from './command-line.ts';

const check = (...args: readonly string[]) => flowLogKey('check', ...args);

const workload = 'examples/workload-111122223333-us-east-1.json';
const archive = 'examples/log-archive-444455556666-us-east-1.json';

interface Item {
  readonly resourceId: string;
}

interface Report {
  readonly flowLogs: readonly { flowLogId: string; outcome: string; remedy: unknown }[];
  readonly summary: { blocked: number; causes: readonly { flowLogIds: readonly string[] }[] };
  readonly problems: readonly object[];
}
const parse = (text: string) => JSON.parse(text) as Report;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a snapshot with the sample flow logs of these outcomes, and with all sample buckets and keys. */
async function only(...outcomes: readonly string[]): Promise<string> {
  const { flowLogs } = parse(
    (await check('--snapshot', workload, archive, '--format', 'json')).out,
  );
  const ids = flowLogs
    .filter(({ outcome }) => outcomes.includes(outcome))
    .map(({ flowLogId }) => flowLogId);
  const items = [workload, archive].flatMap(
    (file) =>
      (
        JSON.parse(readFileSync(file, 'utf8')) as {
          configurationItems: { resourceType: string; resourceId: string }[];
        }
      ).configurationItems,
  );
  const file = join(folder, `${outcomes.join('-')}.json`);
  const wanted = items.filter(
    ({ resourceType, resourceId }) =>
      resourceType !== 'AWS::EC2::FlowLog' || ids.includes(resourceId),
  );
  writeFileSync(file, JSON.stringify({ configurationItems: wanted }));
  return file;
}

/** Writes a snapshot of the sample account with one flow log this many times in each of these accounts. */
function many(file: string, accounts: readonly string[], times: number): string {
  // The bucket policies of the sample admit one account.
  const { configurationItems } = JSON.parse(
    readFileSync(workload, 'utf8'),
    (name, value: unknown) => (name === 'BucketPolicy' ? undefined : value),
  ) as { configurationItems: { resourceType: string; resourceId: string }[] };
  const flowLogs = configurationItems.filter((item) => item.resourceId === 'fl-01a00000000000001');
  const others = configurationItems.filter((item) => item.resourceType !== 'AWS::EC2::FlowLog');
  const copies = accounts.flatMap((accountId) =>
    Array.from({ length: times }, (_, n) =>
      flowLogs.map((item) => ({
        ...(item as object),
        awsAccountId: accountId,
        ARN: undefined,
        resourceId: `fl-${String(n).padStart(17, '0')}`,
      })),
    ).flat(),
  );
  writeFileSync(file, JSON.stringify({ configurationItems: [...others, ...copies] }));
  return file;
}

describe('the demonstration', () => {
  it('prints what a reviewer has read, and what to do next', async () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: { start: string };
    };
    const commands = scripts.start
      .split(' && ')
      .map((command) => command.replace(/^node /, '').split(' '));
    const results = await Promise.all(
      commands.map(([script = '', ...args]) => runScript(script, ...args)),
    );
    expect(results.map(({ code, err }) => ({ code, err }))).toEqual(
      results.map(() => ({ code: 0, err: '' })),
    );
    expect(results.map(({ out }) => out).join('')).toBe(
      readFileSync('test/golden/start.txt', 'utf8'),
    );
  });
});

describe('a process of its own', () => {
  it('ends with the exit code, also after a reader who has closed the pipe early', async () => {
    const file = many(join(folder, 'long.json'), ['111122223333', '555566667777'], 60);
    const args = ['check', '--snapshot', file, '--format', 'json'];
    const { code, out, err } = await runScript('bin/flow-log-key.js', ...args);
    expect({ code, err, blocked: parse(out).summary.blocked }).toEqual({
      code: 1,
      err: '',
      blocked: 120,
    });
    expect(await runUnread('bin/flow-log-key.js', ...args)).toEqual({ code: 1, out: '', err: '' });
  });

  it('ends with 2 for bad usage', async () => {
    const { code, out, err } = await runScript('bin/flow-log-key.js', 'check');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^flow-log-key: give --snapshot FILE/);
  });
});

describe('colours', () => {
  const args = ['check', '--snapshot', workload];
  const escape = '\u001b[';

  it.each<[string, Terminal, readonly string[], boolean]>([
    ['are there at a terminal', { columns: 100 }, [], true],
    ['are not there with NO_COLOR', { columns: 100, env: { NO_COLOR: '1' } }, [], false],
    ['are not there with TERM=dumb', { columns: 100, env: { TERM: 'dumb' } }, [], false],
    ['are not in JSON', { columns: 100 }, ['--format', 'json'], false],
  ])('%s', async (_, terminal, more, expected) => {
    const { out } = await flowLogKeyAt(terminal, ...args, ...more);
    expect(out.includes(escape)).toBe(expected);
  });

  it('are not in a file', async () => {
    const output = join(folder, 'plain.txt');
    await flowLogKeyAt({ columns: 100 }, ...args, '--output', output);
    expect(readFileSync(output, 'utf8')).not.toContain(escape);
  });
});

describe('at a terminal', () => {
  const quiet = ['--quiet', '--output', '/dev/null'];

  it.each([
    [120, 120],
    [40, 60],
  ])('of %i columns no line of the table is longer than %i', async (columns, most) => {
    const env = { NO_COLOR: '1' };
    const { out } = await flowLogKeyAt({ columns, env }, 'check', '--snapshot', workload);
    const folded = out.split('\n').filter((line) => !/^(key|ids) |arn:|^BLOCKED/.test(line));
    expect(Math.max(...folded.map(({ length }) => length))).toBeLessThanOrEqual(most);
  });

  it('standard error shows progress in one line, which goes away', async () => {
    const { err } = await flowLogKeyAt({ columns: 100 }, 'check', '--snapshot', workload);
    const judged = Array.from({ length: 13 }, (_, n) => `judged ${n + 1} of 13 flow logs`);
    const lines = ['reading flow logs', ...judged, ''];
    expect(err).toBe(lines.map((line) => `\r\u001b[K${line}`).join(''));
  });

  it('with TERM=dumb shows no progress, which could not be erased', async () => {
    const terminal = { columns: 100, env: { TERM: 'dumb' } };
    const { err } = await flowLogKeyAt(terminal, 'check', '--snapshot', workload);
    expect(err).toBe('');
  });

  it('--quiet shows no progress', async () => {
    const { err } = await flowLogKeyAt({ columns: 100 }, 'check', '--snapshot', workload, ...quiet);
    expect(err).toBe('');
  });
});

describe('the exit code', () => {
  const bad = 'test/golden/start.txt';
  const rows: readonly [string, () => Promise<readonly string[]>, number][] = [
    ['0 when all are deliverable or exempt', async () => [await only('deliverable', 'exempt')], 0],
    [
      '1 when one is blocked, whatever the others are',
      async () => [await only('blocked', 'unknown', 'deliverable')],
      1,
    ],
    [
      '3 when one is unknown and none blocked',
      async () => [await only('unknown', 'deliverable')],
      3,
    ],
    ['0 when there is no flow log', async () => [await only('none')], 0],
    [
      '2 when a file cannot be read, whatever the others hold',
      async () => [await only('blocked'), bad],
      2,
    ],
    [
      '0 with --fail-on blocked when one is unknown and none blocked',
      async () => [await only('unknown', 'deliverable'), '--fail-on', 'blocked'],
      0,
    ],
    [
      '1 with --fail-on blocked when one is blocked',
      async () => [await only('blocked', 'unknown'), '--fail-on', 'blocked'],
      1,
    ],
    [
      '3 with --fail-on unknown when one is unknown and none blocked',
      async () => [await only('unknown', 'deliverable'), '--fail-on', 'unknown'],
      3,
    ],
    [
      '2 with --fail-on blocked when a file cannot be read',
      () => Promise.resolve([bad, '--fail-on', 'blocked']),
      2,
    ],
    [
      '0 with --fail-on and --exit-zero together',
      async () => [await only('blocked'), '--exit-zero', '--fail-on', 'unknown'],
      0,
    ],
    [
      '0 with --exit-zero, though one is blocked',
      async () => [await only('blocked', 'unknown'), '--exit-zero'],
      0,
    ],
    [
      '2 with --exit-zero when a file cannot be read',
      () => Promise.resolve([bad, '--exit-zero']),
      2,
    ],
  ];
  it.each(rows)('is %s', async (_, given, expected) => {
    expect((await check('--snapshot', ...(await given()))).code).toBe(expected);
  });

  it('is 0 with a warning when there is no flow log', async () => {
    const { code, err } = await check('--snapshot', await only('none'));
    expect({ code, err }).toEqual({ code: 0, err: 'flow-log-key: no flow log was found\n' });
  });
});

describe('bad usage ends with 2 and one clear line', () => {
  const rows: readonly [string, readonly string[], string | RegExp][] = [
    ['no command', [], /Usage: flow-log-key/],
    ['an unknown command', ['chekc'], '"chekc" is not a command: did you mean check?'],
    [
      'no source',
      ['check'],
      'give --snapshot FILE..., --template PATH..., --plan FILE..., --aggregator NAME or --live',
    ],
    [
      'two sources',
      ['check', '--live', '--snapshot', workload],
      'give only one of --snapshot, --template, --plan, --aggregator and --live',
    ],
    [
      'an aggregator and --live',
      ['check', '--live', '--aggregator', 'acme'],
      'give only one of --snapshot, --template, --plan, --aggregator and --live',
    ],
    [
      'Regions of an aggregator',
      ['check', '--aggregator', 'acme', '--regions', 'us-east-1'],
      '--regions goes with --live',
    ],
    [
      'a name that no aggregator has',
      ['check', '--aggregator', "acme' OR"],
      '"acme\' OR" is not the name of a configuration aggregator',
    ],
    [
      'Regions without --live',
      ['check', '--snapshot', workload, '--regions', 'us-east-1'],
      '--regions goes with --live',
    ],
    [
      'an unknown format',
      ['check', '--snapshot', workload, '--format', 'xml'],
      '--format: "xml" is not one of table, json',
    ],
    [
      'an outcome that cannot fail',
      ['check', '--snapshot', workload, '--fail-on', 'exempt'],
      '--fail-on: "exempt" is not one of blocked, unknown',
    ],
    [
      'an unknown option',
      ['check', '--snapshots', workload],
      '"--snapshots" is not an option: did you mean --snapshot?',
    ],
    [
      'an action that does not exist',
      ['check', '--snapshot', workload, '--required-actions', 'kms:Decript'],
      '"kms:Decript" is not an action of KMS',
    ],
    [
      'a bad organization id',
      ['check', '--snapshot', workload, '--organization-id', 'acme'],
      '"acme" is not an organization id',
    ],
    [
      'an unknown further check',
      ['check', '--snapshot', workload, '--also-check', 'rcp'],
      '"rcp" is not one of bucket-policy, customer-key',
    ],
    [
      'an output that cannot be written',
      ['check', '--snapshot', workload, '--output', '/nowhere/report.json'],
      '/nowhere/report.json',
    ],
  ];
  it.each(rows)('%s', async (_, args, words) => {
    const { code, out, err } = await flowLogKey(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(words);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('but --help ends with 0 and shows examples', async () => {
    const { code, out } = await check('--help');
    expect(code).toBe(0);
    expect(out).toContain('Examples:');
  });
});

describe('the table', () => {
  it('shows no command to a terminal that stands in a policy or a name', async () => {
    const evil = readFileSync(workload, 'utf8')
      .replaceAll('AWSLogDelivery', '\\\\u001b[2J\\\\nDELIVERABLE')
      .replaceAll('vpc-0a1', 'vpc-\\u001b[2J');
    const file = join(folder, 'evil.json');
    writeFileSync(file, evil);
    const { out, err } = await check('--snapshot', file);
    expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('says in how many accounts, and ends long lists of ids with how many more there are', async () => {
    const file = many(join(folder, 'many.json'), ['111122223333', '555566667777'], 60);
    const { out } = await check('--snapshot', file);
    expect(out).toContain('BLOCKED  key-policy  120 flow logs in 2 accounts\n');
    expect(out).toContain('120 flow logs in 2 accounts: 120 blocked, 0 unknown');
    const ids = out.match(/fl-\d{17}/g) ?? [];
    expect(out).toContain(`... and ${120 - ids.length} more, all in --format json`);
    expect(out.slice(out.indexOf('ids '), out.indexOf('... and')).match(/\n/g)).toHaveLength(20);
  });

  it('has no statement that is longer than any key policy', async () => {
    const accounts = Array.from({ length: 700 }, (_, n) => String(100000000000 + n));
    const { out } = await check('--snapshot', many(join(folder, 'most.json'), accounts, 1));
    expect(out).toContain('add one statement for the whole organization');
    expect(out.split('\n').length).toBeLessThan(40);
  });

  it('tells the statement for one key once, however many buckets it serves', async () => {
    const items = (JSON.parse(readFileSync(workload, 'utf8')) as { configurationItems: object[] })
      .configurationItems;
    const copy = JSON.parse(
      JSON.stringify(items)
        .replaceAll('acme-vpc-logs', 'acme-more-logs')
        .replaceAll('fl-01a', 'fl-11a'),
    ) as object[];
    const file = join(folder, 'two-buckets.json');
    writeFileSync(file, JSON.stringify({ configurationItems: [...items, ...copy] }));
    const { out } = await check('--snapshot', file);
    const [block = ''] = out.split('\n\n');
    expect(block).toMatch(/^BLOCKED {2}key-policy {2}6 flow logs$/m);
    expect(block).toMatch(
      /^s3 {2}acme-vpc-logs {3}3 flow logs\n {4}acme-more-logs {2}3 flow logs$/m,
    );
    expect(block.match(/"Sid"/g)).toHaveLength(1);
    expect(out).toMatch(/^5 keys and 1 bucket to change, 11 flow logs; /m);
  });
});

describe('JSON', () => {
  it('is sorted, has every field of the contract, and problems only on standard error and in its own list', async () => {
    const { out, err } = await check(
      '--snapshot',
      'nowhere.json',
      workload,
      archive,
      '--format',
      'json',
    );
    const report = parse(out);
    expect(err).toBe('flow-log-key: nowhere.json: does not exist: look at its path\n');
    expect(report.problems).toEqual([
      { file: 'nowhere.json', item: null, message: 'does not exist: look at its path' },
    ]);
    const text = expect.any(String) as string;
    const where = {
      bucket: 'acme-vpc-logs',
      key: 'arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4bbb-8ccc-1234567890ab',
    };
    const parts = { what: text, where, next: text, message: text };
    expect(report.flowLogs[0]).toEqual({
      flowLogId: 'fl-01a00000000000001',
      accountId: '111122223333',
      region: 'us-east-1',
      resourceId: 'vpc-0a1',
      bucket: 'acme-vpc-logs',
      keyArn: 'arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4bbb-8ccc-1234567890ab',
      source: null,
      outcome: 'blocked',
      compliance: 'NON_COMPLIANT',
      reason: 'key-policy',
      message: expect.stringContaining('no statement is for delivery.logs.amazonaws.com') as string,
      findings: [
        { check: 'key-policy', outcome: 'blocked', ...parts },
        { check: 'delivery-status', outcome: 'unknown', ...parts },
      ],
      advice: [],
      remedy: { statement: expect.objectContaining({ Sid: 'FlowLogKeyRule' }) as object },
    });
    const ids = report.flowLogs.map(({ flowLogId }) => flowLogId);
    expect(ids).toEqual([...ids].sort());
    expect(report.summary).toMatchObject({ deliverable: 3, blocked: 8, unknown: 1, exempt: 1 });
    expect(report.summary.causes).toContainEqual({
      check: 'key-policy',
      keyArn: 'arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4bbb-8ccc-1234567890ab',
      bucket: 'acme-vpc-logs',
      flowLogIds: ['fl-01a00000000000001', 'fl-01a00000000000002', 'fl-01a00000000000003'],
    });
  });

  it('goes through a link or a device as it is, and leaves no part behind where it cannot go', async () => {
    expect((await check('--snapshot', workload, '--output', '/dev/null')).code).toBe(1);
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
    const link = join(folder, 'link.json');
    symlinkSync(join(folder, 'target.json'), link);
    writeFileSync(link, 'old');
    await check('--snapshot', workload, '--format', 'json', '--output', link);
    expect(parse(readFileSync(join(folder, 'target.json'), 'utf8')).summary.blocked).toBe(8);
    expect((await check('--snapshot', workload, '--output', folder)).code).toBe(2);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('goes whole into the file of --output, which leaves nothing else behind', async () => {
    const output = join(folder, 'report.json');
    const { out } = await check('--snapshot', workload, '--format', 'json', '--output', output);
    expect(out).toBe('');
    expect(parse(readFileSync(output, 'utf8')).summary.blocked).toBe(8);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });
});

describe('exemptions', () => {
  const listed = (name: string, ...changes: readonly object[]): string => {
    const file = join(folder, name);
    const exemption = {
      pattern: { bucket: 'acme-old-*' },
      reason: 'is deleted soon',
      owner: 'network team',
      expires: '2999-12-31',
    };
    writeFileSync(file, JSON.stringify(changes.map((changed) => ({ ...exemption, ...changed }))));
    return file;
  };
  const id = 'fl-07a00000000000001';

  it('are judged at a desk as by the rule: the message says why', async () => {
    const { code, out, err } = await check(
      ...['--snapshot', workload, archive, '--exemptions', 'examples/exemptions/sample.json'],
      ...['--format', 'json'],
    );
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const report = parse(out);
    expect(report.summary).toMatchObject({ exempt: 3 });
    expect(report.flowLogs.find(({ flowLogId }) => flowLogId === id)).toMatchObject({
      outcome: 'exempt',
      compliance: 'NOT_APPLICABLE',
      reason: 'exemption',
      message:
        'exempt until 2999-12-31 (owner: network team): bucket acme-old-logs is deleted at the end of the year',
      remedy: null,
    });
  });

  it('end with 0 where they name all that is not delivered', async () => {
    const file = listed('all.json', { pattern: { account: '111122223333' } });
    const blocked = await only('blocked');
    const { code, out } = await check('--snapshot', blocked, '--exemptions', file);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^EXEMPT {2}exemption {2}8 flow logs\nwhy exempt until 2999-12-31 \(owner: network team\): is deleted soon\nids 111122223333 us-east-1: fl-/,
    );
  });

  it('name flow logs by the tags that AWS Config recorded', async () => {
    const items = (
      JSON.parse(readFileSync(workload, 'utf8')) as { configurationItems: { resourceId: string }[] }
    ).configurationItems;
    const file = join(folder, 'tagged.json');
    const tags = (each: { resourceId: string }) => (each.resourceId === id ? { team: 'data' } : {});
    const tagged = items.map((each) => ({ ...each, tags: tags(each) }));
    writeFileSync(file, JSON.stringify({ configurationItems: tagged }));
    const exempted = listed('tag.json', { pattern: { tag: { name: 'team', value: 'd*a' } } });
    const { out } = await check('--snapshot', file, '--exemptions', exempted);
    expect(out).toMatch(/^EXEMPT {2}exemption {2}1 flow log\nwhy .*\nids .*fl-07a00000000000001/m);
  });

  it('that are over are told, and ignored', async () => {
    const file = listed('over.json', { expires: '2020-01-31' });
    const { out, err } = await check('--snapshot', workload, archive, '--exemptions', file);
    expect(err).toBe(
      'flow-log-key: exemption has expired and is ignored: bucket acme-old-* (owner: network team) until 2020-01-31\n',
    );
    expect(out).toContain('BLOCKED  key-state  1 flow log');
  });

  it('leave nothing to mend', async () => {
    const file = listed('mend.json', { pattern: { flowLog: 'fl-01a*' } });
    const { code, out } = await flowLogKey(
      ...['remedy', 'fl-01a00000000000001', '--snapshot', workload, archive],
      ...['--exemptions', file],
    );
    expect(code).toBe(0);
    expect(out).toContain(
      'nothing to do for flow log fl-01a00000000000001: exempt until 2999-12-31 (owner: network team): is deleted soon',
    );
    expect(out).not.toContain('--policy');
  });

  it.each([
    [
      'do not exist',
      () => join(folder, 'no-list.json'),
      /--exemptions .*no-list\.json: does not exist/,
    ],
    ['are no JSON', () => 'README.md', /--exemptions README\.md: is not JSON/],
    [
      'have a mistake',
      () => listed('bad.json', {}, { expires: 'soon' }),
      /bad\.json: entry 2, expires: "soon" is no day/,
    ],
  ])('that %s end with 2, and nothing is judged', async (_, file, words) => {
    const { code, out, err } = await check('--snapshot', workload, '--exemptions', file());
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(words);
  });
});

describe('the options of the question', () => {
  const outcomeOf = async (id: string, ...args: readonly string[]) => {
    const { out } = await check('--snapshot', workload, archive, '--format', 'json', ...args);
    return parse(out).flowLogs.find(({ flowLogId }) => flowLogId === id)?.outcome;
  };
  it.each([
    [
      'the organization id settles a condition',
      'fl-08b00000000000002',
      ['--organization-id', 'o-a1b2c3d4e5'],
      'deliverable',
    ],
    [
      'another organization id settles it too',
      'fl-08b00000000000002',
      ['--organization-id', 'o-zzzzzzzzzz'],
      'blocked',
    ],
    [
      'customer-key blocks SSE-S3',
      'fl-09c00000000000001',
      ['--also-check', 'customer-key'],
      'blocked',
    ],
    [
      'a further required action is required',
      'fl-02b00000000000001',
      ['--required-actions', 'kms:GenerateDataKey,kms:CreateGrant'],
      'blocked',
    ],
  ])('%s', async (_, id, args, outcome) => {
    expect(await outcomeOf(id, ...args)).toBe(outcome);
  });
});

describe('remedy', () => {
  const remedy = (...args: readonly string[]) =>
    flowLogKey('remedy', ...args, '--snapshot', workload, archive);

  it('shows one diff for all flow logs of a key, and no command that puts an old policy', async () => {
    const { code, out, err } = await remedy('fl-01a00000000000001', 'fl-01a00000000000002');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.match(/^\+ +"Sid": "FlowLogKeyRule",$/gm)).toHaveLength(1);
    expect(out).not.toContain('put-key-policy');
    expect(out).toMatch(
      /^To apply it, with credentials of account \d{12}: --apply, without --snapshot$/m,
    );
  });

  it.each([
    [[], 0, 0],
    [['--format', 'terraform'], 1, 0],
    [['--format', 'cdk'], 0, 1],
  ])(
    'ends with a reminder, and with the statement in the language of %j',
    async (format, terraform, cdk) => {
      const { out } = await remedy('fl-01a00000000000001', 'fl-03c00000000000001', ...format);
      expect(out).toMatch(/put the statement there too, or the next\ndeployment takes it away/);
      expect(out.match(/^statement \{$/gm) ?? []).toHaveLength(terraform);
      expect(out.match(/^key\.addToResourcePolicy/gm) ?? []).toHaveLength(cdk);
    },
  );

  it.each([
    ['an AWS managed key', 'fl-06f00000000000001', 1, /cannot be edited/],
    ['a flow log that is not there', 'fl-0123456789abcdef0', 1, /is not in these files/],
  ])('says why it cannot mend %s', async (_, id, expected, why) => {
    const { code, err, out } = await remedy(id);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toMatch(why);
    expect(err).toContain('nothing was written');
  });

  it('has nothing to do for what is delivered, and says so', async () => {
    const { code, out } = await remedy('fl-02b00000000000001');
    expect(code).toBe(0);
    expect(out).toContain('nothing to do for flow log fl-02b00000000000001');
    expect(out).not.toContain('statement {');
  });

  it.each([
    ['flow-logs', []],
    ['organization', ['--organization-id', 'o-a1b2c3d4e5']],
  ])('reminds of a statement that it put before, in the scope of %s', async (scope, options) => {
    const id = 'fl-01a00000000000001';
    const written = await remedy(id, '--scope', scope, '--format', 'json', ...options);
    const [statement = ''] = /^\{\n[^]*^\}$/m.exec(written.out) ?? [];
    const Policy = JSON.stringify({ Statement: [JSON.parse(statement)] });
    const { configurationItems } = JSON.parse(readFileSync(workload, 'utf8')) as {
      configurationItems: Item[];
    };
    const isKey = ({ resourceId }: Item) => resourceId === '11111111-aaaa-4bbb-8ccc-1234567890ab';
    const mended = configurationItems.map((item) =>
      isKey(item) ? { ...item, supplementaryConfiguration: { Policy } } : item,
    );
    const file = join(folder, `mended-${scope}.json`);
    writeFileSync(file, JSON.stringify({ configurationItems: mended }));
    const { code, out } = await flowLogKey(
      ...['remedy', id, '--snapshot', file, '--format', 'terraform', ...options],
    );
    expect(code).toBe(0);
    expect(out).toContain(`nothing to do for flow log ${id}`);
    expect(out).toContain('put the statement there too');
    expect(out.match(/sid {7}= "FlowLogKeyRule"/g)).toHaveLength(1);
  });

  it('names the key of a policy that is nested too deep', async () => {
    const { configurationItems } = JSON.parse(readFileSync(workload, 'utf8')) as {
      configurationItems: Item[];
    };
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const Policy = `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:Sign","Resource":${deep}}]}`;
    const items = configurationItems.map((item) =>
      item.resourceId === '11111111-aaaa-4bbb-8ccc-1234567890ab'
        ? { ...item, supplementaryConfiguration: { Policy } }
        : item,
    );
    const file = join(folder, 'deep.json');
    writeFileSync(file, JSON.stringify({ configurationItems: items }));
    const args = ['remedy', 'fl-01a00000000000001', '--snapshot', file];
    expect(await flowLogKey(...args)).toEqual({
      code: 2,
      out: '',
      err: 'flow-log-key: policy of key arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4bbb-8ccc-1234567890ab: JSON is nested too deep to be read; edit it by hand\n',
    });
  });

  it.each([
    ['an item', 'broken-item.json', JSON.stringify([{ resourceType: 'AWS::KMS::Key' }]), 0],
    ['a file', 'broken-file.json', '{', 2],
  ])('goes on past %s that cannot be read, and tells it', async (_, name, content, expected) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    const { code, out, err } = await remedy('fl-01a00000000000001', '--snapshot', file);
    expect(code).toBe(expected);
    expect(out).toContain('"Sid": "FlowLogKeyRule"');
    expect(err).toMatch(
      new RegExp(`^flow-log-key: .*${name}: .*(cannot be read|is not JSON).*\n$`),
    );
  });

  it.each([
    ['an id that is none', ['vpc-1'], '"vpc-1" is not a flow log id'],
    ['no id', [], 'remedy needs <id>'],
    ['--yes without --apply', ['fl-0123456789abcdef0', '--yes'], 'go with --apply'],
    [
      '--apply where nobody can say yes',
      ['fl-0123456789abcdef0', '--apply'],
      'give --yes where nobody can answer',
    ],
    [
      '--apply on snapshots',
      ['fl-0123456789abcdef0', '--apply', '--yes', '--snapshot', workload],
      '--snapshot looks at files',
    ],
    [
      'a scope without an organization',
      ['fl-0123456789abcdef0', '--scope', 'organization'],
      '--scope organization needs --organization-id',
    ],
  ])('refuses %s', async (_, args, message) => {
    const { code, err } = await flowLogKey('remedy', ...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('statement', () => {
  const statement = (...args: readonly string[]) => flowLogKey('statement', ...args);
  const ofTwo = ['--account', '111122223333', '--region', 'us-east-1', 'cn-north-1'];

  it('is JSON with every account in every Region, each in its partition', async () => {
    const { out } = await statement(...ofTwo);
    expect((JSON.parse(out) as { Condition: object }).Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': '111122223333' },
      ArnLike: {
        'aws:SourceArn': [
          'arn:aws-cn:logs:cn-north-1:111122223333:*',
          'arn:aws:logs:us-east-1:111122223333:*',
        ],
      },
    });
  });

  it.each([
    ['terraform', /identifiers = \["delivery\.logs\.amazonaws\.com"\]/],
    ['cloudformation', /^- Sid: FlowLogKeyRule\n {2}Effect: Allow\n/],
    ['cdk', /^key\.addToResourcePolicy\(iam\.PolicyStatement\.fromJson\(\{/],
  ])('is written as %s too', async (format, expected) => {
    const { code, out } = await statement(...ofTwo, '--format', format);
    expect(code).toBe(0);
    expect(out).toMatch(expected);
  });

  it('admits an organization by its id alone', async () => {
    const { out } = await statement('--organization-id', 'o-a1b2c3d4e5');
    expect((JSON.parse(out) as { Condition: object }).Condition).toEqual({
      StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' },
    });
  });

  it.each([
    ['nobody', [], 'give --account and --region, or --organization-id'],
    ['an account without a Region', ['--account', '111122223333'], 'give --account and --region'],
    ['both ways', [...ofTwo, '--organization-id', 'o-a1b2c3d4e5'], 'not both'],
    ['an account id that is none', ['--account', '1'], '"1" is not an account id'],
    ['a Region that is none', ['--region', 'here'], '"here" is not a Region'],
  ])('refuses %s', async (_, args, message) => {
    const { code, err } = await statement(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
