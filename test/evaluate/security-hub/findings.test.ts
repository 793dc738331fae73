import { ConfigServiceClient, PutEvaluationsCommand } from '@aws-sdk/client-config-service';
import { DescribeFlowLogsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetBucketEncryptionCommand, GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import {
  BatchImportFindingsCommand,
  GetFindingsCommand,
  SecurityHubClient,
  type AwsSecurityFinding,
} from '@aws-sdk/client-securityhub';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { decide } from '../../../rule/judge/decide.ts';
import { type Facts, unknown as unknownBecause } from '../../../rule/model/facts.ts';
import { offerFor, statementIn } from '../../../rule/remedy/remedy.ts';
import { findingOf, type Result } from '../../../rule/evaluate/security-hub/finding.ts';
import {
  findingsToImport,
  importFindings,
  type RunReport,
} from '../../../rule/evaluate/security-hub/import.ts';
import { readFindings } from '../../../rule/evaluate/security-hub/read.ts';
import { homepage } from '../../../package.json' with { type: 'json' };
import { change, context, flowLogItem } from '../events.ts';
import {
  admittingBucketPolicy,
  account,
  bucket,
  description,
  flowLog,
  key,
  keyArn,
  policy,
  question,
  region,
  world,
} from '../../world.ts';

const resultOf = (facts: Facts, asked = question): Result => ({
  flowLog: facts.flowLog,
  verdict: decide(facts, asked),
  remedy: statementIn(offerFor(facts, asked)),
});

const well = resultOf(world);
const blocked = resultOf({ ...world, key: { ...key, policy: policy() } });
const disabled = resultOf({
  ...world,
  key: { ...key, description: { ...description, state: 'Disabled' } },
});
const unknown = resultOf({ ...world, key: { ...key, policy: unknownBecause('cannot be read') } });
const exempt = resultOf({
  ...world,
  flowLog: { ...flowLog, destination: { kind: 'elsewhere', type: 'cloud-watch-logs' } },
});

const exempted = resultOf(
  { ...world, key: { ...key, policy: policy() } },
  {
    ...question,
    exemptions: [
      { pattern: { account }, reason: 'moves soon', owner: 'network team', expires: '2027-01-31' },
    ],
  },
);

const asOf = '2026-11-23T12:00:00.000Z';
const daysBefore = (days: number): string =>
  new Date(Date.parse(asOf) - days * 24 * 60 * 60 * 1000).toISOString();
const createdAt = daysBefore(100);

const told = (results: readonly Result[], rest: Partial<RunReport> = {}): RunReport => ({
  results,
  unknownAs: 'NON_COMPLIANT',
  notJudged: [],
  place: { accountId: account, region },
  startedAt: new Date(asOf),
  ...rest,
});

/** The finding of a result imported some days ago, with the additions of Security Hub and users. */
const had = (result: Result, days = 1): AwsSecurityFinding => {
  const finding = findingOf(result, { createdAt, updatedAt: daysBefore(days) });
  return {
    ...finding,
    Severity: { Label: 'LOW' },
    Workflow: { Status: 'NOTIFIED' },
    Note: { Text: 'known', UpdatedBy: 'someone', UpdatedAt: daysBefore(days) },
    Resources: finding.Resources?.map((each) => ({ ...each, Tags: { team: 'network' } })).reverse(),
  };
};

const words = ({ Compliance, FindingProviderFields, RecordState, CreatedAt }: AwsSecurityFinding) =>
  [
    Compliance?.Status,
    FindingProviderFields?.Severity?.Label,
    RecordState,
    CreatedAt === createdAt ? 'old' : 'new',
  ].join(' ');

const later = { ...had(blocked), UpdatedAt: '2026-11-23T12:00:01.000Z' };
const silent: readonly string[] = [];

const rows: readonly [
  name: string,
  told: RunReport,
  existing: readonly AwsSecurityFinding[],
  imported: readonly string[],
][] = [
  ['a flow log that is blocked', told([blocked]), [], ['FAILED HIGH ACTIVE new']],
  ['one with an unknown verdict', told([unknown]), [], ['WARNING MEDIUM ACTIVE new']],
  [
    'one with an unknown verdict, where unknown does not count',
    told([unknown], { unknownAs: 'NOT_APPLICABLE' }),
    [],
    silent,
  ],
  ['one that never failed', told([well]), [], silent],
  ['one that is exempt', told([exempt]), [], silent],
  ['one that somebody exempted', told([exempted]), [], silent],
  ['one that is blocked as before', told([blocked]), [had(blocked)], silent],
  [
    'one that is blocked for another reason',
    told([disabled]),
    [had(blocked)],
    ['FAILED HIGH ACTIVE old'],
  ],
  ['one that may be blocked now', told([unknown]), [had(blocked)], ['WARNING MEDIUM ACTIVE old']],
  ['one that is mended', told([well]), [had(blocked)], ['PASSED INFORMATIONAL ACTIVE old']],
  ['one that is well as before', told([well]), [had(well)], silent],
  ['one that fails again', told([blocked]), [had(well)], ['FAILED HIGH ACTIVE old']],
  [
    'one that is blocked for a month',
    told([blocked]),
    [had(blocked, 31)],
    ['FAILED HIGH ACTIVE old'],
  ],
  ['one that is well for a month', told([well]), [had(well, 31)], silent],
  ['one that is deleted', told([]), [had(blocked)], ['FAILED INFORMATIONAL ARCHIVED old']],
  [
    'one that is exempt now',
    told([exempt]),
    [had(unknown)],
    ['WARNING INFORMATIONAL ARCHIVED old'],
  ],
  [
    'one that somebody exempted since',
    told([exempted]),
    [had(blocked)],
    ['FAILED INFORMATIONAL ARCHIVED old'],
  ],
  ['one whose exemption is over', told([blocked]), [], ['FAILED HIGH ACTIVE new']],
  [
    'one that does not count any more',
    told([unknown], { unknownAs: 'NOT_APPLICABLE' }),
    [had(unknown)],
    ['WARNING INFORMATIONAL ARCHIVED old'],
  ],
  ['one that could not be judged', told([], { notJudged: [flowLog.id] }), [had(blocked)], silent],
  ['one that another run told of since', told([disabled]), [later], silent],
  ['one that another run found since', told([]), [later], silent],
];

describe('Security Hub is sent a finding of', () => {
  it.each(rows)('%s', (_, given, existing, imported) => {
    expect(findingsToImport(given, existing).map(words)).toEqual(imported);
  });

  it('nothing when nothing changed since the last run', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(well, blocked, disabled, unknown, exempt),
        fc.constantFrom<readonly AwsSecurityFinding[]>(
          [],
          [had(blocked)],
          [had(well)],
          [had(unknown)],
        ),
        (result, existing) => {
          const first = findingsToImport(told([result]), existing);
          const has = first.length === 0 ? existing : first;
          const active = has.filter(({ RecordState }) => RecordState === 'ACTIVE');
          const next = told([result], { startedAt: new Date('2026-11-24T12:00:00.000Z') });
          expect(findingsToImport(next, active)).toEqual([]);
        },
      ),
    );
  });
});

describe('a finding', () => {
  const times = { createdAt, updatedAt: asOf };

  it('says the cause, the place and the next step', () => {
    expect(findingOf(blocked, times)).toEqual({
      SchemaVersion: '2018-10-08',
      Id: `flow-log-key-rule/${account}/${region}/${flowLog.id}`,
      ProductArn: `arn:aws:securityhub:${region}:${account}:product/${account}/default`,
      GeneratorId: 'flow-log-key-rule',
      AwsAccountId: account,
      CreatedAt: createdAt,
      UpdatedAt: asOf,
      Title: `VPC flow log ${flowLog.id} cannot be delivered: no statement is for delivery.logs.amazonaws.com; key policy refuses kms:GenerateDataKey and kms:Decrypt`,
      Description: `key-policy: ${blocked.verdict.message}`,
      FindingProviderFields: {
        Severity: { Label: 'HIGH' },
        Types: ['Software and Configuration Checks/AWS Security Best Practices'],
      },
      Resources: [
        {
          Type: 'Other',
          Id: `arn:aws:ec2:${region}:${account}:vpc-flow-log/${flowLog.id}`,
          Region: region,
          Details: { Other: { resourceId: flowLog.resourceId } },
        },
        { Type: 'AwsS3Bucket', Id: `arn:aws:s3:::${bucket.name}` },
        { Type: 'AwsKmsKey', Id: keyArn, Region: region },
      ],
      Compliance: { Status: 'FAILED' },
      Remediation: {
        Recommendation: {
          Text: `Add this statement to the key policy: ${JSON.stringify(blocked.remedy)}`,
          Url: `${homepage}/blob/main/docs/checks/key-policy.md`,
        },
      },
      RecordState: 'ACTIVE',
    });
  });

  it('has ARNs of the partition of the flow log', () => {
    const abroad = { ...flowLog, region: 'cn-north-1', partition: 'aws-cn' };
    const finding = findingOf({ ...blocked, flowLog: abroad }, times);
    const arns = [finding.ProductArn, ...(finding.Resources ?? []).slice(0, 2).map(({ Id }) => Id)];
    expect(arns.map((arn) => arn?.split(':')[1])).toEqual(['aws-cn', 'aws-cn', 'aws-cn']);
  });

  it('stays within the limits of Security Hub, however long the message', () => {
    const text = fc.string({ maxLength: 3000, unit: 'grapheme' });
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(fc.constant('kms:CreateGrant'), { maxLength: 40 }),
        (...it) => {
          const [message, name, actions] = it;
          const remedy = blocked.remedy && {
            ...blocked.remedy,
            Action: [...blocked.remedy.Action, ...actions],
          };
          const verdict = { ...blocked.verdict, message, bucket: name };
          const {
            Title = '',
            Description = '',
            Remediation,
          } = findingOf({ flowLog, verdict, remedy }, times);
          const { Text = '' } = Remediation?.Recommendation ?? {};
          for (const [said, most] of [
            [Title, 256],
            [Description, 1024],
            [Text, 512],
          ] as const) {
            expect(said.length).toBeGreaterThan(0);
            expect(said.length).toBeLessThanOrEqual(most);
            // No character is cut in two.
            expect(Buffer.from(said).toString()).toBe(said);
          }
          // A statement is shown whole or left out.
          if (Text.includes('{')) expect(Text).toContain(JSON.stringify(remedy));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('names no bucket and no key where the verdict has none', () => {
    const { verdict } = unknown;
    const nowhere = { ...unknown, verdict: { ...verdict, bucket: null, keyArn: null } };
    const { Resources } = findingOf(nowhere, times);
    expect(Resources?.map(({ Type }) => Type)).toEqual(['Other']);
  });
});

const hub = mockClient(SecurityHubClient);
const ec2 = mockClient(EC2Client);
const s3 = mockClient(S3Client);
const kms = mockClient(KMSClient);
const config = mockClient(ConfigServiceClient);
beforeEach(() => {
  for (const mock of [hub, ec2, s3, kms, config]) mock.reset();
});

const client = new SecurityHubClient({ region });
const { signal } = new AbortController();
const numbered = (count: number): AwsSecurityFinding[] =>
  Array.from({ length: count }, (_, nth) => ({ ...had(blocked), Id: `id-${nth}` }));

describe('importing', () => {
  const sizes = (): readonly (number | undefined)[] =>
    hub.commandCalls(BatchImportFindingsCommand).map(({ args }) => args[0].input.Findings?.length);

  it.each([
    [0, []],
    [1, [1]],
    [100, [100]],
    [101, [100, 1]],
    [250, [100, 100, 50]],
  ])('%d findings goes in hundreds', async (count, expected) => {
    hub.on(BatchImportFindingsCommand).resolves({});
    expect(await importFindings(client, numbered(count), signal)).toEqual([]);
    expect(sizes()).toEqual(expected);
  });

  it.each([
    [1, [3, 1], 0],
    [99, [3, 1, 1, 1], 1],
  ])('is tried again for what is refused %d times', async (times, expected, notTaken) => {
    let calls = 0;
    const error = { Id: 'id-1', ErrorCode: 'InternalException', ErrorMessage: 'no' };
    hub
      .on(BatchImportFindingsCommand)
      .callsFake(() => ({ FailedFindings: calls++ < times ? [error] : [] }));
    expect(await importFindings(client, numbered(3), signal)).toHaveLength(notTaken);
    expect(sizes()).toEqual(expected);
  });
});

describe('reading', () => {
  const wanted = { productArn: 'product', generatorId: 'generator' };

  it('asks for active findings of this product and generator, page by page', async () => {
    hub
      .on(GetFindingsCommand)
      .resolvesOnce({ Findings: numbered(1), NextToken: 'more' })
      .resolves({ Findings: numbered(2) });
    expect(await readFindings(client, { ...wanted, ids: 'all' }, signal)).toHaveLength(3);
    expect(hub.commandCalls(GetFindingsCommand).map(({ args }) => args[0].input)).toMatchObject([
      {
        MaxResults: 100,
        Filters: {
          ProductArn: [{ Value: 'product', Comparison: 'EQUALS' }],
          GeneratorId: [{ Value: 'generator', Comparison: 'EQUALS' }],
          RecordState: [{ Value: 'ACTIVE', Comparison: 'EQUALS' }],
        },
      },
      { NextToken: 'more' },
    ]);
  });

  it('believes no answer without the list', async () => {
    hub.on(GetFindingsCommand).resolves({});
    await expect(readFindings(client, { ...wanted, ids: 'all' }, signal)).rejects.toThrow(
      'Security Hub answered without findings: run again',
    );
  });

  it('asks for at most 20 ids at once, the limit of Security Hub', async () => {
    hub.on(GetFindingsCommand).resolves({ Findings: [] });
    const ids = numbered(41).map(({ Id = '' }) => Id);
    await readFindings(client, { ...wanted, ids }, signal);
    const asked = hub.commandCalls(GetFindingsCommand).map(({ args }) => args[0].input.Filters?.Id);
    expect(asked.map((each) => each?.length)).toEqual([20, 20, 1]);
    expect(asked.flat().map((each) => each?.Value)).toEqual(ids);
  });
});

describe('AWS Config gets the same evaluations where Security Hub', () => {
  const named = (name: string) => Object.assign(new Error('no'), { name });
  let handler: (typeof import('../../../rule/evaluate/handler.ts'))['handler'];
  beforeAll(async () => {
    process.env.DETAILED_FINDINGS = 'true';
    ({ handler } = await import('../../../rule/evaluate/handler.ts'));
  });
  beforeEach(() => {
    ec2.on(DescribeFlowLogsCommand).resolves({
      FlowLogs: [
        { FlowLogId: 'fl-1', LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::example' },
      ],
    });
    s3.on(GetBucketPolicyCommand).callsFake(({ Bucket = '' }: { Bucket?: string }) => ({
      Policy: admittingBucketPolicy(Bucket),
    }));
    s3.on(GetBucketEncryptionCommand).resolves({
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn },
          },
        ],
      },
    });
    kms.on(DescribeKeyCommand).resolves({
      KeyMetadata: {
        KeyId: keyArn,
        Arn: keyArn,
        KeyState: 'Enabled',
        KeyManager: 'CUSTOMER',
        KeyUsage: 'ENCRYPT_DECRYPT',
        KeySpec: 'SYMMETRIC_DEFAULT',
      },
    });
    kms.on(GetKeyPolicyCommand).resolves({ Policy: JSON.stringify(policy().document) });
    config.on(PutEvaluationsCommand).resolves({});
    hub.on(GetFindingsCommand).resolves({ Findings: [] });
    hub.on(BatchImportFindingsCommand).resolves({});
  });

  const bad = { FailedFindings: [{ Id: 'x', ErrorCode: 'InvalidAccess', ErrorMessage: 'off' }] };
  it.each<[string, () => unknown]>([
    ['works', () => undefined],
    ['is off', () => hub.on(GetFindingsCommand).rejects(named('InvalidAccessException'))],
    ['refuses', () => hub.on(BatchImportFindingsCommand).rejects(named('AccessDeniedException'))],
    ['takes nothing', () => hub.on(BatchImportFindingsCommand).resolves(bad)],
    ['answers nonsense', () => hub.on(GetFindingsCommand).resolves({ Findings: [null as never] })],
  ])('%s', async (_, arrange) => {
    arrange();
    await handler(change(flowLogItem), context);
    expect(
      config.commandCalls(PutEvaluationsCommand).map(({ args }) => args[0].input),
    ).toMatchObject([
      { Evaluations: [{ ComplianceResourceId: 'fl-1', ComplianceType: 'NON_COMPLIANT' }] },
    ]);
    expect(hub.commandCalls(GetFindingsCommand)).toHaveLength(1);
  });

  it('gets no finding after AWS Config refused', async () => {
    config.on(PutEvaluationsCommand).rejects(named('InvalidResultTokenException'));
    await expect(handler(change(flowLogItem), context)).rejects.toThrow();
    expect(hub.calls()).toHaveLength(0);
  });

  it('gets no finding in a dry run', async () => {
    await handler(change(flowLogItem, { resultToken: 'TESTMODE' }), context);
    expect(hub.calls()).toHaveLength(0);
  });
});
