import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly {
      readonly run: string;
      readonly env?: Readonly<Record<string, string>>;
    }[];
  };
}

const action = parse(readFileSync('action.yml', 'utf8')) as Action;
const [install, check] = action.runs.steps;
const sample = resolve('examples/network.yaml');

const folder = mkdtempSync(join(tmpdir(), 'ci-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a step as GitHub does: the inputs by the environment. */
function runStep(
  step: Action['runs']['steps'][number] | undefined,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
) {
  const fromInputs = Object.entries(step?.env ?? {}).map(([name, expression]) => {
    const [, input = ''] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression) ?? [];
    return [name, inputs[input] ?? action.inputs[input]?.default];
  });
  return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''], {
    encoding: 'utf8',
    cwd: folder,
    env: {
      ...process.env,
      GITHUB_ACTION_PATH: resolve('.'),
      ...Object.fromEntries(fromInputs),
      ...env,
    } as NodeJS.ProcessEnv,
  });
}

describe('the GitHub Action', () => {
  it('installs what the lock file names', () => {
    const { status, stderr } = runStep(install, {}, { npm_config_dry_run: 'true' });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });

  it('has no input inside a script', () => {
    for (const { run } of action.runs.steps) expect(run).not.toContain('${{');
  });

  const rows: readonly [string, Readonly<Record<string, string>>, number, RegExp][] = [
    ['fails for a blocked flow log', { templates: sample }, 1, /RejectedTraffic/],
    [
      'reads a path from each line',
      { templates: `\n  ${sample}\n${sample}\n` },
      1,
      /2 flow logs: 1 blocked/,
    ],
    [
      'passes account, Region and parameters on',
      {
        templates: sample,
        account: '111122223333',
        region: 'eu-west-1',
        parameters: 'VpcId=vpc-1\nVpcId=a b=c',
      },
      1,
      /arn:aws:logs:eu-west-1:111122223333:\*/,
    ],
    [
      'reads the output of the CDK',
      { templates: resolve('examples/cdk-output') },
      1,
      /RejectedTraffic/,
    ],
    [
      'reads plans, with the lines of their .tf files',
      { plans: `${resolve('examples/plan/plan.json')}\n` },
      1,
      /aws_flow_log\.rejected/,
    ],
    [
      'refuses templates beside plans',
      { plans: resolve('examples/plan/plan.json'), templates: sample },
      2,
      /give only one of/,
    ],
    ['fails without input', {}, 2, /give --snapshot/],
    [
      'fails for a bad choice',
      { templates: sample, 'fail-on': '' },
      2,
      /--fail-on: "" is not one of blocked, unknown;/,
    ],
    [
      'takes an option in a path for a path',
      { templates: `${sample}\n--exit-zero` },
      2,
      /--exit-zero: does not exist/,
    ],
    [
      'runs no text of an input',
      { templates: '$(touch made)`touch made`"; touch made; "' },
      2,
      /does not exist/,
    ],
  ];
  it.each(rows)('%s', (_, inputs, status, words) => {
    const ended = runStep(check, inputs);
    expect(ended.stdout + ended.stderr).toMatch(words);
    expect(ended.status).toBe(status);
    expect(existsSync(join(folder, 'made'))).toBe(false);
  });
});

describe('the step of Atlantis in the documentation', () => {
  const docs = readFileSync('docs/before-deployment.md', 'utf8');
  const [, step = ''] = /^ *- run: (.*SHOWFILE.*)$/m.exec(docs) ?? [];
  const runIn = (cwd: string, planFile: string) =>
    spawnSync('sh', ['-c', step.replace('CHECKOUT', resolve('.'))], {
      encoding: 'utf8',
      cwd,
      env: { ...process.env, SHOWFILE: planFile },
    });

  it('fails for a blocked flow log, and names its line', () => {
    const { status, stdout } = runIn('examples/plan', 'plan.json');
    expect(stdout).toContain('main.tf:10:1: aws_flow_log.rejected');
    expect(stdout).toContain('2 flow logs: 1 blocked, 0 unknown, 1 deliverable');
    expect(status).toBe(1);
  });

  it('passes unknown flow logs', () => {
    const unknown = resolve('test/plan-cases/dynamic-statements.json');
    const { status, stdout } = runIn('.', unknown);
    expect(stdout).toContain('1 flow log: 0 blocked, 1 unknown');
    expect(status).toBe(0);
  });
});

describe('the reports of the GitHub Action', () => {
  const summary = join(folder, 'summary.md');

  it('mark the line of the flow log, and summarise the step', () => {
    const { stdout } = runStep(check, { templates: sample }, { GITHUB_STEP_SUMMARY: summary });
    const commands = stdout.split('\n').filter((line) => /^::(error|warning|notice) /.test(line));
    expect(commands).toEqual([
      expect.stringMatching(/^::error file=\S+network\.yaml,line=75,col=3,title=/),
      expect.stringMatching(/^::notice title=flow-log-key::2 flow logs: 1 blocked, 1 deliverable$/),
    ]);
    expect(readFileSync(summary, 'utf8')).toMatch(/^## 2 flow logs: 1 blocked, 1 deliverable\n/);
  });

  it('go into a file for code scanning', () => {
    runStep(check, { templates: sample, sarif: 'key.sarif' });
    expect(readFileSync(join(folder, 'key.sarif'), 'utf8')).toContain('"version": "2.1.0"');
  });

  it('tell of a file that cannot be read, and fail', () => {
    const env = { GITHUB_STEP_SUMMARY: summary };
    const { stdout, status } = runStep(check, { templates: `${sample}\nnowhere.yaml` }, env);
    expect(stdout).toMatch(
      /^::error title=input could not be read.*nowhere\.yaml: does not exist: look at its path$/m,
    );
    expect(readFileSync(summary, 'utf8')).toContain('nowhere.yaml: does not exist');
    expect(status).toBe(2);
  });

  it('hold no command of a template: the runner obeys no line of the table', () => {
    const hostile = join(folder, 'hostile.yaml');
    const words = Array.from({ length: 9 }, () => '::add-mask::secret').join(' ');
    const template = readFileSync(sample, 'utf8').replaceAll('Sid: Owner', `Sid: 'x ${words}'`);
    writeFileSync(hostile, template);
    const { stdout } = runStep(check, { templates: hostile });
    const [, token = ''] = /^::stop-commands::([\w-]{36})$/m.exec(stdout) ?? [];
    const [before = '', table = '', after = ''] = stdout.split(
      new RegExp(`^::.*${token}.*\n`, 'm'),
    );
    expect(before).toBe('');
    expect(table).toContain('2 flow logs');
    expect(after).toMatch(/^(::(error|notice) .*\n)+$/);
  });
});

describe('the pre-commit hook', () => {
  const [hook] = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as readonly {
    readonly entry: string;
    readonly args: readonly string[];
    readonly pass_filenames: boolean;
  }[];
  const bin = join(folder, 'bin');
  beforeAll(() => {
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const [packed] = JSON.parse(execFileSync('npm', pack, { encoding: 'utf8' })) as [
      { filename: string },
    ];
    execFileSync('tar', ['-xzf', packed.filename], { cwd: folder });
    mkdirSync(bin);
    symlinkSync(join(folder, 'package/bin/flow-log-key.js'), join(bin, 'flow-log-key'));
  });

  const runHook = (cwd: string, args = hook?.args ?? []) => {
    const [command = '', ...given] = (hook?.entry ?? '').split(' ');
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}` };
    return spawnSync(command, [...given, ...args], { encoding: 'utf8', cwd, env });
  };

  it('reads a whole folder, for flow log, bucket and key may be in three files', () => {
    expect(hook?.pass_filenames).toBe(false);
  });

  it('fails for a blocked flow log below the working folder', () => {
    const { status, stdout } = runHook(resolve('examples'));
    expect(stdout).toContain('RejectedTraffic');
    expect(status).toBe(1);
  });

  it('takes a folder in args', () => {
    const { status, stdout } = runHook(resolve('.'), ['examples']);
    expect(stdout).toContain('RejectedTraffic');
    expect(status).toBe(1);
  });
});
