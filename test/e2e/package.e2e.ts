import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import manifest from '../../package.json';

/** Outside of the checkout: nothing above has modules. */
const folder = mkdtempSync(join(tmpdir(), 'package-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a command without the settings of the npm that runs the tests. */
function run(cwd: string, command: string, ...args: readonly string[]): Ended {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_(?!config_registry)|NODE_OPTIONS|JEST|CDK)/.test(name),
    ),
  );
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

function passes(...command: Parameters<typeof run>): string {
  const { status, output } = run(...command);
  expect(status === 0 ? '' : output).toBe('');
  return output;
}

const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];

function newFolder(name: string, files: Readonly<Record<string, string>>): string {
  const made = join(folder, name);
  mkdirSync(made, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(made, file), text);
  return made;
}

/** The package as npm would publish the checkout with its bundles. */
function pack(): string {
  const { output } = run(
    process.cwd(),
    'npm',
    'pack',
    '--ignore-scripts',
    '--silent',
    '--pack-destination',
    folder,
  );
  return join(folder, output.trim());
}
const tarball = pack();

describe('the package in an empty folder', () => {
  const empty = newFolder('empty', { 'package.json': '{}' });

  it('is one package, installed without a registry, whose command judges a sample', () => {
    passes(empty, 'npm', 'install', ...quiet, '--offline', tarball);
    const installed = readdirSync(join(empty, 'node_modules')).filter(
      (name) => !name.startsWith('.'),
    );
    expect(installed).toEqual(['flow-log-key-rule']);
    const { status, output } = run(
      empty,
      'node_modules/.bin/flow-log-key',
      'check',
      '--snapshot',
      'node_modules/flow-log-key-rule/examples/workload-111122223333-us-east-1.json',
      'node_modules/flow-log-key-rule/examples/log-archive-444455556666-us-east-1.json',
    );
    expect(output).toContain('BLOCKED  key-policy  3 flow logs\n');
    expect(status).toBe(1);
  });
});

/** The app of `cdk init` installs its packages. */
const answers = run(
  folder,
  'npm',
  'view',
  `aws-cdk-lib@${manifest.devDependencies['aws-cdk-lib']}`,
  'version',
  '--fetch-retries=0',
  '--fetch-timeout=20000',
);
if (answers.status !== 0)
  process.stderr.write('no package registry answers: the app of cdk init is not tried\n');
const described = answers.status === 0 ? describe : describe.skip;

const appStack = `
import * as cdk from 'aws-cdk-lib/core';
import { MaximumExecutionFrequency } from 'aws-cdk-lib/aws-config';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { FlowLogKeyRule, type FlowLogKeyRuleProps } from 'flow-log-key-rule/cdk';

export class AppStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props?: cdk.StackProps) {
    super(scope, id, props);
    new FlowLogKeyRule(this, 'Rule');
  }
}

export class MendingStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props?: cdk.StackProps) {
    super(scope, id, props);
    const key = new Key(this, 'Key', { enableKeyRotation: true });
    const chosen: FlowLogKeyRuleProps = {
      alarmTopic: new Topic(this, 'Alarms', { enforceSSL: true }),
      evaluationFrequency: MaximumExecutionFrequency.TWELVE_HOURS,
      logRetention: RetentionDays.ONE_YEAR,
      requiredActions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      detailedFindings: true,
      hook: 'warn',
      remediation: {
        keys: [key],
        automatic: true,
        approvers: [new Role(this, 'Approvers', { assumedBy: new AccountRootPrincipal() })],
        retryPeriod: cdk.Duration.hours(1),
      },
    };
    const rule = new FlowLogKeyRule(this, 'Rule', chosen);
    new cdk.CfnOutput(this, 'Alarms1', { value: String(rule.alarms.length) });
    rule.evaluator.metricErrors().createAlarm(this, 'Errors', { threshold: 1, evaluationPeriods: 1 });
  }
}
`;

const bin = `
import * as cdk from 'aws-cdk-lib/core';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { FlowLogKeyOrganization, FlowLogKeyValidation } from 'flow-log-key-rule/cdk';
import { AppStack, MendingStack } from '../lib/app-stack';

const app = new cdk.App();
cdk.Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new FlowLogKeyValidation());
const alone = new AppStack(app, 'AppStack');
if (process.env.PLAIN) new Topic(alone, 'Plain');
new MendingStack(app, 'MendingStack', { env: { account: '111122223333', region: 'eu-west-1' } });
new FlowLogKeyOrganization(app, 'Logs', {
  organizationId: 'o-a1b2c3d4e5',
  organizationalUnits: ['ou-ab12-c3d4e5f6'],
  regions: ['us-east-1', 'eu-west-1'],
  memberAccounts: ['111122223333'],
  remediation: { keys: { name: 'mend', value: 'yes' } },
});
`;

const test = `
import * as cdk from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { FlowLogKeyRule } from 'flow-log-key-rule/cdk';

test('the rule', () => {
  const stack = new cdk.Stack();
  const rule = new FlowLogKeyRule(stack, 'Rule');
  Template.fromStack(stack).resourceCountIs('AWS::Config::ConfigRule', 1);
  expect(rule.alarms.length).toBeGreaterThan(5);
});
`;

/** The types under ES modules, where a wrong prop is refused. */
const esm = `
import { App, Stack } from 'aws-cdk-lib';
import { createRequire } from 'node:module';
import { FlowLogKeyOrganization, FlowLogKeyRule, FlowLogKeyValidation } from 'flow-log-key-rule/cdk';

const stack = new Stack(new App(), 'Net');
const rule = new FlowLogKeyRule(stack, 'Rule', { hook: 'fail' });
// @ts-expect-error -- no such mode
try { new FlowLogKeyRule(stack, 'Bad', { hook: 'block' }); } catch (error) { console.log(String(error)); }
const required = createRequire(import.meta.url)('flow-log-key-rule/cdk');
console.log(rule instanceof required.FlowLogKeyRule, typeof FlowLogKeyOrganization, typeof FlowLogKeyValidation);
`;

/** The settings of cdk init of earlier years, whose compiler finds types without the exports of a package. */
const olderSettings = JSON.stringify({
  compilerOptions: {
    target: 'ES2020',
    module: 'commonjs',
    moduleResolution: 'node10',
    ignoreDeprecations: '6.0',
    lib: ['es2020', 'dom'],
    strict: true,
    noImplicitReturns: true,
    experimentalDecorators: true,
    esModuleInterop: true,
    types: ['jest', 'node'],
    noEmit: true,
  },
  include: ['*.ts'],
});

described('the package in the app of cdk init', () => {
  const app = newFolder('app', {});
  const cdk = join(app, 'node_modules/.bin/cdk');

  beforeAll(() => {
    const init = ['init', 'app', '--language', 'typescript', '--generate-only'];
    passes(app, resolve('node_modules/.bin/cdk'), ...init);
    const { 'aws-cdk-lib': lib, constructs, 'cdk-nag': nag } = manifest.devDependencies;
    const packages = [`aws-cdk-lib@${lib}`, `constructs@${constructs}`, `cdk-nag@${nag}`];
    passes(app, 'npm', 'install', ...quiet, tarball, ...packages);
    writeFileSync(join(app, 'lib/app-stack.ts'), appStack);
    writeFileSync(join(app, 'bin/app.ts'), bin);
    writeFileSync(join(app, 'test/app.test.ts'), test);
    writeFileSync(join(app, 'bin/esm.mts'), esm);
  });

  it('passes cdk synth, whose command compiles with tsc and runs with tsx, without a finding of cdk-nag', () => {
    const output = passes(app, cdk, 'synth', '--strict', '--quiet');
    expect(output).not.toMatch(/warning|deprecated/i);
    const manifestFile = join(app, 'cdk.out/AppStack.assets.json');
    const { files } = JSON.parse(readFileSync(manifestFile, 'utf8')) as {
      files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
    };
    const folders = Object.values(files).map(({ source }) => source.path);
    const [code = ''] = folders.filter((path) => path.startsWith('asset.'));
    expect(readdirSync(join(app, 'cdk.out', code))).toContain('index.cjs');
    // A resource with a finding fails.
    const settings = ['PLAIN=1', 'CDK_OUTDIR=refused'];
    const { output: refused } = run(app, 'env', ...settings, 'node_modules/.bin/tsx', 'bin/app.ts');
    expect(refused).toContain('AwsSolutions-SNS3');
  });

  it('passes its tests with jest', () => {
    passes(app, 'npx', 'jest');
  });

  it('is one class for ES modules and CommonJS, and says which prop is bad', () => {
    expect(passes(app, 'node_modules/.bin/tsx', 'bin/esm.mts')).toBe(
      'Error: Net/Bad: prop hook="block": give one of off, warn, fail\ntrue function function\n',
    );
  });

  it('has types without a mistake of their own', () => {
    const { output } = run(app, 'node_modules/.bin/tsc', '--skipLibCheck', 'false');
    expect(output.split('\n').filter((line) => line.includes('flow-log-key-rule'))).toEqual([]);
  });

  it('passes tests under settings of earlier years with ts-jest, which compares types', () => {
    const older = newFolder('app/older', {
      'tsconfig.json': olderSettings,
      'package.json': '{}',
      'app.test.ts': test,
      'jest.config.js': `module.exports = { testEnvironment: 'node', transform: { '[.]tsx?$': 'ts-jest' } };`,
    });
    // ts-jest takes no compiler of today.
    passes(older, 'npm', 'install', ...quiet, '--legacy-peer-deps', 'ts-jest@29.4.15');
    symlinkSync(resolve('node_modules/typescript'), join(older, 'node_modules/typescript'));
    passes(older, join(app, 'node_modules/.bin/jest'), '--rootDir', older);
  });
});
