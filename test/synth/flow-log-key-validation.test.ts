import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FlowLogKeyValidation,
  type FlowLogKeyValidationOptions,
} from '../../rule/synth/flow-log-key-validation.ts';

interface Violation {
  readonly ruleName: string;
  readonly description: string;
  readonly severity: string;
  readonly suggestedFix?: string;
  readonly violatingConstructs: readonly {
    readonly constructPath: string;
    readonly cloudFormationResource: { readonly logicalId: string; readonly templatePath: string };
    readonly stackTraces: unknown;
  }[];
}

interface Synthesised {
  readonly fails: boolean;
  readonly violations: readonly Violation[];
}

const folder = mkdtempSync(join(tmpdir(), 'synth-'));
let count = 0;
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Synthesises an app with the validation, and reads our part of the CDK's report. */
function synthesise(
  build: (app: cdk.App) => void,
  options?: FlowLogKeyValidationOptions,
): Synthesised {
  const outdir = join(folder, String(count++));
  const app = new cdk.App({
    outdir,
    analyticsReporting: false,
    context: { '@aws-cdk/core:validateAgainstDefaultRules': false },
  });
  cdk.Validations.of(app).addPlugins(new FlowLogKeyValidation(options));
  build(app);
  const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  let fails = false;
  try {
    app.synth();
  } catch (error) {
    expect(String(error)).toContain(
      'ValidationFailed: test/synth/flow-log-key-validation.test.ts:',
    );
    fails = true;
  } finally {
    printed.mockRestore();
  }
  const { pluginReports } = JSON.parse(
    readFileSync(join(outdir, 'validation-report.json'), 'utf8'),
  ) as { pluginReports: { pluginName: string; violations: Violation[] }[] };
  const ours = pluginReports.find(({ pluginName }) => pluginName === 'flow-log-key');
  return { fails, violations: ours?.violations ?? [] };
}

/** CDK's own way: a flow log into a bucket with a customer key. */
function flowLogToS3(stack: cdk.Stack, key: kms.IKey = new kms.Key(stack, 'Key')): kms.IKey {
  const encryption = s3.BucketEncryption.KMS;
  const bucket = new s3.Bucket(stack, 'Logs', {
    encryption,
    encryptionKey: key,
  }) as s3.IBucket;
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0 });
  vpc.addFlowLog('ToS3', { destination: ec2.FlowLogDestination.toS3(bucket) });
  return key;
}

/** Runs the suggested code as an app would. */
function applyFix(fix: string | undefined, key: kms.IKey): void {
  const code = fix?.slice(fix.indexOf('\n')) ?? '';
  expect(code).toContain('key.addToResourcePolicy(');
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the code is the subject
  new Function('key', 'iam', 'cdk', code)(key, iam, cdk);
}

const importedKey = 'arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4bbb-8ccc-1234567890ab';

const places: readonly [string, (app: cdk.App) => cdk.Stack, RegExp][] = [
  ['a stack', (app) => new cdk.Stack(app, 'Net'), /^Net\/Vpc\/ToS3\/FlowLog$/],
  [
    'a stack with account and Region',
    (app) => new cdk.Stack(app, 'Net', { env: { account: '111122223333', region: 'eu-west-1' } }),
    /^Net\/Vpc\/ToS3\/FlowLog$/,
  ],
  [
    'a nested stack',
    (app) => new cdk.NestedStack(new cdk.Stack(app, 'Net'), 'Inner'),
    /^Net\/Inner\/Vpc\/ToS3\/FlowLog$/,
  ],
  [
    'a stage',
    (app) =>
      new cdk.Stack(
        new cdk.Stage(app, 'Prod', { env: { account: '111122223333', region: 'eu-west-1' } }),
        'Net',
      ),
    /^Prod\/Net\/Vpc\/ToS3\/FlowLog$/,
  ],
];

describe('the synthesis of an app with the validation', () => {
  it.each(places)(
    'fails on a blocked flow log in %s, and passes with the suggested statement',
    (_, stackIn, path) => {
      const { fails, violations } = synthesise((app) => {
        flowLogToS3(stackIn(app));
      });
      expect(fails).toBe(true);
      expect(violations).toMatchObject([{ ruleName: 'key-policy', severity: 'error' }]);
      const [{ description, suggestedFix, violatingConstructs }] = violations as [Violation];
      expect(description).toMatch(
        /^flow log blocked: no statement is for .*key policy refuses kms:GenerateDataKey/,
      );
      expect(violatingConstructs[0]?.constructPath).toMatch(path);
      expect(JSON.stringify(violatingConstructs[0]?.stackTraces)).toContain(
        'flow-log-key-validation.test.ts',
      );
      const mended = synthesise((app) => {
        applyFix(suggestedFix, flowLogToS3(stackIn(app)));
      });
      expect(mended).toEqual({ fails: false, violations: [] });
    },
  );

  it('tells flow logs of one key and two stacks apart, and prints one statement for the key', () => {
    const { violations } = synthesise((app) => {
      const keys = new cdk.Stack(app, 'Keys');
      const key = new kms.Key(keys, 'Key');
      flowLogToS3(new cdk.Stack(app, 'One'), key);
      flowLogToS3(new cdk.Stack(app, 'Two'), key);
    });
    const paths = violations.flatMap((each) =>
      each.violatingConstructs.map(({ constructPath }) => constructPath),
    );
    expect(paths.sort()).toEqual(['One/Vpc/ToS3/FlowLog', 'Two/Vpc/ToS3/FlowLog']);
    expect(new Set(violations.map(({ suggestedFix }) => suggestedFix)).size).toBe(1);
  });

  it('takes an acknowledged flow log for settled', () => {
    const { fails, violations } = synthesise((app) => {
      const stack = new cdk.Stack(app, 'Net');
      flowLogToS3(stack);
      cdk.Validations.of(stack).acknowledge({
        id: 'flow-log-key::key-policy',
        reason: 'the policy is written elsewhere',
      });
    });
    expect({ fails, violations }).toEqual({ fails: false, violations: [] });
  });

  const unknowns: readonly [string, FlowLogKeyValidationOptions | undefined, string, boolean][] = [
    ['a warning', undefined, 'warning', false],
    ['a warning where that is asked', { unknown: 'warning' }, 'warning', false],
    ['an error where that is asked', { unknown: 'error' }, 'error', true],
  ];
  it.each(unknowns)('makes an unknown flow log %s', (_, options, severity, fails) => {
    const result = synthesise((app) => {
      const stack = new cdk.Stack(app, 'Net', { env: { region: 'us-east-1' } });
      flowLogToS3(stack, kms.Key.fromKeyArn(stack, 'Key', importedKey));
    }, options);
    expect(result).toMatchObject({ fails, violations: [{ severity }] });
    expect(result.violations[0]?.description).toMatch(/^flow log unknown: /);
  });

  const splits: readonly [string, FlowLogKeyValidationOptions | undefined, string | undefined][] = [
    ['unknown, and names the option', undefined, 'option account'],
    ['deliverable in the account of the options', { account: '111122223333' }, undefined],
    ['blocked in another account', { account: '444455556666' }, 'flow log blocked'],
  ];
  it.each(splits)('calls a flow log of one account %s', (_, options, words) => {
    const { violations } = synthesise((app) => {
      const key = flowLogToS3(new cdk.Stack(app, 'Net'));
      const conditions = { StringEquals: { 'aws:SourceAccount': '111122223333' } };
      const principals = [new iam.ServicePrincipal('delivery.logs.amazonaws.com')];
      key.addToResourcePolicy(
        new iam.PolicyStatement({ principals, actions: ['kms:*'], resources: ['*'], conditions }),
      );
    }, options);
    expect(violations.length).toBe(words === undefined ? 0 : 1);
    expect(violations[0]?.description ?? '').toContain(words ?? '');
    expect(violations[0]?.description ?? '').not.toContain('--');
  });

  const silent: readonly [string, (app: cdk.App) => void][] = [
    ['an app without stacks', () => undefined],
    ['a stack without resources', (app) => new cdk.Stack(app, 'Net')],
    [
      'a stack without resources beside another',
      (app) => {
        new cdk.Stack(app, 'Empty');
        new kms.Key(new cdk.Stack(app, 'Net'), 'Key');
      },
    ],
    ['a stack without flow logs', (app) => new kms.Key(new cdk.Stack(app, 'Net'), 'Key')],
    [
      'a bucket without a customer key',
      (app) => {
        const vpc = new ec2.Vpc(new cdk.Stack(app, 'Net'), 'Vpc', { maxAzs: 1, natGateways: 0 });
        vpc.addFlowLog('ToS3', { destination: ec2.FlowLogDestination.toS3() });
      },
    ],
  ];
  it.each(silent)('is silent on %s', (_, build) => {
    expect(synthesise(build)).toEqual({ fails: false, violations: [] });
  });
});

describe('the options of the validation', () => {
  const rows: readonly [string, object, string][] = [
    ['an account', { account: '12' }, '"12" is not an account id'],
    ['a Region', { region: 'Paris' }, '"Paris" is not a Region'],
    ['an organization', { organizationId: 'acme' }, '"acme" is not an organization id'],
    ['an action', { requiredActions: ['kms:Decript'] }, '"kms:Decript" is not an action of KMS'],
    ['a severity', { unknown: 'fatal' }, '"fatal" is not one of warning, error'],
  ];
  it.each(rows)('refuse a bad value for %s', (_, options, words) => {
    expect(() => new FlowLogKeyValidation(options)).toThrow(words);
  });
});
