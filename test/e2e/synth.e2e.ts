import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const app = `
const cdk = require('aws-cdk-lib');
const { aws_ec2: ec2, aws_iam: iam, aws_kms: kms, aws_s3: s3 } = cdk;
const { FlowLogKeyValidation } = require('flow-log-key-rule/cdk');
const app = new cdk.App();
cdk.Validations.of(app).addPlugins(new FlowLogKeyValidation());
const stack = new cdk.Stack(app, 'Net');
const key = new kms.Key(stack, 'Key');
const bucket = new s3.Bucket(stack, 'Logs', { encryption: s3.BucketEncryption.KMS, encryptionKey: key });
const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0 });
vpc.addFlowLog('ToS3', { destination: ec2.FlowLogDestination.toS3(bucket) });
`;

/** Synthesises an app that has the package installed. */
describe('cdk synth with the validation of the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'synth-'));
  beforeAll(() => {
    const modules = join(folder, 'node_modules');
    mkdirSync(modules);
    for (const name of ['aws-cdk-lib', 'constructs'])
      symlinkSync(resolve('node_modules', name), join(modules, name));
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const [packed] = JSON.parse(execFileSync('npm', pack, { encoding: 'utf8' })) as [
      { filename: string },
    ];
    execFileSync('tar', ['-xzf', packed.filename], { cwd: folder });
    symlinkSync(join(folder, 'package'), join(modules, 'flow-log-key-rule'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const synth = (text: string) => {
    writeFileSync(join(folder, 'app.cjs'), text);
    const cdk = resolve('node_modules/.bin/cdk');
    return spawnSync(cdk, ['synth', '--quiet', '--app', 'node app.cjs'], {
      encoding: 'utf8',
      cwd: folder,
    });
  };

  it('fails with line, construct and statement, and passes with the statement', () => {
    const failed = synth(app);
    expect(failed.stderr).toMatch(/^\S*app\.cjs:11:\d+\nERROR flow log blocked: /m);
    expect(failed.stderr).toContain('Net/Vpc/ToS3/FlowLog');
    expect(failed.status).toBe(1);
    const [statement = ''] =
      /key\.addToResourcePolicy\([^]*?^ *\}\)\);$/m.exec(failed.stderr) ?? [];
    const passed = synth(app + statement);
    expect(passed.stderr).not.toContain('ERROR');
    expect(passed.status).toBe(0);
  });
});
