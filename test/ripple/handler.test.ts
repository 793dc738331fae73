import {
  ConfigServiceClient,
  SelectAggregateResourceConfigCommand,
  StartConfigRulesEvaluationCommand,
  type SelectAggregateResourceConfigRequest,
} from '@aws-sdk/client-config-service';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  ResourceNotFoundException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../rule/ripple/handler.ts';
import { bucketItem, context, flowLogItem, keyItem, notifiedAt } from '../evaluate/events.ts';
import { account, keyArn, keyId, region } from '../world.ts';

const config = mockClient(ConfigServiceClient);
const dynamo = mockClient(DynamoDBClient);
const sts = mockClient(STSClient);

const SENT = 1_763_900_000_000;
const named = (name: string, message = 'no') => Object.assign(new Error(message), { name });

/** The rows of an aggregator by the type of resource. */
interface Answers {
  readonly aliases?: readonly object[];
  readonly buckets?: readonly object[];
  readonly flowLogs?: readonly object[];
}
const place = { accountId: account, awsRegion: region };
const alias = {
  ...place,
  resourceType: 'AWS::KMS::Alias',
  resourceId: 'alias/logs',
  configuration: { TargetKeyId: keyId },
};
const bucket = (kmsMasterKeyID: string, change: object = {}) => ({
  ...place,
  resourceType: 'AWS::S3::Bucket',
  resourceId: 'logs',
  supplementaryConfiguration: {
    ServerSideEncryptionConfiguration: {
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyID } }],
    },
  },
  ...change,
});
const flowLog = (accountId: string, logDestination = 'arn:aws:s3:::logs') => ({
  accountId,
  awsRegion: region,
  configuration: { logDestination },
  'COUNT(*)': 7,
});
const [first, second] = ['222200000001', '222200000002'] as const;

function aggregated({ aliases = [], buckets = [], flowLogs = [] }: Answers): void {
  const rows: readonly [string, readonly object[]][] = [
    ["'AWS::KMS::Alias'", aliases],
    ["'AWS::S3::Bucket'", buckets],
    ["'AWS::EC2::FlowLog'", flowLogs],
  ];
  config
    .on(SelectAggregateResourceConfigCommand)
    .callsFake(({ Expression = '' }: SelectAggregateResourceConfigRequest) => ({
      Results: rows
        .find(([type]) => Expression.includes(type))?.[1]
        .map((each) => JSON.stringify(each)),
    }));
}

const environment = {
  RULE_NAME: 'the-rule',
  AGGREGATOR: 'organization',
  REPORTER_ROLE_NAME: 'reporter',
  TABLE_NAME: 'table',
};

let log: jest.SpyInstance;
beforeEach(() => {
  for (const mock of [config, dynamo, sts]) mock.reset();
  Object.assign(process.env, environment);
  log = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  dynamo.onAnyCommand().resolves({});
  sts.on(AssumeRoleCommand).resolves({
    Credentials: {
      AccessKeyId: 'key',
      SecretAccessKey: 'secret',
      SessionToken: 'token',
      Expiration: new Date(Date.now() + 3_600_000),
    },
  });
  config.on(StartConfigRulesEvaluationCommand).resolves({});
  aggregated({ buckets: [bucket(keyArn)], flowLogs: [flowLog(first)] });
});
afterEach(() => {
  log.mockRestore();
});
afterAll(() => {
  for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
});

const told = (item: object, diff: object = { changedProperties: {} }) => ({
  source: 'aws.config',
  'detail-type': 'Config Configuration Item Change',
  account,
  detail: {
    messageType: 'ConfigurationItemChangeNotification',
    notificationCreationTime: notifiedAt,
    configurationItem: item,
    configurationItemDiff: diff,
  },
});
const changed = (...names: readonly string[]) => ({
  changedProperties: Object.fromEntries(names.map((name) => [name, {}])),
});
const record = (messageId: string, body: unknown, sentAt: string | number = SENT) =>
  ({
    messageId,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { SentTimestamp: String(sentAt) },
  }) as SQSRecord;
const batch = (...bodies: readonly unknown[]): SQSEvent => ({
  Records: bodies.map((body, nth) => record(`m${String(nth)}`, body)),
});
const handle = async (event: SQSEvent, within: Context = context): Promise<readonly string[]> =>
  (await handler(event, within)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
const queries = () =>
  config.commandCalls(SelectAggregateResourceConfigCommand).map(({ args: [{ input }] }) => input);
const roles = () =>
  sts.commandCalls(AssumeRoleCommand).map(({ args: [{ input }] }) => input.RoleArn);
const startCount = () => config.commandCalls(StartConfigRulesEvaluationCommand).length;

const aliasItem = {
  ...keyItem,
  resourceType: 'AWS::KMS::Alias',
  resourceId: 'alias/logs',
  ARN: `arn:aws:kms:${region}:${account}:alias/logs`,
  configuration: {},
};
const oversized = {
  ...told(keyItem),
  detail: {
    messageType: 'OversizedConfigurationItemChangeNotification',
    configurationItemSummary: { ...keyItem, configuration: undefined },
  },
};

describe('a message about', () => {
  const rows: readonly [string, unknown, 'starts' | 'nothing' | 'goes back'][] = [
    ['the policy of a key', told(keyItem, changed('SupplementaryConfiguration.Policy')), 'starts'],
    ['the state of a key', told(keyItem, changed('Configuration.KeyState')), 'starts'],
    ['a key, without what changed', told(keyItem), 'starts'],
    ['a key with an item too large to send', oversized, 'starts'],
    [
      'a deleted key',
      told({ ...keyItem, configurationItemStatus: 'ResourceDeleted' }, changed('Tags')),
      'starts',
    ],
    ['an alias', told(aliasItem, changed('Configuration.TargetKeyId')), 'starts'],
    ['a bucket', told({ ...bucketItem, resourceId: 'logs', ARN: 'arn:aws:s3:::logs' }), 'starts'],
    ['a tag of a key', told(keyItem, changed('Tags.0')), 'nothing'],
    ['a key of AWS', told({ ...keyItem, configuration: { keyManager: 'AWS' } }), 'nothing'],
    ['a flow log', told(flowLogItem), 'nothing'],
    ['something that is not JSON', 'no', 'goes back'],
    ['something else', { source: 'aws.s3' }, 'goes back'],
    [
      'another event of AWS Config',
      { ...told(keyItem), 'detail-type': 'Config Rules Compliance Change' },
      'goes back',
    ],
    [
      'a schedule',
      { ...told(keyItem), detail: { messageType: 'ScheduledNotification' } },
      'goes back',
    ],
    [
      'a resource of another account than its sender',
      { ...told(keyItem), account: first },
      'goes back',
    ],
    ['an item without an id', told({ ...keyItem, resourceId: '' }), 'goes back'],
  ];
  it.each(rows)('%s', async (_, body, expected) => {
    aggregated({
      aliases: [alias],
      buckets: [bucket(aliasItem.ARN), bucket(keyArn)],
      flowLogs: [flowLog(first)],
    });
    expect(await handle(batch(body))).toEqual(expected === 'goes back' ? ['m0'] : []);
    expect(startCount()).toBe(expected === 'starts' ? 1 : 0);
    expect(queries().length > 0).toBe(expected === 'starts');
  });

  it.each([
    ['as text', told({ ...keyItem, supplementaryConfiguration: 'Secret' })],
    ['instead of an item', { ...told(keyItem), detail: 'Secret' }],
    ['instead of what changed', told(keyItem, { changedProperties: 'Secret' })],
    ['that ends too early', '{"Policy": "Secret'],
  ])('a policy %s goes back, and stays out of the logs', async (_, body) => {
    const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    expect(await handle(batch(body))).toEqual(['m0']);
    expect(errors).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(errors.mock.calls)).not.toContain('Secret');
    errors.mockRestore();
  });

  it('an edit without a time of arrival goes back', async () => {
    expect(await handle({ Records: [record('m0', told(keyItem), 'noon')] })).toEqual(['m0']);
  });

  it('a key goes on where another message goes back', async () => {
    expect(await handle(batch('no', told(keyItem)))).toEqual(['m0']);
    expect(startCount()).toBe(1);
  });
});

describe('the aggregator is asked', () => {
  it('in three queries for a hundred edits of one key', async () => {
    aggregated({ aliases: [alias], buckets: [bucket(keyArn)], flowLogs: [flowLog(first)] });
    await handle(batch(...Array.from({ length: 100 }, () => told(keyItem))));
    const aliasArn = aliasItem.ARN;
    expect(queries()).toEqual([
      {
        ConfigurationAggregatorName: 'organization',
        Limit: 100,
        Expression: `SELECT resourceId, resourceType, accountId, awsRegion, configuration WHERE resourceType = 'AWS::KMS::Alias' AND configuration.TargetKeyId IN ('${keyId}', '${keyArn}')`,
      },
      {
        ConfigurationAggregatorName: 'organization',
        Limit: 100,
        Expression: `SELECT resourceId, resourceType, accountId, awsRegion, supplementaryConfiguration.ServerSideEncryptionConfiguration WHERE resourceType = 'AWS::S3::Bucket' AND supplementaryConfiguration.ServerSideEncryptionConfiguration.rules.applyServerSideEncryptionByDefault.kmsMasterKeyID IN ('${keyArn}', '${keyId}', '${aliasArn}', 'alias/logs')`,
      },
      {
        ConfigurationAggregatorName: 'organization',
        Expression: `SELECT accountId, awsRegion, configuration.logDestination, COUNT(*) WHERE resourceType = 'AWS::EC2::FlowLog' AND (configuration.logDestination = 'arn:aws:s3:::logs' OR configuration.logDestination LIKE 'arn:aws:s3:::logs/%') GROUP BY accountId, awsRegion, configuration.logDestination`,
      },
    ]);
    expect(startCount()).toBe(1);
  });

  it('about many buckets in queries that are not too long', async () => {
    const names = Array.from(
      { length: 200 },
      (_, nth) => `bucket-${'x'.repeat(50)}-${String(nth)}`,
    );
    await handle(
      batch(
        ...names.map((name) =>
          told({ ...bucketItem, resourceId: name, ARN: `arn:aws:s3:::${name}` }),
        ),
      ),
    );
    const expressions = queries().map(({ Expression = '' }) => Expression);
    expect(expressions.length).toBeLessThan(20);
    for (const each of expressions) expect(each.length).toBeLessThanOrEqual(4096);
    const all = expressions.join();
    expect(names.filter((name) => !all.includes(`'arn:aws:s3:::${name}'`))).toEqual([]);
  });

  it('nothing about a name with a quote, which would change the query', async () => {
    const resourceId = "x' OR resourceType = 'y";
    expect(await handle(batch(told({ ...bucketItem, resourceId })))).toEqual([]);
    expect(queries()).toEqual([]);
  });
});

describe('an answer of the aggregator without sense sends the whole batch back', () => {
  const notAText = { accountId: first, awsRegion: region, configuration: {} };
  it.each<[string, object, RegExp]>([
    ['without results', {}, /answered without results/],
    ['that is no JSON', { Results: ['{"secret"'] }, /a row of the aggregator is not JSON/],
    [
      'without an account',
      { Results: [JSON.stringify({ ...notAText, accountId: null })] },
      /^a row of a flow log cannot be read: accountId: /,
    ],
    [
      'with a destination that is no text',
      {
        Results: [JSON.stringify({ ...notAText, configuration: { logDestination: ['secret'] } })],
      },
      /^a row of a flow log cannot be read: configuration\.logDestination: .*Array/,
    ],
  ])('%s', async (_, answer, words) => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    config
      .on(SelectAggregateResourceConfigCommand)
      .callsFake(({ Expression = '' }: SelectAggregateResourceConfigRequest) =>
        Expression.includes("'AWS::EC2::FlowLog'")
          ? answer
          : {
              Results: Expression.includes("'AWS::S3::Bucket'")
                ? [JSON.stringify(bucket(keyArn))]
                : [],
            },
      );
    const error = (await handle(batch(told(keyItem))).catch((thrown: unknown) => thrown)) as Error;
    logged.mockRestore();
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain('secret');
    expect(startCount()).toBe(0);
  });
});

describe('in the answers of the aggregator', () => {
  const rows: readonly [string, Answers, readonly string[]][] = [
    [
      'flow logs of the bucket count',
      { flowLogs: [flowLog(first), flowLog(second)] },
      [first, second],
    ],
    [
      'flow logs of an account count once',
      { flowLogs: [flowLog(first), flowLog(first, 'arn:aws:s3:::logs/a/')] },
      [first],
    ],
    [
      'flow logs of other buckets do not count',
      { flowLogs: [flowLog(first), flowLog(second, 'arn:aws:s3:::logs-2')] },
      [first],
    ],
    ['flow logs without a destination count', { flowLogs: [flowLog(first, '')] }, [first]],
    [
      'buckets with another key do not count',
      { buckets: [bucket(keyArn.replace(/.$/, 'f'))], flowLogs: [flowLog(first)] },
      [],
    ],
    [
      'buckets with the key by its id count',
      { buckets: [bucket(keyId)], flowLogs: [flowLog(first)] },
      [first],
    ],
    [
      'buckets of other accounts with the same id do not count',
      { buckets: [bucket(keyId, { accountId: second })], flowLogs: [flowLog(first)] },
      [],
    ],
    [
      'buckets of other Regions with the same id do not count',
      { buckets: [bucket(keyId, { awsRegion: 'eu-west-1' })], flowLogs: [flowLog(first)] },
      [],
    ],
    [
      'buckets with an alias of the key count',
      { aliases: [alias], buckets: [bucket(aliasItem.ARN)], flowLogs: [flowLog(first)] },
      [first],
    ],
    [
      'buckets with a bare alias of the key count',
      { aliases: [alias], buckets: [bucket('alias/logs')], flowLogs: [flowLog(first)] },
      [first],
    ],
    [
      'aliases of other keys do not count',
      {
        aliases: [{ ...alias, awsRegion: 'eu-west-1' }],
        buckets: [bucket(aliasItem.ARN)],
        flowLogs: [flowLog(first)],
      },
      [],
    ],
    [
      'buckets whose encryption cannot be read count',
      { buckets: [bucket(keyArn, { supplementaryConfiguration: {} })], flowLogs: [flowLog(first)] },
      [first],
    ],
  ];
  it.each(rows)('%s', async (_, answers, expected) => {
    const noted: string[] = [];
    dynamo.on(UpdateItemCommand).callsFake(({ Key }: { Key: { id: { S: string } } }) => {
      noted.push(Key.id.S);
      return {};
    });
    aggregated({ buckets: [bucket(keyArn)], ...answers });
    expect(await handle(batch(told(keyItem)))).toEqual([]);
    expect(noted.sort()).toEqual(expected.map((each) => `ripple/${each}/${region}`));
    expect(startCount()).toBe(expected.length);
  });
});

describe('a rule', () => {
  it('is started in its Region with the role of its account, and the start is remembered', async () => {
    const regions: string[] = [];
    aggregated({
      buckets: [bucket(keyArn)],
      flowLogs: [{ ...flowLog('222200000003'), awsRegion: 'eu-west-1' }],
    });
    config
      .on(StartConfigRulesEvaluationCommand, { ConfigRuleNames: ['the-rule'] })
      .callsFake(async (_, client: () => ConfigServiceClient) => {
        regions.push(await client().config.region());
        return {};
      });
    const before = Date.now();
    expect(await handle(batch(told(keyItem)))).toEqual([]);
    expect(regions).toEqual(['eu-west-1']);
    expect(roles()).toEqual(['arn:aws:iam::222200000003:role/reporter']);
    const [update] = dynamo.commandCalls(UpdateItemCommand);
    const { Key, TableName, ExpressionAttributeValues: values } = update?.args[0].input ?? {};
    expect({ Key, TableName }).toEqual({
      TableName: 'table',
      Key: { id: { S: 'ripple/222200000003/eu-west-1' } },
    });
    expect(Number(values?.[':at']?.N)).toBeGreaterThanOrEqual(before);
  });

  it('that was started after the edit is not started again', async () => {
    dynamo.on(GetItemCommand).resolves({ Item: { startedAt: { N: String(SENT + 5_000) } } });
    expect(await handle(batch(told(keyItem)))).toEqual([]);
    expect(startCount()).toBe(0);
  });

  const refusals: readonly [string, Error, readonly string[], RegExp][] = [
    [
      'that was started within the minute',
      named('LimitExceededException'),
      ['m0'],
      /rules have to wait.*LimitExceeded/,
    ],
    [
      'that is in use',
      named('ResourceInUseException'),
      ['m0'],
      /rules have to wait.*ResourceInUse/,
    ],
    [
      'that AWS Config throttles',
      named('ThrottlingException'),
      ['m0'],
      /rules have to wait.*Throttling/,
    ],
    [
      'that is not there',
      named('NoSuchConfigRuleException'),
      [],
      /rule in account 222200000001, us-east-1 not started: there is no rule the-rule: deploy the rule there, or leave this account and Region out of the aggregator/,
    ],
    [
      'that the role may not start',
      named('AccessDeniedException'),
      [],
      /rule in account 222200000001, us-east-1 not started: role reporter may not \(AccessDeniedException\): allow it config:StartConfigRulesEvaluation/,
    ],
  ];
  it.each(refusals)('%s', async (_, error, expected, words) => {
    config.on(StartConfigRulesEvaluationCommand).rejects(error);
    expect(await handle(batch(told(keyItem)))).toEqual(expected);
    expect(startCount()).toBe(1);
    expect(warnings()).toMatch(words);
    expect(dynamo.commandCalls(UpdateItemCommand)).toEqual([]);
  });

  it('in an account without the role does not keep other rules from starting', async () => {
    sts
      .on(AssumeRoleCommand, { RoleArn: 'arn:aws:iam::222200000009:role/reporter' })
      .rejects(named('AccessDenied'));
    aggregated({
      buckets: [bucket(keyArn)],
      flowLogs: [flowLog('222200000009'), flowLog(first)],
    });
    expect(await handle(batch(told(keyItem)))).toEqual([]);
    expect(startCount()).toBe(1);
    expect(warnings()).toMatch(
      /rule in account 222200000009, us-east-1 not started: role reporter of account 222200000009 cannot be assumed \(AccessDenied\): deploy it there/,
    );
  });

  it('whose start cannot be remembered counts as started', async () => {
    dynamo.on(UpdateItemCommand).rejects(named('ThrottlingException'));
    expect(await handle(batch(told(keyItem)))).toEqual([]);
  });

  it('that somebody else started later keeps the later time', async () => {
    dynamo
      .on(UpdateItemCommand)
      .rejects(new ConditionalCheckFailedException({ message: 'no', $metadata: {} }));
    expect(await handle(batch(told(keyItem)))).toEqual([]);
  });

  it('has to wait where there is no table', async () => {
    dynamo
      .on(GetItemCommand)
      .rejects(new ResourceNotFoundException({ message: 'no', $metadata: {} }));
    expect(await handle(batch(told(keyItem)))).toEqual(['m0']);
    expect(warnings()).toMatch(/table table does not exist in this account and Region/);
  });

  it('has to wait near the time limit', async () => {
    const late = { ...context, getRemainingTimeInMillis: () => 10_000 };
    expect(await handle(batch(told(keyItem)), late)).toEqual(['m0']);
    expect(startCount()).toBe(0);
  });
});

/** All warnings, one a line. */
const warnings = (): string => log.mock.calls.map((each) => JSON.stringify(each)).join('\n');

describe('every message goes back', () => {
  const rows: readonly [string, string, RegExp][] = [
    [
      'without the aggregator',
      'NoSuchConfigurationAggregatorException',
      /^aggregator organization does not answer: .*create it in this account and Region/,
    ],
    [
      'where the aggregator may not be asked',
      'AccessDeniedException',
      /^aggregator organization does not answer: .*allow config:SelectAggregateResourceConfig/,
    ],
  ];
  it.each(rows)('%s', async (_, name, words) => {
    config.on(SelectAggregateResourceConfigCommand).rejects(named(name));
    await expect(handle(batch(told(keyItem)))).rejects.toThrow(words);
    expect(startCount()).toBe(0);
  });

  it.each(['RULE_NAME', 'AGGREGATOR', 'REPORTER_ROLE_NAME'])('without %s', async (name) => {
    process.env[name] = '';
    await expect(handle(batch(told(keyItem)))).rejects.toThrow(/length/);
  });
});
