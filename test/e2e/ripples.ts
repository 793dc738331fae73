import { resolve } from 'node:path';
import type { SQSBatchResponse } from 'aws-lambda';
import { aggregator, type Recorded } from './aggregator-stand-in.ts';
import {
  credentials,
  refusal,
  runAgainst,
  type Account,
  type Listener,
  type Operation,
} from './aws-stand-in.ts';
import { tables } from './dynamo-stand-in.ts';
import { functionCommand } from './function-command.ts';
import { startOrganization } from './organization-stand-in.ts';
import { clockOf, startQueue, type Clock, type Queue } from './queue.ts';

export const region = 'us-east-1';
export const central = '999988887777';
export const security = '777788889999';
export const archive = '444455556666';
export const workload = '111122223333';
export const sandbox = '222233334444';
export const stranger = '333344445555';

export const role = 'flow-log-key-rule-reporter';
const ruleName = 'flow-log-key-allows-delivery';

/** Who sees this in a log sees a policy. */
const SECRET = 'NotForTheLogs';

export const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
const keyArn = `arn:aws:kms:${region}:${security}:key/${keyId}`;
const otherKeyArn = `arn:aws:kms:${region}:${security}:key/99999999-12ab-34cd-56ef-1234567890ab`;
const aliasArn = `arn:aws:kms:${region}:${security}:alias/logs`;

const bucket = (resourceId: string, accountId: string, kmsMasterKeyID?: string): Recorded => ({
  resourceType: 'AWS::S3::Bucket',
  resourceId,
  accountId,
  awsRegion: region,
  supplementaryConfiguration: {
    ServerSideEncryptionConfiguration: {
      rules: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: kmsMasterKeyID === undefined ? 'AES256' : 'aws:kms',
            kmsMasterKeyID: kmsMasterKeyID ?? null,
          },
        },
      ],
    },
  },
});

let flowLogs = 0;
const flowLog = (accountId: string, awsRegion: string, destination: string): Recorded => ({
  resourceType: 'AWS::EC2::FlowLog',
  resourceId: `fl-${String(++flowLogs)}`,
  accountId,
  awsRegion,
  configuration: { logDestination: `arn:aws:s3:::${destination}`, logDestinationType: 's3' },
});

/** One key, named in every way that there is, and flow logs that have nothing to do with it. */
export const items: readonly Recorded[] = [
  {
    resourceType: 'AWS::KMS::Alias',
    resourceId: 'alias/logs',
    accountId: security,
    awsRegion: region,
    configuration: { AliasName: 'alias/logs', TargetKeyId: keyId },
  },
  bucket('logs', archive, keyArn),
  bucket('alias-logs', archive, aliasArn),
  bucket('id-logs', security, keyId),
  bucket('bare-alias-logs', security, 'alias/logs'),
  bucket('other-logs', archive, otherKeyArn),
  bucket('logs-2', archive, otherKeyArn),
  bucket('id-elsewhere', archive, keyId),
  bucket('plain-logs', archive),
  flowLog(workload, region, 'logs'),
  flowLog(workload, region, 'logs'),
  flowLog(workload, region, 'logs/vpc/'),
  flowLog(workload, 'eu-west-1', 'alias-logs'),
  flowLog(sandbox, 'eu-west-1', 'id-logs/folder'),
  flowLog(central, region, 'bare-alias-logs'),
  flowLog(sandbox, region, 'other-logs'),
  flowLog(stranger, region, 'logs-2'),
  flowLog(stranger, 'eu-west-1', 'id-elsewhere'),
  flowLog(stranger, 'eu-central-1', 'plain-logs'),
];

/** Where flow logs depend on the key. */
export const dependents: readonly string[] = [
  `${workload}/us-east-1`,
  `${workload}/eu-west-1`,
  `${sandbox}/eu-west-1`,
  `${central}/us-east-1`,
];

/** An event of EventBridge about an item, as AWS Config has it. */
const event = (accountId: string, item: object, changedProperties: object): string =>
  JSON.stringify({
    version: '0',
    id: '11111111-2222-4333-8444-555555555555',
    'detail-type': 'Config Configuration Item Change',
    source: 'aws.config',
    account: accountId,
    time: '2026-11-23T10:00:00Z',
    region,
    resources: [],
    detail: {
      recordVersion: '1.3',
      messageType: 'ConfigurationItemChangeNotification',
      notificationCreationTime: '2026-11-23T10:00:00.000Z',
      configurationItemDiff: { changedProperties, changeType: 'UPDATE' },
      configurationItem: {
        configurationItemStatus: 'OK',
        configurationItemCaptureTime: '2026-11-23T10:00:00.000Z',
        awsAccountId: accountId,
        awsRegion: region,
        ...item,
      },
    },
  });

const key = {
  resourceType: 'AWS::KMS::Key',
  resourceId: keyId,
  ARN: keyArn,
  configuration: { keyManager: 'CUSTOMER' },
  supplementaryConfiguration: { Policy: JSON.stringify({ Statement: [{ Sid: SECRET }] }) },
};
export const keyEdit = event(security, key, { 'SupplementaryConfiguration.Policy': { x: SECRET } });
export const keyTagged = event(security, key, { 'Tags.0': {} });
export const bucketEdit = event(
  archive,
  { resourceType: 'AWS::S3::Bucket', resourceId: 'other-logs', ARN: 'arn:aws:s3:::other-logs' },
  { 'SupplementaryConfiguration.ServerSideEncryptionConfiguration': {} },
);
export const aliasMoved = event(
  security,
  { resourceType: 'AWS::KMS::Alias', resourceId: 'alias/logs', ARN: aliasArn },
  { 'Configuration.TargetKeyId': {} },
);

/** A start that AWS Config took. */
export interface Start {
  /** `ACCOUNT/REGION` */
  readonly rule: string;
  readonly at: number;
  readonly accessKeyId: string;
}

export interface WorldOptions {
  /** Accounts without the role. */
  readonly closed?: readonly string[];
  /** Accounts without the rule. */
  readonly ruleless?: readonly string[];
  /** How many starts of each rule are refused for an evaluation that goes on. */
  readonly busy?: number;
  readonly aggregator?: string;
  readonly inStrings?: boolean;
  readonly maxReceiveCount?: number;
  /** Puts another listener before AWS's own. */
  readonly around?: (listener: Listener) => Listener;
  /** Further variables of the function's environment. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface World {
  readonly clock: Clock;
  readonly queue: Queue;
  readonly starts: readonly Start[];
  /** Of each start that was refused, the rule. */
  readonly refused: readonly string[];
  readonly queries: readonly string[];
  readonly roles: readonly string[];
  readonly logs: readonly string[];
}

const MINUTE = 60_000;

/** How often the built function's minute fits in one of ours. */
const SPEED = 20;

/** Runs something in a world that is gone afterwards, and that has understood all that it was asked. */
export async function inWorld<T>(options: WorldOptions, run: (world: World) => Promise<T>) {
  const { closed = [], inStrings = false, maxReceiveCount = 10 } = options;
  const clock = clockOf(SPEED);
  const kept = tables({ name: 'flow-log-key-rule' });
  const asked = aggregator({ name: 'organization', items: () => items, page: 2, inStrings });
  const { starts, refused, startIn } = starting(clock, options);
  const accounts = [central, security, archive, workload, sandbox, stranger].map((accountId) =>
    account(accountId, {
      StartConfigRulesEvaluation: startIn(accountId),
      ...(accountId === central && { ...kept.operations, ...asked.operations }),
    }),
  );
  const roles = Object.fromEntries(
    accounts
      .map(({ accountId }) => accountId)
      .filter((each) => !closed.includes(each))
      .map((each) => [`${each}/${role}`, ['StartConfigRulesEvaluation']]),
  );
  const may = ['SelectAggregateResourceConfig', 'GetItem', 'UpdateItem'];
  const aws = await startOrganization(
    { own: central, may, accounts, roles, shared: [] },
    options.around,
  );
  const logs: string[] = [];
  const { aggregator: aggregatorName, env = {} } = options;
  const invoke = invoking(aws, { clock, aggregatorName, env, logs });
  const queue = startQueue({
    clock,
    delay: MINUTE,
    visibilityTimeout: 3 * MINUTE,
    batchSize: 30,
    batchingWindow: 20_000,
    maxReceiveCount,
    pollers: 2,
    invoke,
  });
  try {
    const { queries } = asked;
    const result = await run({
      clock,
      queue,
      starts,
      refused,
      queries,
      logs,
      roles: aws.roles.map(({ role: each }) => each),
    });
    expect(kept.misunderstood).toEqual([]);
    expect(logs.join('')).not.toContain(SECRET);
    return result;
  } finally {
    await queue.close();
    await aws.close();
  }
}

const account = (accountId: string, services: Account['services']): Account => ({
  accountId,
  regions: [region],
  flowLogs: [],
  flowLogsPerPage: 100,
  buckets: {},
  keys: {},
  aliases: {},
  rules: {},
  untaken: {},
  faults: [],
  ...(services && { services }),
});

/** https://docs.aws.amazon.com/config/latest/APIReference/API_StartConfigRulesEvaluation.html */
function starting(clock: Clock, { ruleless = [], busy = 0 }: WorldOptions) {
  const starts: Start[] = [];
  const refused: string[] = [];
  const startIn =
    (accountId: string): Operation =>
    ({ region: where, accessKeyId, input }) => {
      if (String(input.ConfigRuleNames) !== ruleName || ruleless.includes(accountId))
        return refusal('NoSuchConfigRuleException', 'no such rule');
      const rule = `${accountId}/${where}`;
      const before = refused.filter((each) => each === rule).length;
      const last = starts.findLast((each) => each.rule === rule)?.at ?? -Infinity;
      if (clock.now() - last < MINUTE || before < busy) {
        refused.push(rule);
        return refusal('LimitExceededException', 'an evaluation is in progress');
      }
      starts.push({ rule, at: clock.now(), accessKeyId });
      return { output: {} };
    };
  return { starts, refused, startIn };
}

interface Invoking {
  readonly clock: Clock;
  readonly aggregatorName: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly logs: string[];
}

/** The built function in a process of its own, with the clock of its world. */
const invoking =
  (
    aws: { readonly url: string },
    { clock, aggregatorName = 'organization', env: more, logs }: Invoking,
  ) =>
  async (input: object): Promise<SQSBatchResponse> => {
    const context = {
      awsRequestId: '0e7b7b6c-0000-4000-8000-000000000000',
      functionName: 'ripple',
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:${region}:${central}:function:ripple`,
      memoryLimitInMB: '512',
    };
    const env = {
      ...credentials,
      AWS_REGION: region,
      RULE_NAME: ruleName,
      AGGREGATOR: aggregatorName,
      REPORTER_ROLE_NAME: role,
      CLOCK_START: String(clock.start),
      CLOCK_SPEED: String(clock.speed),
      ...more,
    };
    const fastClock = ['--require', resolve('test/e2e/fast-clock.cjs')];
    const ended = await runAgainst(aws, functionCommand('ripple', fastClock), {
      env,
      input: JSON.stringify({ events: [input], context, milliseconds: 2 * MINUTE }),
    });
    const lines = `${ended.stdout}\n${ended.stderr}`.split('\n');
    logs.push(...lines.filter((line) => line !== ''));
    const answer = lines.find((line) => line.startsWith('{"payload":'));
    if (ended.exitCode !== 0 || answer === undefined) throw new Error(ended.stderr);
    return JSON.parse((JSON.parse(answer) as { payload: string }).payload) as SQSBatchResponse;
  };
