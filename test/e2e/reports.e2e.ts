import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Log } from 'sarif';
import { csv } from '../../rule/desk/reports/csv.ts';
import { formats } from '../../rule/desk/reports/formats.ts';
import { junit } from '../../rule/desk/reports/junit.ts';
import { sarif } from '../../rule/desk/reports/sarif.ts';
import { hostileNames, hostileRun, seen } from '../desk/reports/hostile-names.ts';
import { endings, samples } from '../desk/reports/samples.ts';

const command = resolve('bin/flow-log-key.js');
const folder = mkdtempSync(join(tmpdir(), 'reports-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const run = (args: readonly string[], program = command) =>
  spawnSync(process.execPath, [program, 'check', ...args], {
    encoding: 'utf8',
    env: { ...process.env, GITHUB_WORKSPACE: undefined },
  });

const report = (...args: readonly string[]): string => run(args).stdout;

interface JsonReport {
  readonly flowLogs: readonly { readonly flowLogId: string; readonly outcome: string }[];
}

describe('the built command', () => {
  const rows = Object.entries(samples).flatMap(([sample, args]) =>
    Object.entries(endings).map(([format, ending]) => [format, sample, ending, args] as const),
  );

  it.each(rows)(
    'writes the golden report in %s of the sample %s',
    (format, sample, ending, args) => {
      expect(report(...args, '--format', format)).toBe(
        readFileSync(`test/golden/${sample}.${ending}`, 'utf8'),
      );
    },
  );

  it.each(Object.keys(formats))(
    'writes %s into the file of --output, and ends the same',
    (format) => {
      const file = join(folder, format);
      const args = [...samples.account, '--format', format];
      const [printed, written] = [run(args), run([...args, '--output', file])];
      expect(readFileSync(file, 'utf8')).toBe(printed.stdout);
      expect({ status: written.status, stdout: written.stdout }).toEqual({ status: 1, stdout: '' });
    },
  );

  it('loads the writers of reports only where somebody asks for their format', () => {
    mkdirSync(join(folder, 'bin'));
    cpSync('bin', join(folder, 'bin'), { recursive: true });
    cpSync('dist', join(folder, 'dist'), { recursive: true });
    cpSync('package.json', join(folder, 'package.json'));
    rmSync(join(folder, 'dist/desk/reports.js'));
    const program = join(folder, 'bin/flow-log-key.js');
    expect(run(['--help'], program).status).toBe(0);
    expect(run(samples.account, program).status).toBe(1);
    expect(run([...samples.account, '--format', 'json'], program).status).toBe(1);
    expect(run([...samples.account, '--format', 'csv'], program).status).toBe(2);
  });
});

/** The output of a Python program about a text, as JSON. */
const python = (program: string, input: string): unknown =>
  JSON.parse(execFileSync('python3', ['-c', program], { input, encoding: 'utf8' }));

describe('Python reads', () => {
  const readCsv = `
import csv, io, json, sys
text = sys.stdin.buffer.read().decode('utf8')
print(json.dumps(list(csv.DictReader(io.StringIO(text, newline=''), strict=True))))`;

  const readJunit = `
import json, sys
from xml.etree import ElementTree
root = ElementTree.fromstring(sys.stdin.buffer.read())
suites = root.findall('testsuite')
def count(suite, tag): return sum(1 for test in suite.iter('testcase') if test.find(tag) is not None)
for element in [root, *suites]:
    assert int(element.get('tests')) == len(list(element.iter('testcase')))
    for tag, total in [('failure', 'failures'), ('error', 'errors'), ('skipped', 'skipped')]:
        assert int(element.get(total)) == count(element, tag)
def result(test): return next((child.tag for child in test if child.tag != 'properties'), 'passed')
print(json.dumps([[test.get('name'), test.get('classname'), result(test)] for test in root.iter('testcase')]))`;

  const { flowLogs } = JSON.parse(report(...samples.account, '--format', 'json')) as JsonReport;

  it('the records of CSV', () => {
    const records = python(readCsv, report(...samples.account, '--format', 'csv'));
    expect(records).toMatchObject(
      flowLogs.map(({ flowLogId, outcome }) => ({ flowLogId, outcome })),
    );
    const halfRead = python(readCsv, report(...samples['half-read'], '--format', 'csv'));
    expect(halfRead).toMatchObject([
      { outcome: 'deliverable', file: 'examples/network.yaml' },
      { outcome: 'blocked', line: '75' },
      {
        outcome: 'unreadable',
        file: 'package.json',
        what: 'is no CloudFormation template: it has no Resources',
      },
    ]);
  });

  it('the records of CSV with hostile names', () => {
    const text = [...csv(hostileRun(hostileNames))].join('');
    const records = python(readCsv, text) as readonly { readonly flowLogId: string }[];
    const ids = records.map(({ flowLogId }) => flowLogId.replace(/^'(?=.)/, ''));
    const expected = hostileNames.map(seen);
    expect(ids).toEqual([...expected, ...expected]);
  });

  it('the tests of JUnit', () => {
    const results = {
      deliverable: 'passed',
      blocked: 'failure',
      unknown: 'error',
      exempt: 'skipped',
    };
    expect(python(readJunit, report(...samples.account, '--format', 'junit'))).toEqual(
      flowLogs.map(({ flowLogId, outcome }) => [
        flowLogId,
        '111122223333.us-east-1',
        results[outcome as keyof typeof results],
      ]),
    );
    expect(python(readJunit, report(...samples['half-read'], '--format', 'junit'))).toEqual([
      ['AcceptedTraffic', 'not-deployed', 'passed'],
      ['RejectedTraffic', 'not-deployed', 'failure'],
      ['package.json', 'unreadable-input', 'error'],
    ]);
  });

  it('the tests of JUnit with hostile names', () => {
    const tests = python(readJunit, [...junit(hostileRun(hostileNames))].join('')) as string[][];
    expect(tests.slice(0, hostileNames.length).map(([name]) => name)).toEqual(
      hostileNames.map(seen),
    );
  });
});

const { stdout: multitool } = spawnSync(process.execPath, ['build/sarif-multitool.js'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});

(multitool === '' ? describe.skip : describe)("Microsoft's validator of SARIF", () => {
  /** Runs the rules of SARIF and the rules of GitHub; resolves with the errors and warnings. */
  function findingsIn(text: string): readonly string[] {
    const [file, output] = [join(folder, 'report.sarif'), join(folder, 'validation.sarif')];
    writeFileSync(file, text);
    const args = ['validate', file, '--output', output, '--log', 'ForceOverwrite'];
    execFileSync(multitool.trim(), [...args, '--rule-kind', 'Sarif;Ghas'], {
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
      stdio: 'ignore',
    });
    const { runs } = JSON.parse(readFileSync(output, 'utf8')) as Log;
    return runs.flatMap(({ results = [] }) =>
      results.map(({ ruleId, message }) => [ruleId, ...(message.arguments ?? [])].join(' ')),
    );
  }

  it.each(Object.entries(samples))('finds nothing in the report of %s', (_, args) => {
    expect(findingsIn(report(...args, '--format', 'sarif'))).toEqual([]);
  });

  it('finds nothing in a report with hostile names', () => {
    const text = [...sarif(hostileRun(hostileNames), { root: process.cwd() })].join('');
    expect(findingsIn(text)).toEqual([]);
  });

  it('finds a result without a file', () => {
    const log = JSON.parse(report(...samples.template, '--format', 'sarif')) as Log;
    for (const result of log.runs[0]?.results ?? []) result.locations = [];
    expect(findingsIn(JSON.stringify(log))).not.toEqual([]);
  });
});
