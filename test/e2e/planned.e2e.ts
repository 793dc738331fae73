import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const command = resolve('bin/flow-log-key.js');
const sample = 'examples/network.yaml';

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [command, 'check', ...args], { encoding: 'utf8' });

interface Report {
  readonly flowLogs: readonly {
    readonly flowLogId: string;
    readonly outcome: string;
    readonly accountId: string | null;
    readonly region: string | null;
    readonly source: unknown;
    readonly keyArn: string;
  }[];
}

const report = (...args: readonly string[]): Report =>
  JSON.parse(run(...args, '--format', 'json').stdout) as Report;

describe('flow-log-key check --template', () => {
  const folder = mkdtempSync(join(tmpdir(), 'planned-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('names the flow log that AWS could not deliver, with line and key', () => {
    const { flowLogs } = report('--template', sample);
    expect(flowLogs).toMatchObject([
      { flowLogId: 'AcceptedTraffic', outcome: 'deliverable', accountId: null, region: null },
      {
        flowLogId: 'RejectedTraffic',
        outcome: 'blocked',
        keyArn: 'LockedKey',
        source: { file: sample, line: 75, column: 3 },
      },
    ]);
    expect(run('--template', sample).status).toBe(1);
  });

  it('prints the statement in YAML, and with the statement the flow log is deliverable', () => {
    const { stdout } = run('--template', sample);
    const [, statement = ''] = /^add ([^]*?)^ids /m.exec(stdout) ?? [];
    const added = statement.replace(/^ {4}/gm, '').replace(/^/gm, ' '.repeat(10)).trimEnd();
    const [before, after] = readFileSync(sample, 'utf8').split(/^ {2}LockedBucket:\n/m);
    const mended = join(folder, 'mended.yaml');
    writeFileSync(mended, `${before?.trimEnd()}\n${added}\n  LockedBucket:\n${after}`);
    expect(report('--template', mended).flowLogs.map(({ outcome }) => outcome)).toEqual([
      'deliverable',
      'deliverable',
    ]);
    expect(run('--template', mended).status).toBe(0);
  });

  it('takes account and Region that are told', () => {
    const options = ['--account', '111122223333', '--region', 'eu-west-1'];
    expect(report('--template', sample, ...options).flowLogs).toMatchObject([
      { accountId: '111122223333', region: 'eu-west-1' },
      { accountId: '111122223333', region: 'eu-west-1' },
    ]);
  });

  it.each([
    ['a file that does not exist', ['--template', 'nowhere.yaml'], /nowhere\.yaml: does not exist/],
    [
      'a file that is no template',
      ['--template', 'package.json'],
      /package\.json: is no CloudFormation template/,
    ],
    ['two sources', ['--template', sample, '--plan', 'plan.json'], /give only one of/],
    [
      'a parameter without a value',
      ['--template', sample, '--parameter', 'VpcId'],
      /"VpcId" is not NAME=VALUE/,
    ],
    [
      'a parameter of another name',
      ['--template', sample, '--parameter', 'VpcIt=vpc-1'],
      /no given template has a parameter VpcIt: known are VpcId/,
    ],
    [
      'an account that is none',
      ['--template', sample, '--account', '12'],
      /"12" is not an account id/,
    ],
    [
      'an account without a template',
      ['--live', '--account', '111122223333'],
      /goes with --template and --plan/,
    ],
  ])('says in one line what is wrong with %s, and ends with 2', (_, args, words) => {
    const { status, stderr } = run(...args);
    expect(stderr).toMatch(words);
    expect(status).toBe(2);
  });

  it('judges what can be read beside a broken file, and ends with 2', () => {
    const broken = join(folder, 'broken.yaml');
    writeFileSync(broken, 'Resources:\n  A: [\n');
    const { status, stderr, stdout } = run('--template', sample, broken);
    expect(stderr).toMatch(/broken\.yaml: is not YAML, at line \d+, column \d+/);
    expect(stdout).toContain('2 flow logs: 1 blocked');
    expect(status).toBe(2);
  });

  it('judges what can be read beside a nested template that is broken, and ends with 2', () => {
    const parent = join(folder, 'parent.yaml');
    writeFileSync(join(folder, 'child.yaml'), 'Resources:\n  A: [\n');
    writeFileSync(
      parent,
      'Resources:\n  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}\n',
    );
    const { status, stderr, stdout } = run('--template', sample, parent);
    expect(stderr).toMatch(/child\.yaml: is not YAML, at line \d+, column \d+/);
    expect(stdout).toContain('2 flow logs: 1 blocked');
    expect(status).toBe(2);
  });

  it('names the line of the template where the metadata of the app is broken', () => {
    const output = join(folder, 'cdk-output');
    cpSync('examples/cdk-output', output, { recursive: true });
    const manifest = join(output, 'manifest.json');
    const withMetadata = readFileSync(manifest, 'utf8').replace(
      '"environment"',
      '"additionalMetadataFile": "Network.metadata.json",\n"environment"',
    );
    writeFileSync(manifest, withMetadata);
    writeFileSync(join(output, 'Network.metadata.json'), '{ "/Network": [');
    const { flowLogs } = report('--template', output);
    expect(flowLogs.map(({ source }) => source)).toEqual(
      report('--template', 'examples/cdk-output').flowLogs.map(({ source }) => ({
        ...(source as object),
        file: join(output, 'Network.template.json'),
      })),
    );
  });

  it('works from the package alone, which has no dependency', () => {
    const [packed] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
        encoding: 'utf8',
      }),
    ) as [{ filename: string }];
    execFileSync('tar', ['-xzf', packed.filename], { cwd: folder });
    const installed = join(folder, 'package/bin/flow-log-key.js');
    const { status, stdout } = spawnSync(
      process.execPath,
      [installed, 'check', '--template', resolve(sample)],
      { encoding: 'utf8', cwd: folder },
    );
    expect(stdout).toContain('2 flow logs: 1 blocked');
    expect(status).toBe(1);
  });
});
