import { tables } from './dynamo-stand-in.ts';
import {
  credentials,
  runAgainst,
  startAws,
  type Account,
  type Aws,
  type Call,
  type Ended,
  type Evaluation,
  type FlowLog,
} from './aws-stand-in.ts';
import { functionCommand } from './function-command.ts';

const accountId = '111122223333';
const region = 'us-east-1';
const ruleName = 'flow-logs-can-be-written';

/** Who sees this anywhere but in an evaluation sees a policy. */
const SECRET = 'NotForTheLogs';

const allow = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: SECRET,
        Effect: 'Allow',
        Principal: { Service: service },
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
      },
    ],
  });

const grant = allow('delivery.logs.amazonaws.com');
const forOrganization = (id: string): string =>
  grant.replace(/"aws:SourceAccount":"\d+"/, `"aws:SourceOrgID":"${id}"`);
const noGrant = allow('other.amazonaws.com');

const keyArn = (name: string, where = region): string =>
  `arn:aws:kms:${where}:${accountId}:key/${name}`;

const encryptedWith = (keyId: string, where = region) => ({
  region: where,
  encryption: { algorithm: 'aws:kms', keyId },
});

const flowLog = (id: string, bucket: string): FlowLog => ({
  id,
  region,
  type: 's3',
  destination: `arn:aws:s3:::${bucket}`,
});

const toLogGroup = (id: string): FlowLog => ({
  id,
  region,
  type: 'cloud-watch-logs',
  destination: `arn:aws:logs:${region}:${accountId}:log-group:flow-logs`,
});

/** One flow log, and AWS will be able to write it. */
const world: Account = {
  accountId,
  regions: [region],
  flowLogs: [flowLog('fl-1', 'archive')],
  flowLogsPerPage: 100,
  buckets: { archive: encryptedWith(keyArn('open')) },
  keys: { [keyArn('open')]: { policy: grant } },
  aliases: {},
  rules: { [ruleName]: [] },
  untaken: {},
  faults: [],
};

const scheduled = {
  messageType: 'ScheduledNotification',
  notificationCreationTime: '2026-11-23T04:05:06.789Z',
};

interface Item {
  readonly type: string;
  readonly id: string;
  readonly arn: string;
}

const changed = ({ type, id, arn }: Item, at = '2026-11-23T03:00:00.000Z') => ({
  messageType: 'ConfigurationItemChangeNotification',
  notificationCreationTime: '2026-11-23T04:05:06.789Z',
  configurationItemDiff: { changeType: 'UPDATE', changedProperties: { Configuration: {} } },
  configurationItem: {
    resourceType: type,
    resourceId: id,
    ARN: arn,
    awsAccountId: accountId,
    awsRegion: region,
    configurationItemCaptureTime: at,
    configurationItemStatus: 'OK',
    configuration: {},
  },
});

const flowLogItem = (id: string): Item => ({
  type: 'AWS::EC2::FlowLog',
  id,
  arn: `arn:aws:ec2:${region}:${accountId}:vpc-flow-log/${id}`,
});

interface Asked {
  readonly invoking?: object;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly accountId?: string;
  readonly eventLeftScope?: boolean;
}

const eventOf = (asked: Asked): object => ({
  version: '1.0',
  accountId: asked.accountId ?? accountId,
  configRuleName: ruleName,
  configRuleId: 'config-rule-abcdef',
  configRuleArn: `arn:aws:config:${region}:${accountId}:config-rule/config-rule-abcdef`,
  executionRoleArn: `arn:aws:iam::${accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
  evaluationMode: 'DETECTIVE',
  eventLeftScope: asked.eventLeftScope ?? false,
  resultToken: asked.token ?? 'the-token',
  invokingEvent: JSON.stringify(asked.invoking ?? scheduled),
  ruleParameters: JSON.stringify(asked.parameters ?? {}),
});

/** One process of the built function, which is asked these one after the other. */
function invoke(
  aws: Aws,
  asked: readonly Asked[],
  { milliseconds = 60_000, limits = {} }: Pick<Row, 'milliseconds' | 'limits'> = {},
): Promise<Ended> {
  const context = {
    awsRequestId: '0e7b7b6c-0000-4000-8000-000000000000',
    functionName: 'flow-log-key-rule',
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:flow-log-key-rule`,
    memoryLimitInMB: '512',
  };
  const env = {
    ...credentials,
    ...limits,
    AWS_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: context.functionName,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  };
  return runAgainst(aws, functionCommand('evaluate'), {
    env,
    input: JSON.stringify({ events: asked.map(eventOf), context, milliseconds }),
  });
}

const wordOf = ({ ComplianceType, Annotation = '' }: Evaluation): string =>
  `${ComplianceType} ${Annotation.replace(/^unknown: (?=[a-z-]+: )/, '').split(':')[0] ?? ''}`;

/** What arrived, by flow log: the compliance and the code that the annotation starts with. */
const wordsOf = (evaluations: readonly Evaluation[]): Record<string, string> =>
  Object.fromEntries(evaluations.map((each) => [each.ComplianceResourceId, wordOf(each)]));

const named = ({ calls }: Aws, operation: string): readonly Call[] =>
  calls.filter((call) => call.operation === operation);

/** What the function printed, and what Lambda would say of its failure. */
const linesOf = ({ stdout, stderr }: Ended): readonly Record<string, unknown>[] =>
  (stdout + stderr)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const failureOf = (ended: Ended): unknown =>
  linesOf(ended).find((line) => 'errorMessage' in line)?.errorMessage;

const metricsOf = (ended: Ended) => linesOf(ended).filter((line) => '_aws' in line);

describe('a scheduled run over 132 flow logs', () => {
  const many = Array.from({ length: 122 }, (_, nth) => flowLog(`fl-good-${nth}`, 'archive'));
  const others: Record<string, readonly [FlowLog, string]> = {
    'a key without the grant': [flowLog('fl-no-grant', 'closed'), 'NON_COMPLIANT key-policy'],
    'an unreadable key': [flowLog('fl-hidden', 'hidden'), 'NON_COMPLIANT key-state'],
    'a disabled key': [flowLog('fl-disabled', 'disabled'), 'NON_COMPLIANT key-state'],
    'a bucket that does not exist': [flowLog('fl-nowhere', 'nowhere'), 'NON_COMPLIANT bucket'],
    'a bucket that S3 refuses': [flowLog('fl-refused', 'refused'), 'NON_COMPLIANT bucket'],
    'a bucket with SSE-S3': [flowLog('fl-sse-s3', 'plain'), 'COMPLIANT deliverable'],
    'a bucket of another Region': [flowLog('fl-abroad', 'abroad'), 'COMPLIANT deliverable'],
    'a key by alias ARN': [flowLog('fl-alias', 'aliased'), 'COMPLIANT deliverable'],
  };
  const alias = `arn:aws:kms:${region}:${accountId}:alias/logs`;
  const flowLogs = [
    ...many.slice(0, 60),
    ...Object.values(others).map(([each]) => each),
    toLogGroup('fl-exempt'),
    toLogGroup('fl-exempt-now'),
    ...many.slice(60),
  ];
  const account: Account = {
    ...world,
    flowLogs,
    buckets: {
      ...world.buckets,
      closed: encryptedWith(keyArn('closed')),
      hidden: encryptedWith(keyArn('hidden')),
      disabled: encryptedWith(keyArn('disabled')),
      refused: encryptedWith(keyArn('open')),
      plain: { region, encryption: { algorithm: 'AES256' } },
      abroad: encryptedWith(keyArn('abroad', 'eu-west-1'), 'eu-west-1'),
      aliased: encryptedWith(alias),
    },
    keys: {
      ...world.keys,
      [keyArn('closed')]: { policy: noGrant },
      [keyArn('hidden')]: { policy: grant },
      [keyArn('disabled')]: { policy: grant, state: 'Disabled' },
      [keyArn('abroad', 'eu-west-1')]: { policy: grant },
      [keyArn('aliased')]: { policy: grant },
    },
    aliases: { [alias]: keyArn('aliased') },
    rules: {
      [ruleName]: [
        ...many.map(({ id }) => ({ id, compliance: 'COMPLIANT' })),
        { id: 'fl-exempt-now', compliance: 'NON_COMPLIANT' },
        { id: 'fl-deleted', compliance: 'NON_COMPLIANT' },
        { id: 'fl-deleted-before', compliance: 'NOT_APPLICABLE' },
      ],
    },
    faults: [
      ...['DescribeKey', 'GetKeyPolicy'].map((operation) => ({
        operation,
        about: keyArn('hidden'),
        answer: { status: 400, code: 'AccessDeniedException' },
      })),
      {
        operation: 'GetBucketEncryption',
        about: 'refused',
        answer: { status: 403, code: 'AccessDenied' },
      },
    ],
  };
  let aws: Aws;
  let ended: Ended;
  beforeAll(async () => {
    aws = await startAws(account);
    ended = await invoke(aws, [{}]);
  });
  afterAll(() => aws.close());

  it('ends well', () => {
    expect(failureOf(ended)).toBeUndefined();
    expect(ended.exitCode).toBe(0);
  });

  it('reports each flow log that is judged, once', () => {
    const reported = aws.evaluations.map((each) => each.ComplianceResourceId);
    const judged = flowLogs.map(({ id }) => id).filter((id) => id !== 'fl-exempt');
    expect([...reported].sort()).toEqual([...judged, 'fl-deleted'].sort());
  });

  it.each(Object.entries(others))('judges %s while the others are judged too', (_, [log, word]) => {
    expect(wordsOf(aws.evaluations)[log.id]).toBe(word);
  });

  it('finds every flow log compliant whose key has the grant', () => {
    const words = wordsOf(aws.evaluations);
    expect(new Set(many.map(({ id }) => words[id]))).toEqual(new Set(['COMPLIANT deliverable']));
  });

  it.each([
    ['a flow log that does not exist any more', 'fl-deleted', 'flow log does not exist any more'],
    ['a flow log that is exempt now', 'fl-exempt-now', 'destination'],
  ])('clears the result of %s', (_, id, why) => {
    expect(wordsOf(aws.evaluations)[id]).toBe(`NOT_APPLICABLE ${why}`);
  });

  it('reports flow logs and nothing else', () => {
    const types = aws.evaluations.map((each) => each.ComplianceResourceType);
    expect(new Set(types)).toEqual(new Set(['AWS::EC2::FlowLog']));
  });

  it('puts them in batches of at most 100, with the token', () => {
    const puts = named(aws, 'PutEvaluations').map(({ input }) => ({
      token: input.ResultToken,
      size: (input.Evaluations as unknown[]).length,
    }));
    expect(puts).toEqual([
      { token: 'the-token', size: 100 },
      { token: 'the-token', size: 32 },
    ]);
  });

  it('dates them as of the notification, to the millisecond', () => {
    const times = aws.evaluations.map((each) => Math.round(each.OrderingTimestamp * 1000));
    expect(new Set(times)).toEqual(new Set([Date.parse(scheduled.notificationCreationTime)]));
  });

  it('annotates them in 1 to 256 characters', () => {
    const lengths = aws.evaluations.map(({ Annotation = '' }) => Annotation.length);
    expect(Math.min(...lengths)).toBeGreaterThan(0);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(256);
  });

  it('signs every call with the credentials of the function', () => {
    const ids = new Set(aws.calls.map(({ accessKeyId }) => accessKeyId));
    expect(ids).toEqual(new Set([credentials.AWS_ACCESS_KEY_ID]));
  });

  it('reads two pages of flow logs and two of results', () => {
    expect(named(aws, 'DescribeFlowLogs')).toHaveLength(2);
    expect(named(aws, 'GetComplianceDetailsByConfigRule')).toHaveLength(2);
  });

  it.each([
    ['bucket', 'GetBucketEncryption', 'Bucket'],
    ['key', 'DescribeKey', 'KeyId'],
    ['key', 'GetKeyPolicy', 'KeyId'],
  ])('asks for each %s once with %s', (_, operation, name) => {
    const asked = named(aws, operation).map((call) => `${call.region} ${String(call.input[name])}`);
    expect(asked).toEqual([...new Set(asked)]);
    expect(asked.length).toBeGreaterThan(4);
  });

  it('prints metrics that count what was done', () => {
    const [metrics, ...more] = metricsOf(ended);
    expect(more).toEqual([]);
    expect(metrics).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Namespace: 'FlowLogKeyRule' }] },
      Evaluated: 132,
      Blocked: 3,
      Unknown: 2,
      ApiCalls: aws.calls.length,
    });
    expect(metrics).not.toHaveProperty('Failed');
  });

  it('prints that it started cold', () => {
    expect(linesOf(ended)).toContainEqual(
      expect.objectContaining({ message: 'asked', cold_start: true }),
    );
  });

  it('prints a line for each flow log that is not surely delivered', () => {
    const told = linesOf(ended).flatMap(({ level, flowLogId }) =>
      level === 'WARN' ? [flowLogId] : [],
    );
    expect(told.sort()).toEqual([
      'fl-disabled',
      'fl-hidden',
      'fl-no-grant',
      'fl-nowhere',
      'fl-refused',
    ]);
  });

  it('prints the account in each line: in an organization all accounts share the log', () => {
    const lines = linesOf(ended).filter(({ level }) => level !== undefined);
    expect(lines.length).toBeGreaterThan(5);
    expect(new Set(lines.map((line) => line.accountId))).toEqual(new Set([accountId]));
  });

  it('prints no policy', () => {
    const printed = ended.stdout + ended.stderr;
    expect(printed).not.toMatch(/Statement|Principal|aws:SourceAccount/);
    expect(printed).not.toContain(SECRET);
  });
});

interface Row {
  readonly account?: Partial<Account>;
  readonly asked?: Asked;
  readonly milliseconds?: number;
  /** Settings of the function, by variable. */
  readonly limits?: Readonly<Record<string, string>>;
  /** By flow log, everything that Config took. */
  readonly arrives: Readonly<Record<string, string>>;
  /** By flow log, what its annotation says. */
  readonly says?: Readonly<Record<string, RegExp>>;
  /** What the invocation fails with; it must not where there is none. */
  readonly fails?: RegExp;
  /** How often each operation is called, where that matters. */
  readonly calls?: Readonly<Record<string, number>>;
}

const good = 'COMPLIANT deliverable';
const fault = (operation: string, code: string, rest: object = {}) => ({
  faults: [{ operation, answer: { status: 403, code }, ...rest }],
});
const twoKeys: Partial<Account> = {
  flowLogs: [flowLog('fl-1', 'archive'), flowLog('fl-2', 'other'), toLogGroup('fl-3')],
  buckets: { ...world.buckets, other: encryptedWith(keyArn('other')) },
  keys: { ...world.keys, [keyArn('other')]: { policy: noGrant } },
};
const hundred = Array.from({ length: 100 }, (_, nth) => `fl-more-${nth}`);
const alias = `arn:aws:kms:${region}:${accountId}:alias/logs`;
const sixtyIds = Array.from({ length: 60 }, (_, nth) => `fl-${nth}`);
const withResult = (...ids: readonly string[]) => ({
  rules: { [ruleName]: ids.map((id) => ({ id, compliance: 'COMPLIANT' })) },
});

const list = '/flow-log-key-rule/exemptions';
const exempting = { parameters: { Exemptions: list } };
const exemption = {
  pattern: { key: `${keyArn('ot')}*`, tag: { name: 'team', value: 'net?ork' } },
  reason: 'moves soon',
  owner: 'network team',
  expires: '2999-01-31',
};
const tagged: Partial<Account> = {
  ...twoKeys,
  flowLogs: twoKeys.flowLogs?.map((each) => ({ ...each, tags: { team: 'network' } })) ?? [],
};
const inList = (...entries: readonly object[]): Partial<Account> => ({
  ...tagged,
  parameters: { [list]: JSON.stringify(entries) },
});

/** 60 flow logs, of which the eleventh needs a bucket of its own. */
const sixty: Partial<Account> = {
  flowLogs: Array.from({ length: 60 }, (_, nth) =>
    nth === 10 ? flowLog('fl-hung', 'hung') : flowLog(`fl-${nth}`, 'archive'),
  ),
  buckets: { ...world.buckets, hung: encryptedWith(keyArn('other')) },
  keys: { ...world.keys, [keyArn('other')]: { policy: noGrant } },
};
const fiftyNine = Object.fromEntries(
  (sixty.flowLogs ?? []).flatMap(({ id }) => (id === 'fl-hung' ? [] : [[id, good]])),
);
const short = {
  FLOW_LOG_KEY_REQUEST_MS: '150',
  FLOW_LOG_KEY_RETRY_MS: '300',
  FLOW_LOG_KEY_FLOW_LOG_MS: '1000',
};

/** Answers of AWS to the one call about a bucket or key: the same tomorrow. */
const lasting: [string, number, string, string][] = [
  ['GetBucketEncryption', 400, 'InvalidToken', 'bucket'],
  ['GetBucketEncryption', 403, 'InvalidAccessKeyId', 'bucket'],
  ['GetBucketEncryption', 400, 'IllegalLocationConstraintException', 'bucket'],
  ['GetBucketEncryption', 501, 'NotImplemented', 'bucket'],
  ['GetBucketEncryption', 400, 'AWordOfTomorrow', 'bucket'],
  ['DescribeKey', 400, 'ValidationException', 'key-state'],
  ['DescribeKey', 403, 'OptInRequired', 'key-state'],
  ['GetKeyPolicy', 400, 'UnrecognizedClientException', 'key-policy'],
  ['GetKeyPolicy', 400, 'AWordOfTomorrow', 'key-policy'],
];

/** Answers about the credentials or the clock, which every call gets. */
const ofCaller: [string, string, RegExp][] = [
  ['ExpiredToken', 'GetBucketEncryption', /aws sso login/],
  ['ExpiredTokenException', 'GetKeyPolicy', /aws sso login/],
  ['RequestTimeTooSkewed', 'GetBucketEncryption', /set the clock/],
  ['SignatureDoesNotMatch', 'GetBucketEncryption', /set the clock/],
  ['InvalidSignatureException', 'DescribeKey', /set the clock/],
];

const ofOther = (operation: string, status: number, code: string): Partial<Account> => ({
  ...twoKeys,
  keys: { ...world.keys, [keyArn('other')]: { policy: grant } },
  faults: [
    {
      operation,
      about: operation.includes('Bucket') ? 'other' : keyArn('other'),
      answer: { status, code },
    },
  ],
});

const empty = (operation: string): Partial<Account> => ({
  ...twoKeys,
  services: { [operation]: () => ({ output: {} }) },
});

/** Grants of a key that lacks the statement, and this many others before the one for delivery. */
const granted = (others: number): Partial<Account> => ({
  keys: {
    [keyArn('open')]: {
      policy: noGrant,
      grants: [
        ...Array.from({ length: others }, (_, nth) => ({
          GrantId: `grant-${nth}`,
          GranteePrincipal: `arn:aws:iam::${accountId}:role/worker`,
          Operations: ['GenerateDataKey', 'Decrypt'],
        })),
        {
          GrantId: 'grant-of-delivery',
          GranteeServicePrincipal: 'delivery.logs.amazonaws.com',
          Operations: ['GenerateDataKey', 'Decrypt'],
        },
      ],
    },
  },
});

/** An account in this organization with three flow logs, whose keys are for accounts of an organization. */
const inOrganization = (rest: Partial<Account> = {}): Partial<Account> => ({
  organization: 'o-a1b2c3d4e5',
  flowLogs: [flowLog('fl-1', 'archive'), flowLog('fl-2', 'ours'), flowLog('fl-3', 'theirs')],
  buckets: {
    ...world.buckets,
    ours: encryptedWith(keyArn('ours')),
    theirs: encryptedWith(keyArn('theirs')),
  },
  keys: {
    ...world.keys,
    [keyArn('ours')]: { policy: forOrganization('o-a1b2c3d4e5') },
    [keyArn('theirs')]: { policy: forOrganization('o-zzzzzzzzzz') },
  },
  ...rest,
});

const organizationFault = (rest: Omit<Account['faults'][number], 'operation'>) =>
  inOrganization({ faults: [{ operation: 'DescribeOrganization', ...rest }] });
const throttled = { status: 400, code: 'TooManyRequestsException' };
const doubtful = 'NON_COMPLIANT key-policy';

const organizationRows: [string, Row][] = [
  [
    'the organization of the account settles what keys ask for, and is asked for once',
    {
      account: inOrganization(),
      arrives: { 'fl-1': good, 'fl-2': good, 'fl-3': doubtful },
      calls: { DescribeOrganization: 1 },
    },
  ],
  [
    'an organization that the operator gave is not asked for',
    {
      account: inOrganization(),
      asked: { parameters: { OrganizationId: 'o-zzzzzzzzzz' } },
      arrives: { 'fl-1': good, 'fl-2': doubtful, 'fl-3': good },
      calls: { DescribeOrganization: 0 },
    },
  ],
  [
    'an account in no organization is refused by keys for an organization',
    {
      account: inOrganization({ organization: undefined }),
      arrives: { 'fl-1': good, 'fl-2': doubtful, 'fl-3': doubtful },
      says: { 'fl-2': /aws:SourceOrgID .*; key policy refuses/ },
      calls: { DescribeOrganization: 1 },
    },
  ],
  [
    'an organization that AWS does not show is not known',
    {
      account: organizationFault({ answer: { status: 400, code: 'AccessDeniedException' } }),
      arrives: { 'fl-1': good, 'fl-2': doubtful, 'fl-3': doubtful },
      says: { 'fl-2': /aws:SourceOrgID .*; give the organization id, or/ },
      calls: { DescribeOrganization: 1 },
    },
  ],
  [
    'AWS Organizations throttles twice',
    {
      account: organizationFault({ times: 2, answer: throttled }),
      arrives: { 'fl-1': good, 'fl-2': good, 'fl-3': doubtful },
      calls: { DescribeOrganization: 3 },
    },
  ],
  [
    'AWS Organizations throttles on and on',
    {
      account: organizationFault({ answer: throttled }),
      limits: { FLOW_LOG_KEY_RETRY_MS: '300' },
      arrives: { 'fl-1': good },
      fails: /^2 of 3 .*fl-2.*TooManyRequestsException/,
    },
  ],
  [
    'AWS Organizations never answers',
    {
      account: organizationFault({ answer: 'never' }),
      limits: short,
      arrives: { 'fl-1': good },
      fails: /^2 of 3 .*AWS Organizations has not answered/,
    },
  ],
  [
    'AWS Organizations answers without an organization',
    {
      account: inOrganization({ services: { DescribeOrganization: () => ({ output: {} }) } }),
      arrives: { 'fl-1': good },
      fails: /^2 of 3 .*AWS Organizations answered without the id/,
    },
  ],
];

const rows: [string, Row][] = [
  ...organizationRows,
  ...[
    [0, 1],
    [250, 3],
    [999, 10],
    [1000, 10],
    [5000, 10],
  ].map(([others = 0, pages = 0]): [string, Row] => [
    `a grant after ${others} other grants may admit delivery`,
    {
      account: granted(others),
      arrives: { 'fl-1': 'NON_COMPLIANT key-policy' },
      calls: { ListGrants: pages },
    },
  ]),
  [
    'GetBucketEncryption of one bucket never answers',
    {
      account: {
        ...sixty,
        faults: [{ operation: 'GetBucketEncryption', about: 'hung', answer: 'never' }],
      },
      limits: short,
      arrives: fiftyNine,
      fails: /^1 of 60 .*fl-hung \(bucket hung has not answered: .*; 59 evaluations were reported/,
    },
  ],
  [
    'a key never answers, and the time for a flow log is over before the attempts are',
    {
      account: {
        ...sixty,
        faults: [{ operation: 'DescribeKey', about: keyArn('other'), answer: 'never' }],
      },
      limits: { FLOW_LOG_KEY_FLOW_LOG_MS: '200' },
      arrives: fiftyNine,
      fails: /^1 of 60 .*fl-hung \(key .*other has not answered for 0.2 s/,
    },
  ],
  [
    'DescribeKey of one key never answers once',
    {
      account: {
        ...sixty,
        faults: [{ operation: 'DescribeKey', about: keyArn('other'), times: 1, answer: 'never' }],
      },
      limits: short,
      arrives: { ...fiftyNine, 'fl-hung': 'NON_COMPLIANT key-policy' },
    },
  ],
  [
    'flow logs whose list never comes',
    {
      account: { faults: [{ operation: 'DescribeFlowLogs', answer: 'never' }] },
      limits: short,
      arrives: {},
      fails: /EC2 in us-east-1 has not answered/,
    },
  ],
  ...lasting.map(([operation, status, code, reason]): [string, Row] => [
    `${operation} answers ${code} for one flow log, today as tomorrow`,
    {
      account: ofOther(operation, status, code),
      arrives: { 'fl-1': good, 'fl-2': `NON_COMPLIANT ${reason}` },
    },
  ]),
  ...ofCaller.map(([code, operation, fails]): [string, Row] => [
    `${operation} answers ${code}, which is about the caller`,
    { account: ofOther(operation, 403, code), arrives: { 'fl-1': good }, fails },
  ]),
  [
    'credentials that expire before the list of flow logs',
    {
      account: { ...fault('DescribeFlowLogs', 'RequestExpired'), ...withResult('fl-1') },
      arrives: {},
      fails: /RequestExpired.*set the clock/,
    },
  ],
  ...['DescribeKey', 'GetKeyPolicy'].map((operation): [string, Row] => [
    `${operation} answers with nothing`,
    { account: empty(operation), arrives: {}, fails: /AWS KMS answered without/ },
  ]),
  [
    'DescribeFlowLogs answers with nothing',
    {
      account: {
        ...withResult('fl-1'),
        services: { DescribeFlowLogs: () => ({ output: '' }) },
      },
      arrives: {},
      fails: /EC2 answered without the flow logs/,
    },
  ],
  ['a flow log whose key admits delivery', { arrives: { 'fl-1': good } }],
  ['an account without flow logs', { account: { flowLogs: [] }, arrives: {} }],
  [
    'a bucket without an encryption configuration',
    { account: { buckets: { archive: { region } } }, arrives: { 'fl-1': good } },
  ],
  [
    'a bucket that names its key by id',
    {
      account: {
        buckets: { archive: encryptedWith('1234abcd-12ab-34cd-56ef-1234567890ab') },
        keys: { [keyArn('1234abcd-12ab-34cd-56ef-1234567890ab')]: { policy: grant } },
      },
      arrives: { 'fl-1': 'NON_COMPLIANT key-by-arn' },
    },
  ],
  [
    'a bucket policy that AlsoCheck wants looked at',
    {
      account: {
        buckets: {
          archive: {
            ...encryptedWith(keyArn('open')),
            policy: JSON.stringify({
              Statement: [{ Sid: SECRET, Effect: 'Deny', Principal: '*', Action: 's3:*' }],
            }),
          },
        },
      },
      asked: { parameters: { AlsoCheck: 'bucket-policy' } },
      arrives: { 'fl-1': 'NON_COMPLIANT bucket-policy' },
      calls: { GetBucketPolicy: 1 },
    },
  ],
  [
    'UnknownAs=NOT_APPLICABLE',
    {
      account: fault('GetBucketEncryption', 'AccessDenied'),
      asked: { parameters: { UnknownAs: 'NOT_APPLICABLE' } },
      arrives: { 'fl-1': 'NOT_APPLICABLE bucket' },
    },
  ],
  [
    'an evaluation that Config takes only the third time',
    {
      account: { ...twoKeys, untaken: { 'fl-1': 2 } },
      arrives: { 'fl-1': good, 'fl-2': 'NON_COMPLIANT key-policy' },
      calls: { PutEvaluations: 3 },
    },
  ],
  [
    'an evaluation that Config never takes',
    {
      account: { ...twoKeys, untaken: { 'fl-1': 99 } },
      arrives: { 'fl-2': 'NON_COMPLIANT key-policy' },
      fails: /did not take 1 of 2 evaluations: fl-1; 1 evaluations were reported/,
    },
  ],
  [
    'an evaluation that Config never takes, among more than it takes at once',
    {
      account: {
        flowLogs: ['fl-0', ...hundred].map((id) => flowLog(id, 'archive')),
        untaken: { 'fl-0': 99 },
      },
      arrives: Object.fromEntries(hundred.map((id) => [id, good])),
      fails: /fl-0/,
    },
  ],
  [
    'a bucket whose Region S3 tells as the one that the signature should name',
    {
      account: {
        buckets: { archive: encryptedWith(keyArn('abroad', 'eu-west-1'), 'eu-west-1') },
        keys: { [keyArn('abroad', 'eu-west-1')]: { policy: grant } },
        faults: [
          {
            operation: 'GetBucketEncryption',
            region,
            answer: {
              status: 400,
              code: 'AuthorizationHeaderMalformed',
              headers: { 'x-amz-bucket-region': 'eu-west-1' },
            },
          },
        ],
      },
      arrives: { 'fl-1': good },
    },
  ],
  [
    'a dry run with the token TESTMODE',
    { asked: { token: 'TESTMODE' }, arrives: {}, calls: { PutEvaluations: 1 } },
  ],
  [
    'KMS throttles once',
    {
      account: fault('DescribeKey', 'ThrottlingException', { times: 1 }),
      arrives: { 'fl-1': good },
      calls: { DescribeKey: 2 },
    },
  ],
  [
    'KMS fails for one key only',
    {
      account: {
        ...twoKeys,
        ...withResult('fl-1', 'fl-2'),
        faults: [
          {
            operation: 'GetKeyPolicy',
            about: keyArn('other'),
            answer: { status: 500, code: 'KMSInternalException' },
          },
        ],
      },
      arrives: { 'fl-1': good },
      fails: /fl-2 \(KMSInternalException.*; 1 evaluations were reported/,
      calls: { GetKeyPolicy: 7 },
    },
  ],
  [
    'S3 does not answer in time for one bucket',
    {
      account: {
        ...twoKeys,
        ...withResult('fl-1', 'fl-2'),
        faults: [{ operation: 'GetBucketEncryption', about: 'other', answer: 'never' }],
      },
      milliseconds: 20_000,
      arrives: { 'fl-1': good },
      fails:
        /1 of 3 .*fl-2 \(time limit is near, and bucket other has not answered\).*; 1 evaluations were reported/,
    },
  ],
  [
    'flow logs that cannot be listed keep their results',
    {
      account: { ...fault('DescribeFlowLogs', 'UnauthorizedOperation'), ...withResult('fl-1') },
      arrives: {},
      fails: /UnauthorizedOperation/,
      calls: { PutEvaluations: 0 },
    },
  ],
  [
    'flow logs whose second page cannot be had keep their results',
    {
      account: {
        ...twoKeys,
        ...withResult('fl-1', 'fl-2'),
        flowLogsPerPage: 1,
        ...fault('DescribeFlowLogs', 'UnauthorizedOperation', { after: 1 }),
      },
      arrives: { 'fl-1': good },
      fails: /UnauthorizedOperation/,
    },
  ],
  [
    'results that cannot be listed',
    {
      account: fault('GetComplianceDetailsByConfigRule', 'AccessDeniedException'),
      arrives: { 'fl-1': good },
      fails: /not cleared: .*AccessDeniedException.*; 1 evaluations were reported/,
    },
  ],
  [
    'an event of another account',
    {
      asked: { accountId: '999988887777' },
      arrives: {},
      fails: /event of account 999988887777 refused/,
      calls: { DescribeFlowLogs: 0, PutEvaluations: 0 },
    },
  ],
  [
    'a rule parameter that is not known',
    {
      asked: { parameters: { UnknownAS: 'NOT_APPLICABLE' } },
      arrives: {},
      fails: /UnknownAS="NOT_APPLICABLE"/,
      calls: { PutEvaluations: 0 },
    },
  ],
  [
    'a flow log that is exempt by its key and its tag',
    {
      account: inList(exemption),
      asked: exempting,
      arrives: { 'fl-1': good, 'fl-2': 'NOT_APPLICABLE exemption' },
      calls: { GetParameter: 1 },
    },
  ],
  [
    'a flow log whose exemption is over',
    {
      account: inList({ ...exemption, expires: '2020-01-31' }),
      asked: exempting,
      arrives: { 'fl-1': good, 'fl-2': 'NON_COMPLIANT key-policy' },
    },
  ],
  [
    'exemptions that may not be read',
    {
      account: { ...inList(exemption), ...fault('GetParameter', 'AccessDeniedException') },
      asked: exempting,
      arrives: {},
      fails:
        /exemptions cannot be read from SSM parameter \/flow-log-key-rule\/exemptions \(AccessDeniedException.*allow ssm:GetParameter/,
      calls: { PutEvaluations: 0 },
    },
  ],
  [
    'exemptions that do not exist',
    { account: tagged, asked: exempting, arrives: {}, fails: /ParameterNotFound/ },
  ],
  [
    'exemptions with a typo, which would exempt more',
    {
      account: inList({ ...exemption, pattern: { keys: keyArn('other'), account: accountId } }),
      asked: exempting,
      arrives: {},
      fails: /entry 1, pattern\.keys: is not known/,
      calls: { PutEvaluations: 0 },
    },
  ],
  [
    'a change of one flow log',
    {
      account: { ...twoKeys, ...withResult('fl-1', 'fl-2', 'fl-deleted') },
      asked: { invoking: changed(flowLogItem('fl-2')) },
      arrives: { 'fl-2': 'NON_COMPLIANT key-policy' },
      calls: { DescribeFlowLogs: 1, GetBucketEncryption: 1, GetComplianceDetailsByConfigRule: 0 },
    },
  ],
  [
    'a flow log that now delivers elsewhere',
    {
      account: twoKeys,
      asked: { invoking: changed(flowLogItem('fl-3')) },
      arrives: { 'fl-3': 'NOT_APPLICABLE destination' },
    },
  ],
  [
    'a flow log that is deleted, in an event that calls it OK',
    {
      asked: { invoking: changed(flowLogItem('fl-9')), eventLeftScope: true },
      arrives: { 'fl-9': 'NOT_APPLICABLE flow log is deleted or no longer in scope' },
      calls: { DescribeFlowLogs: 0 },
    },
  ],
  [
    'a change of a key',
    {
      account: twoKeys,
      asked: {
        invoking: changed({ type: 'AWS::KMS::Key', id: 'other', arn: keyArn('other') }),
      },
      arrives: { 'fl-2': 'NON_COMPLIANT key-policy' },
      calls: { DescribeKey: 1, GetBucketEncryption: 2 },
    },
  ],
  [
    'a change of a bucket',
    {
      account: twoKeys,
      asked: {
        invoking: changed({ type: 'AWS::S3::Bucket', id: 'archive', arn: 'arn:aws:s3:::archive' }),
      },
      arrives: { 'fl-1': good },
      calls: { GetBucketEncryption: 1 },
    },
  ],
  [
    'an edit of a key that shuts the reader out of the alias, too',
    {
      account: {
        buckets: { archive: encryptedWith(alias) },
        aliases: { [alias]: keyArn('open') },
        keys: { [keyArn('open')]: { policy: noGrant } },
        ...withResult('fl-1'),
        ...fault('DescribeKey', 'AccessDeniedException'),
      },
      asked: { invoking: changed({ type: 'AWS::KMS::Key', id: 'open', arn: keyArn('open') }) },
      arrives: { 'fl-1': 'NON_COMPLIANT key' },
      calls: { GetComplianceDetailsByConfigRule: 1 },
    },
  ],
  [
    'an edit of a key, while no bucket can be read',
    {
      account: {
        ...twoKeys,
        ...withResult('fl-1'),
        ...fault('GetBucketEncryption', 'AccessDenied'),
      },
      asked: { invoking: changed({ type: 'AWS::KMS::Key', id: 'open', arn: keyArn('open') }) },
      arrives: { 'fl-1': 'NON_COMPLIANT bucket' },
      calls: { GetComplianceDetailsByConfigRule: 1 },
    },
  ],
  [
    'a flow log that was just recorded, and that EC2 does not list yet',
    {
      account: { flowLogs: [] },
      asked: { invoking: changed(flowLogItem('fl-1'), new Date().toISOString()) },
      arrives: {},
      fails: /flow log fl-1 was recorded at .*, but EC2 does not list it yet/,
      calls: { DescribeFlowLogs: 2 },
    },
  ],
  [
    'a flow log that was recorded long ago, and that EC2 does not list',
    {
      account: { flowLogs: [] },
      asked: { invoking: changed(flowLogItem('fl-1')) },
      arrives: { 'fl-1': 'NOT_APPLICABLE flow log does not exist any more' },
    },
  ],
  [
    'sixty flow logs, while the first put is never answered',
    {
      account: {
        flowLogs: sixtyIds.map((id) => flowLog(id, 'archive')),
        faults: [{ operation: 'PutEvaluations', times: 1, answer: 'never' }],
      },
      milliseconds: 11_000,
      arrives: Object.fromEntries(sixtyIds.map((id) => [id, good])),
      calls: { PutEvaluations: 2 },
    },
  ],
  [
    'nothing, while no put is ever answered',
    {
      account: { ...twoKeys, faults: [{ operation: 'PutEvaluations', answer: 'never' }] },
      milliseconds: 10_500,
      arrives: {},
      fails:
        /PutEvaluations was not answered within \d+ ms; AWS Config did not take 2 of 2 evaluations: fl-1, fl-2; 0 evaluations were reported/,
    },
  ],
  [
    'an evaluation whose first put is answered without a body',
    {
      account: { faults: [{ operation: 'PutEvaluations', times: 1, answer: 'empty' }] },
      arrives: { 'fl-1': good },
      calls: { PutEvaluations: 2 },
    },
  ],
  [
    'nothing, while every put is answered without a body',
    {
      account: { faults: [{ operation: 'PutEvaluations', answer: 'empty' }] },
      arrives: {},
      fails: /answered without a body; AWS Config did not take 1 of 1 evaluations: fl-1; 0/,
    },
  ],
  [
    'what a put with an empty object for an answer told',
    {
      account: { services: { PutEvaluations: () => ({ output: {} }) } },
      arrives: {},
      calls: { PutEvaluations: 1 },
    },
  ],
];

describe('what arrives at AWS Config', () => {
  it.each(rows)('%s', async (_, { account, asked = {}, arrives, fails, calls, ...more }) => {
    const aws = await startAws({ ...world, ...account });
    try {
      const ended = await invoke(aws, [asked], more);
      expect(wordsOf(aws.evaluations)).toEqual(arrives);
      for (const each of aws.evaluations)
        expect(each.Annotation).toMatch(more.says?.[each.ComplianceResourceId] ?? /./);
      expect(aws.evaluations).toHaveLength(Object.keys(arrives).length);
      expect(ended.exitCode).toBe(fails === undefined ? 0 : 1);
      if (fails === undefined) expect(failureOf(ended)).toBeUndefined();
      else expect(failureOf(ended)).toMatch(fails);
      const called = Object.keys(calls ?? {}).map((each) => [each, named(aws, each).length]);
      expect(Object.fromEntries(called)).toEqual(calls ?? {});
      expect(ended.stdout + ended.stderr).not.toContain(SECRET);
      const [metrics] = metricsOf(ended);
      if (fails === undefined) expect(metrics).not.toHaveProperty('Failed');
      else expect(metrics?.Failed).toBeGreaterThan(0);
    } finally {
      await aws.close();
    }
  });
});

describe('the calls of a scheduled run', () => {
  it('are as few as can be: for 200 flow logs over 20 buckets and 10 keys, 62', async () => {
    const aws = await startAws({
      ...world,
      flowLogs: Array.from({ length: 200 }, (_, nth) => flowLog(`fl-${nth}`, `bucket-${nth % 20}`)),
      flowLogsPerPage: 1000,
      buckets: Object.fromEntries(
        Array.from({ length: 20 }, (_, nth) => [
          `bucket-${nth}`,
          encryptedWith(keyArn(`key-${nth % 10}`)),
        ]),
      ),
      keys: Object.fromEntries(
        Array.from({ length: 10 }, (_, nth) => [keyArn(`key-${nth}`), { policy: grant }]),
      ),
    });
    try {
      const { exitCode } = await invoke(aws, [{}]);
      expect(exitCode).toBe(0);
      expect(aws.evaluations).toHaveLength(200);
      const reads = aws.calls.filter(({ operation }) => !/Recorder|PutEvaluations/.test(operation));
      expect(countBy(reads.map(({ operation }) => operation))).toEqual({
        GetComplianceDetailsByConfigRule: 1,
        DescribeFlowLogs: 1,
        GetBucketEncryption: 20,
        GetBucketPolicy: 20,
        DescribeKey: 10,
        GetKeyPolicy: 10,
      });
      expect(reads).toHaveLength(62);
    } finally {
      await aws.close();
    }
  });
});

/** How often each word stands in a list. */
function countBy(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

describe('a function that stays warm', () => {
  it('asks AWS anew for each event, and dates a change as of its item', async () => {
    const aws = await startAws(world);
    try {
      const { exitCode } = await invoke(aws, [{}, { invoking: changed(flowLogItem('fl-1')) }]);
      expect(exitCode).toBe(0);
      expect(named(aws, 'GetKeyPolicy')).toHaveLength(2);
      const times = aws.evaluations.map((each) => new Date(each.OrderingTimestamp * 1000));
      expect(times.map((time) => time.toISOString())).toEqual([
        '2026-11-23T04:05:06.789Z',
        '2026-11-23T03:00:00.000Z',
      ]);
    } finally {
      await aws.close();
    }
  });
});

describe('an exemption that is over', () => {
  it('is counted, and told once in a run, by its pattern and owner', async () => {
    const over = { ...exemption, expires: '2020-01-31' };
    const aws = await startAws({ ...world, ...inList(over, exemption) });
    try {
      const ended = await invoke(aws, [exempting]);
      expect(linesOf(ended).filter(({ exemptions }) => exemptions !== undefined)).toMatchObject([
        {
          level: 'WARN',
          message: 'exemptions have expired and are ignored',
          exemptions: [
            `key ${keyArn('ot')}*, tag team=net?ork (owner: network team) until 2020-01-31`,
          ],
        },
      ]);
      expect(metricsOf(ended)[0]).toMatchObject({ ExemptionsExpired: 1, Blocked: 0 });
      expect(aws.evaluations.map(({ Annotation }) => Annotation)).toContain(
        'exemption: exempt until 2999-01-31 (owner: network team): moves soon',
      );
    } finally {
      await aws.close();
    }
  });
});

describe('a recorder that leaves a type out', () => {
  it('is told of once in a scheduled run, and keeps no evaluation back', async () => {
    const recorded = {
      allSupported: false,
      resourceTypes: ['AWS::EC2::FlowLog', 'AWS::S3::Bucket'],
    };
    const aws = await startAws({ ...world, recorded });
    try {
      const ended = await invoke(aws, [{}]);
      expect(ended.exitCode).toBe(0);
      expect(wordsOf(aws.evaluations)).toEqual({ 'fl-1': good });
      expect(linesOf(ended).filter(({ types }) => types !== undefined)).toMatchObject([
        { level: 'WARN', types: ['AWS::KMS::Key'] },
      ]);
      expect(metricsOf(ended)[0]).toMatchObject({
        TypesNotRecorded: 1,
        ScheduledRuns: 1,
        Blocked: 0,
      });
    } finally {
      await aws.close();
    }
  });
});

describe('a table of runs', () => {
  const at = (hour: number): Asked => ({
    invoking: { ...scheduled, notificationCreationTime: `2026-11-23T0${hour}:00:00.000Z` },
  });
  const run = async (account: Partial<Account>, asked: readonly Asked[], missing = false) => {
    const kept = tables({ name: missing ? [] : 'runs' });
    const aws = await startAws({ ...world, ...twoKeys, services: kept.operations, ...account });
    try {
      const ended = await invoke(aws, asked, { limits: { RUNS_TABLE_NAME: 'runs' } });
      expect(kept.misunderstood).toEqual([]);
      const shown = metricsOf(ended).map((each) =>
        Object.fromEntries(
          ['Blocked', 'Unknown', 'NewlyBlocked', 'NewlyUnknown'].map((name) => [name, each[name]]),
        ),
      );
      return { aws, ended, shown, items: [...kept.itemsIn(region)] };
    } finally {
      await aws.close();
    }
  };
  const failsFor = (times: number): Partial<Account> => ({
    ...withResult('fl-1'),
    faults: [
      {
        operation: 'GetKeyPolicy',
        about: keyArn('open'),
        times: times * 6,
        answer: { status: 500, code: 'KMSInternalException' },
      },
    ],
  });

  it('tells the verdicts that are new since the last run', async () => {
    const { shown, items } = await run({}, [at(1), at(2)]);
    expect(shown).toEqual([
      { Blocked: 1, Unknown: 0, NewlyBlocked: 1, NewlyUnknown: 0 },
      { Blocked: 1, Unknown: 0, NewlyBlocked: 0, NewlyUnknown: 0 },
    ]);
    expect(items).toMatchObject([
      [`run/${accountId}/${region}/${ruleName}`, { blocked: { S: 'fl-2' } }],
    ]);
  });

  it('has a flow log reported as unknown that two scheduled runs in a row could not judge', async () => {
    const { aws, ended, shown } = await run(failsFor(2), [at(1), at(2)]);
    expect(wordsOf(aws.evaluations)).toEqual({
      'fl-1': 'NON_COMPLIANT unknown',
      'fl-2': 'NON_COMPLIANT key-policy',
    });
    expect(failureOf(ended)).toMatch(/1 of 3 flow logs could not be judged/);
    expect(ended.exitCode).toBe(0);
    expect(shown).toEqual([{}, { Blocked: 1, Unknown: 1, NewlyBlocked: 1, NewlyUnknown: 1 }]);
  });

  /** The list of flow logs breaks off after the first of two pages, in the first so many runs. */
  const breaksOff = (runs: number, compliance = 'COMPLIANT'): Partial<Account> => ({
    rules: { [ruleName]: ['fl-1', 'fl-2'].map((id) => ({ id, compliance })) },
    flowLogs: twoKeys.flowLogs?.slice(0, 2) ?? [],
    flowLogsPerPage: 1,
    faults: Array.from({ length: runs }, (_, nth) => ({
      operation: 'DescribeFlowLogs',
      after: 2 * nth + 1,
      times: 1,
      answer: { status: 403, code: 'UnauthorizedOperation' },
    })),
  });
  const unknown = 'NON_COMPLIANT unknown';
  it.each<[string, Partial<Account>, readonly Asked[], string | undefined]>([
    ['after two runs', breaksOff(2), [at(1), at(2)], unknown],
    ['not after one run', breaksOff(1), [at(1)], undefined],
    ['not after one event, repeated', breaksOff(2), [at(1), at(1)], undefined],
    ['not after a run that ended', breaksOff(1), [at(1), at(2)], 'NON_COMPLIANT key-policy'],
    ['not in place of NON_COMPLIANT', breaksOff(2, 'NON_COMPLIANT'), [at(1), at(2)], undefined],
  ])(
    'has a flow log reported as unknown that was not reached: %s',
    async (_, account, asked, word) => {
      const { aws, ended } = await run(account, asked);
      expect(wordsOf(aws.evaluations)).toEqual({
        'fl-1': good,
        ...(word === undefined ? {} : { 'fl-2': word }),
      });
      if (word === unknown)
        expect(failureOf(ended)).toMatch(/UnauthorizedOperation.*; 1 evaluations were reported$/);
    },
  );

  it('counts a repeated event as one run', async () => {
    const { aws, shown } = await run(failsFor(2), [at(1), at(1), at(2)]);
    expect(wordsOf(aws.evaluations)['fl-1']).toBe(good);
    expect(shown).toEqual([{}, {}, { Blocked: 1, Unknown: 0, NewlyBlocked: 1, NewlyUnknown: 0 }]);
  });

  it('that is missing costs a warning', async () => {
    const { aws, ended, shown } = await run({}, [at(1)], true);
    expect(aws.evaluations).toHaveLength(2);
    expect(ended.exitCode).toBe(0);
    expect(shown).toEqual([{ Blocked: 1, Unknown: 0 }]);
  });
});
