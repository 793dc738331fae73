import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { admit, is, planOf, ref, type Rows } from '../sources/plan/plan-of.ts';
import { flowLogKey, flowLogKeyAt } from './command-line.ts';
import { explainSamples } from './explain-samples.ts';
import { samples } from './reports/samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'explain-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const explain = (...args: readonly string[]) => flowLogKey('explain', ...args);

const goldenRows = [
  ['account', 'table', 'account.explain.txt'],
  ['template', 'table', 'template.explain.txt'],
  ['cdk-output', 'table', 'cdk-output.explain.txt'],
  ['plan', 'table', 'plan.explain.txt'],
  ['template', 'json', 'template.explain.json'],
] as const;

describe('explain', () => {
  it.each(goldenRows)(
    'tells the way of every flow log of the sample %s, in %s, as a reviewer has read it',
    async (sample, format, name) => {
      const { code, out, err } = await explain(...explainSamples[sample], '--format', format);
      const file = `test/golden/${name}`;
      if (process.env.GOLDEN === 'write') writeFileSync(file, out);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toBe(readFileSync(file, 'utf8'));
    },
  );

  it('knows every flow log of the samples', async () => {
    const { out } = await flowLogKey('check', ...samples.account, '--format', 'json');
    const { flowLogs } = JSON.parse(out) as { flowLogs: readonly { flowLogId: string }[] };
    const ids = flowLogs.map(({ flowLogId }) => flowLogId);
    expect(explainSamples.account.filter((each) => each.startsWith('fl-'))).toEqual(ids);
  });
});

interface Step {
  readonly element: string;
  readonly key: string | null;
  readonly holds: boolean | 'unsure';
  readonly wants: readonly string[];
  readonly sent: string;
}
interface Request {
  readonly action: string;
  readonly answer: {
    readonly kind: string;
    readonly outcome?: string;
    readonly byCases?: boolean;
    readonly unsettled?: readonly string[];
    readonly statements?: readonly {
      readonly sid: string | null;
      readonly steps: readonly Step[];
    }[];
  };
}
interface World {
  readonly where: readonly string[];
  readonly outcome: string;
  readonly facts: readonly {
    readonly fact: string;
    readonly name: string | null;
    readonly says: readonly string[];
    readonly source: object;
  }[];
  readonly requests: readonly Request[];
}

async function worldsOf(...args: readonly string[]): Promise<readonly World[]> {
  const { code, out } = await explain(...args, '--format', 'json');
  expect(code).toBe(0);
  const { flowLogs } = JSON.parse(out) as { flowLogs: readonly { worlds: readonly World[] }[] };
  return flowLogs.flatMap(({ worlds }) => worlds);
}

function fileOf(content: unknown): string {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const sample = 'examples/workload-111122223333-us-east-1.json';
const sampleItems = (JSON.parse(readFileSync(sample, 'utf8')) as { configurationItems: object[] })
  .configurationItems;

/** The explanation of a flow log whose key has this policy. */
async function judgedBy(policy: object): Promise<World> {
  const [world] = await worldsOf('fl-02b00000000000001', '--snapshot', snapshotWith(policy));
  if (world === undefined) throw new Error('no world');
  return world;
}

/** A snapshot of the sample account with this policy. */
function snapshotWith(policy: object): string {
  const items = sampleItems.map((item) => {
    const { resourceId = '', supplementaryConfiguration } = item as {
      resourceId?: string;
      supplementaryConfiguration?: object;
    };
    return resourceId.startsWith('22222222')
      ? {
          ...item,
          supplementaryConfiguration: {
            ...supplementaryConfiguration,
            Policy: JSON.stringify(policy),
          },
        }
      : item;
  });
  return fileOf({ configurationItems: items });
}

const statement = (more: object = {}) => ({
  Sid: 'Delivery',
  Effect: 'Allow',
  Principal: { Service: 'delivery.logs.amazonaws.com' },
  Action: 'kms:*',
  Resource: '*',
  ...more,
});
const policyOf = (...statements: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: statements,
});

describe('a request in an explanation', () => {
  const arn = 'arn:aws:logs:us-east-1:111122223333:*';
  it.each([
    [
      'another account',
      { StringEquals: { 'aws:SourceAccount': '999999999999' } },
      'denied',
      false,
      '111122223333',
    ],
    [
      'a key that is never sent',
      { StringEquals: { 'aws:PrincipalOrgID': 'o-a' } },
      'denied',
      false,
      'none',
    ],
    ['the ARN', { ArnLike: { 'AWS:SourceArn': arn } }, 'allowed', true, arn],
    [
      'a key that nobody knows',
      { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      'unsure',
      'unsure',
      'something not known',
    ],
  ] as const)('compares wanted and sent of %s', async (_, condition, outcome, holds, sent) => {
    const { requests } = await judgedBy(policyOf(statement({ Condition: condition })));
    const [first] = requests;
    const steps = first?.answer.statements?.[0]?.steps ?? [];
    expect(first?.answer).toMatchObject({ kind: 'decided', outcome });
    expect(steps.map(({ element }) => element)).toEqual([
      'Principal',
      'Action',
      'Resource',
      'Condition',
    ]);
    expect(steps[3]).toMatchObject({
      holds,
      sent,
      wants: Object.values<Record<string, string>>(condition).flatMap((each) =>
        Object.values(each),
      ),
    });
  });

  it('says which keys settle a doubt, and where each case has the same outcome', async () => {
    const doubtful = { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } };
    const { requests } = await judgedBy(policyOf(statement({ Condition: doubtful })));
    expect(requests[0]?.answer).toMatchObject({ unsettled: ['aws:SourceOrgID'], byCases: false });
    const via = (sent: object) => statement({ Condition: sent });
    const cases = await judgedBy(
      policyOf(
        via({ Null: { 'kms:ViaService': 'true' } }),
        via({ StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } }),
      ),
    );
    expect(cases.requests[0]?.answer).toMatchObject({
      outcome: 'allowed',
      byCases: true,
      unsettled: ['kms:ViaService'],
    });
  });

  it('shows a statement that cannot be read, and a policy without statements', async () => {
    const unreadable = await judgedBy(policyOf({ ...statement(), Strange: 1 }));
    expect(unreadable.requests[0]?.answer.statements?.[0]?.steps).toMatchObject([
      { element: 'Statement', holds: 'unsure' },
    ]);
    expect((await judgedBy(policyOf())).requests[0]?.answer).toMatchObject({
      outcome: 'denied',
      statements: [],
    });
  });
});

describe('statements in the text of an explanation', () => {
  it.each([
    [
      'a doubt',
      statement({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
      '`Delivery` (Allow) may apply, and leaves the doubt',
    ],
    [
      'another effect',
      statement({ Effect: 'Permit' }),
      '`Delivery` (no readable effect) applies, and leaves the doubt',
    ],
    [
      'a statement that nobody can read',
      statement({ Strange: 1 }),
      '(no readable effect) may apply, and leaves the doubt',
    ],
    ['a refusal', statement({ Effect: 'Deny' }), '`Delivery` (Deny) applies, and decides'],
  ])('tell the part of %s', async (_, each, line) => {
    const file = snapshotWith(policyOf(each));
    const { out } = await explain('fl-02b00000000000001', '--snapshot', file);
    expect(out).toContain(`    statement 1 ${line}\n`);
  });
});

describe('facts in an explanation', () => {
  it('have the capture time of their item, or say that the item has none', async () => {
    const items = sampleItems.map((item) => ({ ...item, configurationItemCaptureTime: undefined }));
    const [dated] = await worldsOf('fl-02b00000000000001', '--snapshot', sample);
    const [undated] = await worldsOf(
      'fl-02b00000000000001',
      '--snapshot',
      fileOf({ configurationItems: items }),
    );
    const capturedAt = '2026-11-23T06:00:00.000Z';
    expect(dated?.facts.map(({ source }) => source)).toEqual(
      Array(3).fill({ kind: 'recorded', capturedAt }),
    );
    expect(undated?.facts.map(({ source }) => source)).toEqual(
      Array(3).fill({ kind: 'recorded', capturedAt: null }),
    );
  });

  it('that the source lacks have no source, and say what to add', async () => {
    const [world] = await worldsOf('fl-08b00000000000001', '--snapshot', sample);
    expect(world?.facts[1]).toMatchObject({
      fact: 'bucket',
      name: null,
      says: [expect.stringContaining('add the snapshot of its account and Region')],
      source: { kind: 'none' },
    });
    expect(world?.requests).toEqual([]);
  });

  it('take the newest item of a flow log', async () => {
    const older = sampleItems.map((item) => ({
      ...item,
      configurationItemCaptureTime: '2026-01-01T00:00:00.000Z',
    }));
    const worlds = await worldsOf('fl-02b00000000000001', '--snapshot', fileOf(older), sample);
    expect(worlds.map(({ facts }) => facts[0]?.source)).toEqual([
      { kind: 'recorded', capturedAt: '2026-11-23T06:00:00.000Z' },
    ]);
  });
});

describe('worlds in an explanation', () => {
  const cases = 'test/template-cases';
  it.each([
    ['if-statement-open', ['deliverable: with parameter Env = prod']],
    ['deny-for-one-account', ['blocked: in account 444455556666']],
  ])('of %s say what sets them apart', async (name, expected) => {
    const file = `${cases}/${name}/template.yaml`;
    const worlds = await worldsOf('NetworkFlowLog', '--template', file);
    const words = worlds.map(({ outcome, where }) => `${outcome}: ${where.join(', ')}`);
    expect(words).toEqual(expect.arrayContaining(expected));
    expect(worlds.length).toBe(2);
  });

  it('become one where a value is told', async () => {
    const file = `${cases}/if-statement-open/template.yaml`;
    const worlds = await worldsOf('NetworkFlowLog', '--template', file, '--parameter', 'Env=prod');
    expect(worlds).toMatchObject([{ outcome: 'deliverable', where: [] }]);
  });

  it('of every case show labels and no made-up value', async () => {
    for (const name of [
      'bare-id-good',
      'find-in-map-open',
      'region-patterns-overlap',
      'replica-without-statement',
    ]) {
      const file = `${cases}/${name}/template.yaml`;
      const { out: report } = await flowLogKey('check', '--template', file, '--format', 'json');
      const { flowLogs } = JSON.parse(report) as { flowLogs: readonly { flowLogId: string }[] };
      for (const format of ['table', 'json'])
        for (const { flowLogId } of flowLogs) {
          const { out } = await explain(flowLogId, '--template', file, '--format', format);
          expect(out).toContain(flowLogId);
          expect(out).not.toMatch(/99\d{10}|(zq|qz|xq|qx|vq|qv)\d+\1|\0/);
        }
    }
  });
});

describe('a plan in an explanation', () => {
  const rows: Rows = {
    'aws_kms_key.k': { values: { policy: admit({ Sid: 'TopSecret' }), is_enabled: true } },
    'aws_s3_bucket.b': { values: { bucket: 'acme-logs' } },
    'aws_s3_bucket_server_side_encryption_configuration.e': {
      values: {
        bucket: 'acme-logs',
        rule: [
          {
            apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms' }],
            bucket_key_enabled: true,
          },
        ],
      },
      config: {
        bucket: ref('aws_s3_bucket.b.id', 'aws_s3_bucket.b'),
        rule: [
          {
            apply_server_side_encryption_by_default: [
              {
                kms_master_key_id: ref('aws_kms_key.k.arn', 'aws_kms_key.k'),
                sse_algorithm: is('aws:kms'),
              },
            ],
          },
        ],
      },
      unknown: {
        rule: [{ apply_server_side_encryption_by_default: [{ kms_master_key_id: true }] }],
      },
    },
    'aws_flow_log.f': {
      values: { log_destination_type: 's3', vpc_id: 'vpc-1' },
      unknown: { log_destination: true },
      config: { log_destination: ref('aws_s3_bucket.b.arn', 'aws_s3_bucket.b') },
    },
  };
  const explainPlan = (plan: object, format = 'json') =>
    explain('aws_flow_log.f', '--plan', fileOf(plan), '--region', 'us-east-1', '--format', format);

  it('names the addresses of bucket and key', async () => {
    const { code, out } = await explainPlan(planOf(rows), 'table');
    expect(code).toBe(0);
    expect(out).toContain('aws_kms_key.k');
    expect(out).toContain('`TopSecret` (Allow) applies, and decides');
  });

  it.each(['table', 'json'])('never shows a word of a sensitive policy in %s', async (format) => {
    const key = { ...rows['aws_kms_key.k'], sensitive: { policy: true } };
    const { code, out, err } = await explainPlan(planOf({ ...rows, 'aws_kms_key.k': key }), format);
    expect(code).toBe(0);
    expect(out + err).not.toMatch(/TopSecret|GenerateDataKey\*/);
    expect(out).toMatch(
      format === 'json'
        ? /"kind": "withheld",\s+"outcome": "allowed"/
        : /the policy is sensitive, so no word of it is shown/,
    );
  });

  it('shows labels in the place of a sensitive name of a bucket', async () => {
    const secret = { values: { bucket: 'acme-secret' }, sensitive: { bucket: true } };
    const { out } = await explainPlan(planOf({ ...rows, 'aws_s3_bucket.b': secret }));
    expect(out).not.toContain('acme-secret');
  });
});

describe('a flow log that is not there', () => {
  it.each([
    [
      'in a snapshot',
      ['fl-00000000000000009', ...samples.account],
      /flow log fl-00000000000000009 is not in these files, or its item cannot be read: add the snapshot/,
    ],
    [
      'in a template',
      ['Nobody', ...samples.template],
      /flow log Nobody is not in the given files: they have AcceptedTraffic, RejectedTraffic\n$/,
    ],
    [
      'in a template that cannot be read',
      ['Nobody', '--template', 'package.json'],
      /package\.json: is no CloudFormation template.*\n.*they have no flow log\n$/,
    ],
  ])('%s ends with 2 and a next step', async (_, args, complaint) => {
    const { code, out, err } = await explain(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(complaint);
  });

  it('leaves the others to be explained', async () => {
    const { code, out } = await explain('AcceptedTraffic', 'Nobody', ...samples.template);
    expect(code).toBe(2);
    expect(out).toMatch(/^DELIVERABLE {2}AcceptedTraffic\n/);
  });

  it.each([
    ['no source', ['fl-00000000000000009'], /give --snapshot FILE/],
    ['two sources', ['x', ...samples.template, '--snapshot', sample], /give only one of/],
    ['no id', samples.template, /^flow-log-key: explain needs <id>; /],
    [
      'a format of check',
      ['x', ...samples.template, '--format', 'csv'],
      /--format: "csv" is not one of table, json; /,
    ],
  ])('%s is bad usage', async (_, args, complaint) => {
    const { code, err } = await explain(...args);
    expect(code).toBe(2);
    expect(err).toMatch(complaint);
  });
});

describe('the text of an explanation', () => {
  it('fits a terminal, has its colours, and obeys no control character', async () => {
    const { out } = await flowLogKeyAt(
      { columns: 70, env: { NO_COLOR: undefined } },
      'explain',
      ...explainSamples.template,
    );
    expect(out).toContain('\u001b[31mBLOCKED');
    const items = sampleItems.map(
      (item) => JSON.parse(JSON.stringify(item).replaceAll('vpc-0b1', 'vpc\\u001b[31m')) as object,
    );
    const evil = await explain(
      'fl-02b00000000000001',
      '--snapshot',
      fileOf({ configurationItems: items }),
    );
    expect(evil.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(evil.out).toContain('vpc\uFFFD[31m');
  });
});
