import type { Log, Result } from 'sarif';
import { formats, type Format } from '../../../rule/desk/reports/formats.ts';
import { github } from '../../../rule/desk/reports/github.ts';
import { markdown } from '../../../rule/desk/reports/markdown.ts';
import { sarif } from '../../../rule/desk/reports/sarif.ts';
import type { Row } from '../../../rule/remedy/run.ts';
import { rowOf, runOf, verdictOf } from './runs.ts';

const root = process.cwd();

/** So many flow logs with one outcome, each into a bucket of its own if there are many causes. */
const failing = (count: number, outcome: 'blocked' | 'unknown', causes = 1): readonly Row[] =>
  Array.from({ length: count }, (_, nth) => {
    const bucket = `${outcome}-${nth % causes}`;
    return rowOf(`fl-${outcome}-${nth}`, verdictOf({ outcome, bucket }));
  });

const source = { file: 'network.yaml', line: 75, column: 3 };
const one = rowOf('RejectedTraffic', verdictOf({ outcome: 'blocked' }), { source });

const problem = { file: 'network.yaml', item: null, message: 'is not YAML' };

describe('the commands for GitHub', () => {
  const linesOf = (...args: Parameters<typeof runOf>) =>
    [...github(runOf(...args), { root })].join('').trimEnd().split('\n');
  const kinds = (lines: readonly string[]) => lines.map((line) => line.split(/[: ]+/)[1]);

  it.each([
    ['two flow logs', failing(2, 'blocked'), [], ['error', 'error', 'notice']],
    [
      'thirty flow logs',
      failing(30, 'blocked'),
      [],
      [...Array<string>(10).fill('error'), 'notice'],
    ],
    ['unknown flow logs', failing(1, 'unknown'), [], ['warning', 'notice']],
    [
      'unread input',
      failing(30, 'blocked'),
      [problem],
      [...Array<string>(10).fill('error'), 'notice'],
    ],
    ['no flow log', [], [], ['notice']],
    ['unread input alone', [], [problem, problem], ['error', 'notice']],
  ] as const)('are ten at most, and one notice: %s', (_, rows, problems, expected) => {
    expect(kinds(linesOf(rows, problems))).toEqual(expected);
  });

  it('show blocked before unknown, and each cause before a second flow log of any', () => {
    const lines = linesOf([...failing(30, 'unknown'), ...failing(30, 'blocked', 8)]);
    const ids = lines.map((line) => /::(fl-[\w-]+):/.exec(line)?.[1]);
    expect(new Set(ids.slice(0, 8)).size).toBe(8);
    expect(lines.slice(0, 10).every((line) => line.includes('flow log blocked'))).toBe(true);
    expect(lines.at(-1)).toBe(
      '::notice title=flow-log-key::60 flow logs: 30 blocked, 30 unknown; 50 of the blocked and unknown are not shown, --format json has all',
    );
  });

  it('name file, line and column as GitHub knows the file, in any working folder', () => {
    const source = { file: 'rule/a, b.yaml', line: 7, column: 3 };
    const run = runOf([rowOf('A', verdictOf({ outcome: 'blocked' }), { source })]);
    const [inRoot = ''] = github(run, { root });
    const [below = ''] = github(run, { root: `${root}/rule` });
    const [outside = ''] = github(run, { root: `${root}/test` });
    expect(inRoot).toMatch(
      /^::error file=rule\/a%2C b\.yaml,line=7,col=3,title=flow log blocked%3A /,
    );
    expect(below).toMatch(/^::error file=a%2C b\.yaml,/);
    expect(outside).toMatch(/^::error file=\/.*\/rule\/a%2C b\.yaml,/);
  });
});

describe('the comment in Markdown', () => {
  const commentOf = (...args: Parameters<typeof runOf>) => [...markdown(runOf(...args))].join('');

  it.each([
    ['many causes', runOf(failing(2000, 'blocked', 2000))],
    ['many flow logs', runOf(failing(20_000, 'blocked'))],
    [
      'long names',
      runOf(failing(300, 'blocked', 100).map((row) => ({ ...row, id: row.id.repeat(900) }))),
    ],
    [
      'many problems',
      runOf(
        [],
        Array.from({ length: 9000 }, () => problem),
      ),
    ],
    [
      'long words',
      runOf([
        rowOf(
          'A',
          verdictOf({ outcome: 'blocked', what: '`*'.repeat(90_000), next: '*'.repeat(90_000) }),
        ),
      ]),
    ],
  ])('has 65,536 characters at most, whole folds and whole code: %s', (_, run) => {
    const comment = [...markdown(run)].join('');
    expect(comment.length).toBeLessThanOrEqual(65_536);
    expect(comment.match(/<details>/g)?.length).toBe(comment.match(/<\/details>/g)?.length);
    expect((comment.match(/^```/gm)?.length ?? 0) % 2).toBe(0);
    expect(comment).toMatch(/^## (\d+ flow logs?:|No flow log)/);
  });

  it('says that it is cut, and where the rest is', () => {
    const comment = commentOf(failing(2000, 'blocked', 2000));
    expect(comment).toMatch(
      /\*\*Cut here\*\*.* \d+ more sections are not shown, `--format json` has all\.\n$/,
    );
    expect(commentOf(failing(3, 'blocked'))).not.toContain('Cut here');
  });

  it('shows the statement of a key once', () => {
    const comment = commentOf(failing(3, 'blocked', 3));
    expect(comment.match(/"Sid"/g)?.length).toBe(1);
    expect(comment.match(/- Statement: the same as above/g)?.length).toBe(2);
  });
});

describe.each(Object.keys(formats) as Format[])('the report in %s', (format) => {
  it('does not look whole where input could not be read', async () => {
    const paint = { dim: String, red: String, yellow: String, green: String };
    const write = await formats[format]();
    const textOf = (...problems: Parameters<typeof runOf>[1] & object) =>
      [...write(runOf([one], problems), { width: 100, paint, root })].join('');
    const words = /could not be read|unreadable|is not YAML/;
    // The rules of SARIF are the same in every report.
    expect(words.test(textOf()) && format !== 'sarif').toBe(false);
    expect(textOf(problem)).toMatch(words);
  });
});

describe('a report with limits', () => {
  it('tells of unread input whatever the length of its words', () => {
    const long = { file: '@'.repeat(9000), item: '*'.repeat(9000), message: '#'.repeat(9000) };
    const run = runOf(
      failing(2000, 'blocked', 2000),
      Array.from({ length: 90 }, () => long),
    );
    expect([...markdown(run)].join('')).toContain('Input could not be read (90)');
    const [unread = ''] = github(run, { root });
    expect(unread).toMatch(/^::error title=input could not be read/);
    expect(unread.length).toBeLessThan(65_536);
  });
});

describe('SARIF', () => {
  const runIn = (...args: Parameters<typeof runOf>) =>
    (JSON.parse([...sarif(runOf(...args), { root })].join('')) as Log).runs[0];
  const hashes = (results: readonly Result[] = []) =>
    results.map(({ partialFingerprints }) => partialFingerprints?.['flowLog/v1']);

  it('has the 5,000 gravest results, and says that more are left', () => {
    const run = runIn([...failing(4000, 'unknown', 7), ...failing(3000, 'blocked', 7)], [problem]);
    expect(run?.results?.map(({ level }) => level)).toEqual([
      ...Array<string>(3001).fill('error'),
      ...Array<string>(1999).fill('warning'),
    ]);
    expect(run?.invocations?.[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [
        { level: 'error', message: { text: 'network.yaml: is not YAML' } },
        {
          level: 'warning',
          message: { text: '2001 more results are not shown, --format json has all' },
        },
      ],
    });
  });

  it('has no result for deliverable and exempt flow logs', () => {
    const rows = [
      rowOf('A', verdictOf({ outcome: 'deliverable' })),
      rowOf('B', verdictOf({ outcome: 'exempt', check: 'exemption' })),
    ];
    expect(runIn(rows)?.results).toEqual([]);
  });

  it.each([
    ['another line', { ...one, source: { ...source, line: 80, column: 5 } }],
    [
      'another message',
      { ...one, verdict: verdictOf({ outcome: 'blocked', what: 'other words' }) },
    ],
    ['another outcome', { ...one, verdict: verdictOf({ outcome: 'unknown' }) }],
    ['another account and Region', { ...one, accountId: '', region: '' }],
    [
      'another bucket and key',
      { ...one, verdict: verdictOf({ outcome: 'blocked', bucket: 'b', key: 'k' }) },
    ],
    [
      'the absolute path of the file',
      { ...one, source: { ...source, file: `${root}/network.yaml` } },
    ],
  ])('knows a flow log again by its fingerprint: %s', (_, changed) => {
    expect(hashes(runIn([changed])?.results)).toEqual(hashes(runIn([one])?.results));
  });

  it.each([
    ['another id', { ...one, id: 'OtherTraffic' }],
    ['another file', { ...one, source: { ...source, file: 'other.yaml' } }],
    ['another check', { ...one, verdict: verdictOf({ outcome: 'blocked', check: 'key-state' }) }],
  ])('tells flow logs apart by their fingerprints: %s', (_, changed) => {
    expect(hashes(runIn([changed])?.results)).not.toEqual(hashes(runIn([one])?.results));
  });

  it('has a file and a line for each result, because GitHub refuses an upload otherwise', () => {
    const results = runIn(
      [one, rowOf('fl-1', verdictOf({ outcome: 'blocked' }))],
      [problem],
    )?.results;
    const locations = results?.map((each) => each.locations?.[0]?.physicalLocation);
    expect(locations).toEqual([
      { artifactLocation: { uri: 'network.yaml' }, region: { startLine: 1 } },
      { artifactLocation: { uri: 'network.yaml' }, region: { startLine: 75, startColumn: 3 } },
      { artifactLocation: { uri: 'aws/111122223333/us-east-1/fl-1' }, region: { startLine: 1 } },
    ]);
  });
});
