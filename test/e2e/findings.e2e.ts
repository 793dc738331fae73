import {
  credentials,
  runAgainst,
  startAws,
  type Account,
  type Aws,
  type Call,
  type Ended,
  type Finding,
  type FlowLog,
} from './aws-stand-in.ts';
import { functionCommand } from './function-command.ts';

const accountId = '111122223333';
const region = 'us-east-1';
const ruleName = 'flow-logs-can-be-written';
const keyArn = `arn:aws:kms:${region}:${accountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** Who sees this sees a policy. */
const SECRET = 'NotForTheLogs';

const allow = (service: string, ...action: readonly string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: SECRET,
        Effect: 'Allow',
        Principal: { Service: service },
        Action: action,
        Resource: '*',
      },
    ],
  });

const delivery = 'delivery.logs.amazonaws.com';
const grant = { policy: allow(delivery, 'kms:GenerateDataKey*', 'kms:Decrypt') };
const half = { policy: allow(delivery, 'kms:Decrypt') };
const noGrant = { policy: allow('other.amazonaws.com', 'kms:*') };

const toBucket = (id: string): FlowLog => ({
  id,
  region,
  type: 's3',
  destination: 'arn:aws:s3:::archive',
});

const toLogGroup = (id: string): FlowLog => ({
  id,
  region,
  type: 'cloud-watch-logs',
  destination: `arn:aws:logs:${region}:${accountId}:log-group:flow-logs`,
});

/** One flow log, which AWS cannot deliver. */
const world: Account = {
  accountId,
  regions: [region],
  flowLogs: [toBucket('fl-1')],
  flowLogsPerPage: 100,
  buckets: { archive: { region, encryption: { algorithm: 'aws:kms', keyId: keyArn } } },
  keys: { [keyArn]: noGrant },
  aliases: {},
  rules: { [ruleName]: [] },
  untaken: {},
  faults: [],
};

const mended: Partial<Account> = { keys: { [keyArn]: grant } };
const refused: Partial<Account> = {
  faults: [{ operation: 'GetKeyPolicy', answer: { status: 400, code: 'AccessDeniedException' } }],
};
const many = (count: number): Partial<Account> => ({
  flowLogs: Array.from({ length: count }, (_, nth) => toBucket(`fl-${nth}`)),
});

const scheduled = {
  messageType: 'ScheduledNotification',
  notificationCreationTime: '2026-11-23T04:05:06.789Z',
};

const changed = (id: string, configurationItemStatus = 'OK') => ({
  messageType: 'ConfigurationItemChangeNotification',
  configurationItem: {
    resourceType: 'AWS::EC2::FlowLog',
    resourceId: id,
    ARN: `arn:aws:ec2:${region}:${accountId}:vpc-flow-log/${id}`,
    awsAccountId: accountId,
    awsRegion: region,
    configurationItemCaptureTime: '2026-11-23T03:00:00.000Z',
    configurationItemStatus,
    configuration: {},
  },
});

const bucketChanged = {
  ...changed('archive'),
  configurationItem: {
    ...changed('archive').configurationItem,
    resourceType: 'AWS::S3::Bucket',
    ARN: 'arn:aws:s3:::archive',
  },
};

interface Asked {
  readonly invoking?: object;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly milliseconds?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** One process of the built function, with findings switched on. */
function invoke(aws: Aws, asked: Asked): Promise<Ended> {
  const event = {
    accountId,
    configRuleName: ruleName,
    resultToken: asked.token ?? 'the-token',
    invokingEvent: JSON.stringify(asked.invoking ?? scheduled),
    ruleParameters: JSON.stringify(asked.parameters ?? {}),
  };
  const context = {
    awsRequestId: '0e7b7b6c-0000-4000-8000-000000000000',
    functionName: 'flow-log-key-rule',
    invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:flow-log-key-rule`,
  };
  const env = {
    ...credentials,
    AWS_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: context.functionName,
    DETAILED_FINDINGS: 'true',
    ...asked.env,
  };
  const milliseconds = asked.milliseconds ?? 60_000;
  return runAgainst(aws, functionCommand('evaluate'), {
    env,
    input: JSON.stringify({ events: [event], context, milliseconds }),
  });
}

interface Ran {
  readonly aws: Aws;
  readonly ended: Ended;
  readonly findings: readonly Finding[];
  readonly lines: readonly Record<string, unknown>[];
  /** How many findings each import had. */
  readonly imports: readonly number[];
}

/** Runs the built function once in an account that differs from the world, and from before only in this. */
async function run(account: Partial<Account>, asked: Asked = {}): Promise<Ran> {
  const aws = await startAws({ ...world, ...account });
  try {
    const ended = await invoke(aws, asked);
    const printed = ended.stdout + ended.stderr;
    expect(printed).not.toMatch(/Statement|Principal|aws:SourceAccount/);
    expect(printed).not.toContain(SECRET);
    const lines = printed
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const imports = named(aws, 'BatchImportFindings').map(
      ({ input }) => (input.Findings as unknown[]).length,
    );
    return { aws, ended, findings: aws.findings(), lines, imports };
  } finally {
    await aws.close();
  }
}

const named = ({ calls }: Aws, operation: string): readonly Call[] =>
  calls.filter((call) => call.operation === operation);

const words = ({ Compliance, Severity, RecordState }: Finding): string =>
  `${Compliance.Status} ${Severity?.Label ?? ''} ${RecordState}`;

const metricsIn = ({ lines }: Ran): Record<string, unknown> =>
  lines.find((line) => '_aws' in line) ?? {};

const reportedIn = ({ aws }: Ran): Record<string, string> =>
  Object.fromEntries(
    aws.evaluations.map((each) => [each.ComplianceResourceId, each.ComplianceType]),
  );

describe("a finding's life", () => {
  let created: Ran;
  let first: Finding;
  beforeAll(async () => {
    created = await run({});
    const [only, ...more] = created.findings;
    if (only === undefined || more.length > 0) throw new Error('there should be one finding');
    first = only;
  });

  it('begins when its flow log cannot be delivered', () => {
    expect(created.ended.exitCode).toBe(0);
    expect(created.imports).toEqual([1]);
    expect(words(first)).toBe('FAILED HIGH ACTIVE');
    expect(first).toMatchObject({
      Id: `flow-log-key-rule/${accountId}/${region}/fl-1`,
      GeneratorId: 'flow-log-key-rule',
      Title: expect.stringMatching(
        /^VPC flow log fl-1 cannot be delivered: no statement/,
      ) as string,
      Description: expect.stringMatching(
        /^key-policy: no statement is for .*key policy refuses/,
      ) as string,
      Resources: [
        { Type: 'Other', Id: `arn:aws:ec2:${region}:${accountId}:vpc-flow-log/fl-1` },
        { Type: 'AwsS3Bucket', Id: 'arn:aws:s3:::archive' },
        { Type: 'AwsKmsKey', Id: keyArn },
      ],
    });
    const { Text, Url } = first.Remediation.Recommendation;
    expect(Text).toMatch(/^Add this statement to the key policy: \{"Sid":"FlowLogKeyRule".*\}$/);
    expect(Url).toMatch(/\/docs\/checks\/key-policy\.md$/);
  });

  it('is told to Security Hub after AWS Config has its evaluations', () => {
    const order = created.aws.calls
      .map(({ operation }) => operation)
      .filter((operation) => !operation.startsWith('DescribeConfigurationRecorder'));
    expect(order.slice(-3)).toEqual(['PutEvaluations', 'GetFindings', 'BatchImportFindings']);
  });

  it('counts its calls among the others', () => {
    expect(metricsIn(created)).toMatchObject({ ApiCalls: created.aws.calls.length });
    expect(metricsIn(created)).toMatchObject({ FindingsFailed: 0 });
  });

  it('is quiet while nothing changes', async () => {
    const { imports, findings } = await run({ findings: [first] });
    expect(imports).toEqual([]);
    expect(findings).toEqual([first]);
  });

  it('is told again before Security Hub forgets it', async () => {
    const old = { ...first, UpdatedAt: '2026-01-01T00:00:00.000Z' };
    const { findings } = await run({ findings: [old] });
    expect(findings).toEqual([{ ...first, UpdatedAt: expect.any(String) as string }]);
    expect(findings[0]?.UpdatedAt).not.toBe(old.UpdatedAt);
  });

  it.each<[string, Partial<Account>, string, RegExp]>([
    [
      'has another reason',
      { keys: { [keyArn]: half } },
      'FAILED HIGH',
      /^key-policy: .*GenerateDataKey/,
    ],
    ['cannot be judged for sure any more', refused, 'WARNING MEDIUM', /cannot be read/],
    ['is mended', mended, 'PASSED INFORMATIONAL', /^deliverable: /],
  ])('goes on in place when it %s', async (_, account, expected, why) => {
    const Workflow = { Status: 'NOTIFIED' };
    const { imports, findings } = await run({ ...account, findings: [{ ...first, Workflow }] });
    expect(imports).toEqual([1]);
    const [after, ...more] = findings;
    expect(more).toEqual([]);
    expect(after && words(after)).toBe(`${expected} ACTIVE`);
    expect(after).toMatchObject({ Id: first.Id, CreatedAt: first.CreatedAt, Workflow });
    expect(after?.Description).toMatch(why);
    expect(after?.Description).not.toBe(first.Description);
    expect(after && after.UpdatedAt > first.UpdatedAt).toBe(true);
  });

  it('is quiet once it has passed', async () => {
    const { findings } = await run({ ...mended, findings: [first] });
    const { imports } = await run({ ...mended, findings });
    expect(imports).toEqual([]);
  });

  it.each<[string, Partial<Account>, Asked]>([
    ['does not exist at the next schedule', { flowLogs: [] }, {}],
    ['is deleted', { flowLogs: [] }, { invoking: changed('fl-1', 'ResourceDeleted') }],
    ['delivers elsewhere', { flowLogs: [toLogGroup('fl-1')] }, { invoking: changed('fl-1') }],
    ['is not asked about', refused, { parameters: { UnknownAs: 'NOT_APPLICABLE' } }],
  ])('ends in the archive when its flow log %s', async (_, account, asked) => {
    const { findings } = await run({ ...account, findings: [first] }, asked);
    expect(findings.map(words)).toEqual(['FAILED INFORMATIONAL ARCHIVED']);
    expect(findings).toMatchObject([{ Id: first.Id, CreatedAt: first.CreatedAt }]);
  });

  it.each<[string, Partial<Account>, Asked]>([
    ['AWS can deliver it', mended, {}],
    ['it is exempt', { flowLogs: [toLogGroup('fl-1')] }, {}],
    ['the run is a dry one', {}, { token: 'TESTMODE' }],
    ['findings are not switched on', {}, { env: { DETAILED_FINDINGS: '' } }],
  ])('does not begin when %s', async (_, account, asked) => {
    const { findings, imports } = await run(account, asked);
    expect({ findings, imports }).toEqual({ findings: [], imports: [] });
  });

  it('stands while its flow log cannot be judged', async () => {
    const { ended, imports } = await run({
      findings: [first],
      faults: [
        { operation: 'GetKeyPolicy', answer: { status: 500, code: 'KMSInternalException' } },
      ],
    });
    expect(ended.exitCode).toBe(1);
    expect(imports).toEqual([]);
  });

  it('is left alone by a run that began before the last update', async () => {
    const later = { ...first, UpdatedAt: '2999-01-01T00:00:00.000Z' };
    const { imports } = await run({ flowLogs: [], findings: [later] });
    expect(imports).toEqual([]);
  });
});

describe('a change', () => {
  it.each([
    ['of a flow log looks at its finding alone', changed('fl-1'), ['fl-1']],
    ['of a bucket looks at those of its flow logs', bucketChanged, ['fl-1', 'fl-2']],
  ])('%s', async (_, invoking, ids) => {
    const { aws, findings } = await run(
      { flowLogs: [toBucket('fl-1'), toBucket('fl-2'), toLogGroup('fl-3')] },
      { invoking },
    );
    const asked = named(aws, 'GetFindings').map(({ input }) => {
      const { Id = [] } = input.Filters as { Id?: readonly { Value: string }[] };
      return Id.map(({ Value }) => Value.split('/').at(-1));
    });
    expect(asked).toEqual([ids]);
    expect(findings.map(({ Id }) => Id.split('/').at(-1))).toEqual(ids);
  });

  it('leaves the findings of all others alone', async () => {
    const { findings } = await run({ ...many(3) });
    const after = await run(
      { flowLogs: [], findings },
      { invoking: changed('fl-1', 'ResourceDeleted') },
    );
    expect(after.findings.map(({ RecordState }) => RecordState)).toEqual([
      'ACTIVE',
      'ARCHIVED',
      'ACTIVE',
    ]);
  });
});

describe('many findings', () => {
  it('are imported in hundreds, and read in pages of a hundred', async () => {
    const created = await run(many(230));
    expect(created.imports).toEqual([100, 100, 30]);
    expect(created.findings).toHaveLength(230);
    const after = await run({ ...many(230), ...mended, findings: created.findings });
    expect(named(after.aws, 'GetFindings')).toHaveLength(3);
    expect(after.imports).toEqual([100, 100, 30]);
    expect(new Set(after.findings.map(words))).toEqual(new Set(['PASSED INFORMATIONAL ACTIVE']));
  });

  it('are asked for by twenty ids at a time', async () => {
    const { aws, imports } = await run(many(45), { invoking: bucketChanged });
    expect(named(aws, 'GetFindings')).toHaveLength(3);
    expect(imports).toEqual([45]);
  });
});

describe('what Security Hub does not take', () => {
  const id = `flow-log-key-rule/${accountId}/${region}/fl-1`;

  it('is imported again, and only that', async () => {
    const ran = await run({ ...many(3), untakenFindings: { [id]: 2 } });
    expect(ran.imports).toEqual([3, 1, 1]);
    expect(ran.findings).toHaveLength(3);
    expect(metricsIn(ran)).toMatchObject({ FindingsFailed: 0 });
  });

  it('costs a warning and a metric in the end', async () => {
    const ran = await run({ ...many(3), untakenFindings: { [id]: 99 } });
    expect(ran.imports).toEqual([3, 1, 1, 1]);
    expect(ran.findings).toHaveLength(2);
    expect(ran.ended.exitCode).toBe(0);
    expect(metricsIn(ran)).toMatchObject({ FindingsFailed: 1 });
    expect(JSON.stringify(ran.lines)).toContain(
      `Security Hub did not take 1 of 3 findings: InternalException for ${id}`,
    );
  });
});

const failing = (operation: string, status: number, code: string): Partial<Account> => ({
  faults: [{ operation, answer: { status, code } }],
});

describe('Security Hub costs AWS Config nothing', () => {
  it.each<[string, Partial<Account>, Asked]>([
    ['is off', failing('GetFindings', 401, 'InvalidAccessException'), {}],
    ['refuses to be read', failing('GetFindings', 403, 'AccessDeniedException'), {}],
    ['refuses to be told', failing('BatchImportFindings', 403, 'AccessDeniedException'), {}],
    ['fails', failing('BatchImportFindings', 400, 'InvalidInputException'), {}],
    [
      'does not answer',
      { faults: [{ operation: 'GetFindings', answer: 'never' }] },
      { milliseconds: 20_000 },
    ],
  ])('when it %s', async (_, account, asked) => {
    const flowLogs = [toBucket('fl-1'), toBucket('fl-2')];
    const ran = await run({ ...account, flowLogs }, asked);
    expect(ran.ended.exitCode).toBe(0);
    expect(reportedIn(ran)).toEqual({ 'fl-1': 'NON_COMPLIANT', 'fl-2': 'NON_COMPLIANT' });
    expect(ran.findings).toEqual([]);
    expect(metricsIn(ran)).toMatchObject({ Evaluated: 2, FindingsFailed: 1 });
    expect(metricsIn(ran)).not.toHaveProperty('Failed');
    const warnings = ran.lines.filter(({ message }) =>
      String(message).includes('findings not imported'),
    );
    expect(warnings).toMatchObject([{ level: 'WARN' }]);
  });

  it('when it throttles for a while', async () => {
    const answer = { status: 429, code: 'TooManyRequestsException' };
    const faults = [{ operation: 'GetFindings', times: 1, answer }];
    const { findings } = await run({ faults });
    expect(findings).toHaveLength(1);
  });
});
