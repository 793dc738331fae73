import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { explainSamples } from '../desk/explain-samples.ts';
import { credentials, runAgainst, startAws, type Account } from './aws-stand-in.ts';
import { account as emptyAccount } from './organization-world.ts';

const command = resolve('bin/flow-log-key.js');
const folder = mkdtempSync(join(tmpdir(), 'explain-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const run = (args: readonly string[], program = command) =>
  spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

describe('the built command', () => {
  it.each(Object.entries(explainSamples))(
    'explains the sample %s as in the golden file',
    (sample, args) => {
      const { status, stdout } = run(['explain', ...args]);
      expect(stdout).toBe(readFileSync(`test/golden/${sample}.explain.txt`, 'utf8'));
      expect(status).toBe(0);
    },
  );

  it('loads the explaining only where somebody asks for an explanation', () => {
    for (const part of ['bin', 'dist/desk']) cpSync(part, join(folder, part), { recursive: true });
    cpSync('package.json', join(folder, 'package.json'));
    mkdirSync(join(folder, 'unused'), { recursive: true });
    for (const name of ['explain.js', 'explain-planned.js'])
      rmSync(join(folder, 'dist/desk', name));
    const program = join(folder, 'bin/flow-log-key.js');
    const sample = explainSamples.template.slice(2);
    expect(run(['explain', '--help'], program)).toMatchObject({ status: 0, stderr: '' });
    expect(run(['check', ...sample], program)).toMatchObject({ status: 1, stderr: '' });
    const { status, stderr } = run(['explain', ...explainSamples.template], program);
    expect(status).toBe(2);
    expect(stderr).toContain('explain');
  });

  it('explains a flow log of a snapshot without the modules for templates and for AWS', () => {
    const program = join(folder, 'bin/flow-log-key.js');
    cpSync('dist/desk', join(folder, 'dist/desk'), { recursive: true });
    for (const name of ['planned.js', 'aws.js', 'reports.js', 'existing.js'])
      rmSync(join(folder, 'dist/desk', name));
    expect(run(['explain', ...explainSamples.account], program)).toMatchObject({ status: 0 });
  });
});

const accountId = '111122223333';
const keyArn = `arn:aws:kms:us-east-1:${accountId}:key/0a1b2c3d-1111-2222-3333-444455556666`;
const id = 'fl-00000000000000001';
const policyFor = (service: string, condition = {}): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'kms:*',
        Resource: '*',
        Condition: condition,
      },
    ],
  });
const world = (policy: string, more: Partial<Account> = {}): Account => ({
  ...emptyAccount(accountId, { flowLogsPerPage: 1 }),
  regions: ['us-east-1'],
  flowLogs: [id, 'fl-00000000000000002'].map((each) => ({
    id: each,
    region: 'us-east-1',
    type: 's3',
    destination: `arn:aws:s3:::${each === id ? 'logs' : 'others'}`,
  })),
  buckets: { logs: { region: 'us-east-1', encryption: { algorithm: 'aws:kms', keyId: keyArn } } },
  keys: { [keyArn]: { policy } },
  ...more,
});

describe('the built command with --live', () => {
  const explainLive = async (account: Account, args: readonly string[], patience = {}) => {
    const aws = await startAws(account);
    const ended = await runAgainst(aws, [process.execPath, command, 'explain', '--live', ...args], {
      env: { ...credentials, AWS_REGION: 'us-east-1', ...patience },
    });
    await aws.close();
    return { ...ended, calls: aws.calls };
  };

  it('asks for the bucket and key of this flow log only, and says when', async () => {
    const started = Date.now();
    const { exitCode, stdout, stderr, calls } = await explainLive(
      world(policyFor('other.amazonaws.com')),
      [id, '--format', 'json'],
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { flowLogs } = JSON.parse(stdout) as {
      flowLogs: {
        outcome: string;
        worlds: { facts: { fact: string; source: { kind: string; askedAt: string } }[] }[];
      }[];
    };
    const [flowLog] = flowLogs;
    expect(flowLog?.outcome).toBe('blocked');
    const facts = flowLog?.worlds[0]?.facts ?? [];
    expect(facts.map(({ fact, source }) => `${fact} ${source.kind}`)).toEqual([
      'flow log asked',
      'bucket asked',
      'key asked',
      'grants asked',
    ]);
    expect(Date.parse(facts[0]?.source.askedAt ?? '')).toBeGreaterThanOrEqual(started);
    const about = calls.filter(({ operation }) => operation === 'GetBucketEncryption');
    expect(about).toHaveLength(1);
  });

  it('shows the organization that AWS told', async () => {
    const condition = { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } };
    const { exitCode, stdout } = await explainLive(
      world(policyFor('delivery.logs.amazonaws.com', condition), { organization: 'o-a1b2c3d4e5' }),
      [id],
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('the account belongs to o-a1b2c3d4e5');
    expect(stdout).toContain(
      'yes    StringEquals aws:SourceOrgID wants o-a1b2c3d4e5; sent: o-a1b2c3d4e5',
    );
  });

  it.each([
    [
      'a flow log that is not there',
      'fl-00000000000000009',
      world(policyFor('a')),
      /fl-00000000000000009 is not in this account and Region: give --regions/,
      {},
    ],
    [
      'a failed call',
      id,
      world(policyFor('a'), {
        faults: [{ operation: 'GetBucketEncryption', answer: 'never' }],
      }),
      /us-east-1: fl-00000000000000001: .*bucket logs/,
      { FLOW_LOG_KEY_REQUEST_MS: '100', FLOW_LOG_KEY_RETRY_MS: '150' },
    ],
  ])('ends with 2 for %s', async (_, wanted, account, complaint, env) => {
    const { exitCode, stdout, stderr } = await explainLive(account, [wanted], env);
    expect(stdout).toBe('');
    expect(stderr).toMatch(complaint);
    expect(exitCode).toBe(2);
  });
});
