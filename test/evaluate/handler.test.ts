import {
  ConfigServiceClient,
  GetComplianceDetailsByConfigRuleCommand,
  PutEvaluationsCommand,
  type Evaluation,
} from '@aws-sdk/client-config-service';
import {
  DescribeFlowLogsCommand,
  EC2Client,
  type DescribeFlowLogsRequest,
  type FlowLog,
} from '@aws-sdk/client-ec2';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetBucketEncryptionCommand, GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../rule/evaluate/handler.ts';
import {
  bucketItem,
  capturedAt,
  change,
  context,
  event,
  flowLogItem,
  keyItem,
  notifiedAt,
  oversized,
  scheduled,
} from './events.ts';
import {
  admittingBucketPolicy,
  account,
  archive,
  grant,
  keyArn,
  keyId,
  policy,
  region,
} from '../world.ts';

const ec2 = mockClient(EC2Client);
const s3 = mockClient(S3Client);
const kms = mockClient(KMSClient);
const config = mockClient(ConfigServiceClient);
const ssm = mockClient(SSMClient);

const named = (name: string, message = 'no') => Object.assign(new Error(message), { name });

const flowLog = (id: string, bucket = 'example-flow-logs'): FlowLog => ({
  FlowLogId: id,
  ResourceId: 'vpc-1',
  LogDestinationType: 's3',
  LogDestination: `arn:aws:s3:::${bucket}`,
  DeliverLogsStatus: 'SUCCESS',
});
const toCloudWatch: FlowLog = {
  FlowLogId: 'fl-cw',
  LogDestinationType: 'cloud-watch-logs',
  LogGroupName: '/logs',
};

/** Lets EC2 have these flow logs in pages, and filter them as DescribeFlowLogs does. */
function flowLogs(...pages: readonly (readonly FlowLog[])[]): void {
  ec2
    .on(DescribeFlowLogsCommand)
    .callsFake(({ NextToken, Filter = [] }: DescribeFlowLogsRequest) => {
      const page = Number(NextToken ?? 0);
      const wanted = (it: FlowLog) =>
        Filter.every(({ Name, Values }) =>
          Values?.includes((Name === 'flow-log-id' ? it.FlowLogId : it.LogDestinationType) ?? ''),
        );
      return {
        FlowLogs: (pages[page] ?? []).filter(wanted),
        ...(page + 1 < pages.length ? { NextToken: String(page + 1) } : {}),
      };
    });
}

const encryptedWith = (key: string) => ({
  ServerSideEncryptionConfiguration: {
    Rules: [
      {
        ApplyServerSideEncryptionByDefault: {
          SSEAlgorithm: 'aws:kms' as const,
          KMSMasterKeyID: key,
        },
        BucketKeyEnabled: true,
      },
    ],
  },
});

const described = (arn: string) => ({
  KeyMetadata: {
    KeyId: keyId,
    Arn: arn,
    KeyState: 'Enabled' as const,
    KeyManager: 'CUSTOMER' as const,
    KeyUsage: 'ENCRYPT_DECRYPT' as const,
    KeySpec: 'SYMMETRIC_DEFAULT' as const,
  },
});
const policyText = (...statements: readonly object[]) => ({
  Policy: JSON.stringify(policy(...statements).document),
});

/** An answer of AWS Config: earlier results of the rule for these flow logs. */
const resultsFor = (...ids: readonly string[]) => ({
  EvaluationResults: ids.map((ResourceId) => ({
    EvaluationResultIdentifier: {
      EvaluationResultQualifier: { ResourceType: 'AWS::EC2::FlowLog', ResourceId },
    },
  })),
});

beforeEach(() => {
  for (const mock of [ec2, s3, kms, config, ssm]) mock.reset();
  flowLogs([flowLog('fl-1'), flowLog('fl-other', 'other-bucket'), toCloudWatch]);
  s3.on(GetBucketEncryptionCommand).resolves(encryptedWith(keyArn));
  s3.on(GetBucketPolicyCommand).callsFake(({ Bucket = '' }: { Bucket?: string }) => ({
    Policy: admittingBucketPolicy(Bucket),
  }));
  s3.on(GetBucketEncryptionCommand, { Bucket: 'other-bucket' }).rejects(
    named('ServerSideEncryptionConfigurationNotFoundError'),
  );
  kms.on(DescribeKeyCommand).callsFake(({ KeyId }: { KeyId: string }) => described(KeyId));
  kms.on(GetKeyPolicyCommand).resolves(policyText(grant));
  config.on(PutEvaluationsCommand).resolves({ FailedEvaluations: [] });
  config.on(GetComplianceDetailsByConfigRuleCommand).resolves(resultsFor());
});

const calls = () => config.commandCalls(PutEvaluationsCommand).map(({ args }) => args[0].input);
/** In each call sorted by flow log: verdicts are reported as they are known. */
const evaluations = (): Evaluation[] =>
  calls().flatMap(({ Evaluations = [] }) =>
    [...Evaluations].sort((a, b) =>
      (a.ComplianceResourceId ?? '') < (b.ComplianceResourceId ?? '') ? -1 : 1,
    ),
  );
/** The reported evaluations, each as `id: compliance`. */
const reported = () =>
  evaluations().map(
    ({ ComplianceResourceId, ComplianceType }) =>
      `${ComplianceResourceId ?? ''}: ${ComplianceType ?? ''}`,
  );

const aliasArn = `arn:aws:kms:${region}:${account}:alias/logs`;
const ours = ['fl-1: COMPLIANT'];
const left = { eventLeftScope: true };
const status = (configurationItemStatus: string) => ({ configurationItemStatus });
const changed = (...names: readonly string[]) => ({
  changeType: 'UPDATE',
  changedProperties: Object.fromEntries(names.map((name) => [name, { changeType: 'UPDATE' }])),
});

/** Every kind of message for every type of resource, and the evaluations reported. */
const rows: readonly [name: string, event: object, reported: readonly string[]][] = [
  ['a flow log that changed', change(flowLogItem), ours],
  [
    'a flow log that was discovered',
    change({ ...flowLogItem, ...status('ResourceDiscovered') }),
    ours,
  ],
  [
    'a flow log that was deleted',
    change({ ...flowLogItem, ...status('ResourceDeleted') }),
    ['fl-1: NOT_APPLICABLE'],
  ],
  [
    'a flow log that left the scope, as AWS Config reports real deletions',
    change(flowLogItem, left),
    ['fl-1: NOT_APPLICABLE'],
  ],
  [
    'a flow log that is not recorded any more',
    change({ ...flowLogItem, ...status('ResourceNotRecorded') }),
    ['fl-1: NOT_APPLICABLE'],
  ],
  [
    'a flow log that is deleted before the rule looks',
    change({ ...flowLogItem, resourceId: 'fl-gone' }),
    ['fl-gone: NOT_APPLICABLE'],
  ],
  [
    'a flow log that goes to CloudWatch Logs',
    change({ ...flowLogItem, resourceId: 'fl-cw' }),
    ['fl-cw: NOT_APPLICABLE'],
  ],
  [
    'a flow log before it exists',
    change(flowLogItem, { evaluationMode: 'PROACTIVE' }),
    ['fl-1: NOT_APPLICABLE'],
  ],
  ['an oversized flow log', oversized(flowLogItem), ours],
  [
    'an oversized flow log that was deleted',
    oversized({ ...flowLogItem, ...status('ResourceDeleted') }),
    ['fl-1: NOT_APPLICABLE'],
  ],

  ['a bucket without a list of changed properties', change(bucketItem), ours],
  [
    'a bucket whose encryption changed',
    change(bucketItem, {}, changed('SupplementaryConfiguration.ServerSideEncryptionConfiguration')),
    ours,
  ],
  [
    'a bucket whose policy changed',
    change(bucketItem, {}, changed('SupplementaryConfiguration.BucketPolicy')),
    ours,
  ],
  [
    'a bucket with a change of tags only',
    change(bucketItem, {}, changed('SupplementaryConfiguration.Tags')),
    [],
  ],
  ['a bucket that was deleted', change({ ...bucketItem, ...status('ResourceDeleted') }), ours],
  [
    'a bucket that left the scope',
    change(bucketItem, left, changed('SupplementaryConfiguration.Tags')),
    ours,
  ],
  ['a bucket that no flow log uses', change({ ...bucketItem, resourceId: 'unused' }), []],
  ['an oversized bucket', oversized(bucketItem), ours],

  ['a key without a list of changed properties', change(keyItem), ours],
  [
    'a key whose policy changed',
    change(keyItem, {}, changed('SupplementaryConfiguration.Policy')),
    ours,
  ],
  [
    'a key whose state changed',
    change(keyItem, {}, changed('Configuration.KeyState', 'Configuration.Enabled')),
    ours,
  ],
  [
    'a key that is the primary key of several no longer, which a key policy may ask for',
    change(keyItem, {}, changed('Configuration.MultiRegionConfiguration.MultiRegionKeyType')),
    ours,
  ],
  [
    'a key with a change of the rotation only',
    change(keyItem, {}, changed('SupplementaryConfiguration.KeyRotationStatus')),
    [],
  ],
  ['a key that was deleted', change({ ...keyItem, ...status('ResourceDeleted') }), ours],
  ['a key that left the scope', change(keyItem, left), ours],
  ['a key that no bucket uses', change({ ...keyItem, ARN: keyArn.replace('1234', '9999') }), []],
  ['a key that AWS manages', change({ ...keyItem, configuration: { keyManager: 'AWS' } }), []],
  ['an oversized key', oversized(keyItem), ours],

  [
    'an alias that no bucket uses',
    change({
      ...keyItem,
      resourceType: 'AWS::KMS::Alias',
      ARN: `arn:aws:kms:${region}:${account}:alias/logs`,
    }),
    [],
  ],
  [
    'a key with fields that are null',
    change(
      { ...keyItem, configurationItemStatus: null, supplementaryConfiguration: null },
      { evaluationMode: null, ruleParameters: null, eventLeftScope: null },
      { changeType: null, changedProperties: null },
    ),
    ours,
  ],
  ['a resource of another type', change({ ...flowLogItem, resourceType: 'AWS::EC2::VPC' }), []],
  ['the schedule', scheduled(), ['fl-1: COMPLIANT', 'fl-other: COMPLIANT']],
  [
    'a snapshot that was delivered',
    event({
      messageType: 'ConfigurationSnapshotDeliveryCompleted',
      notificationCreationTime: notifiedAt,
    }),
    ['fl-1: COMPLIANT', 'fl-other: COMPLIANT'],
  ],
  [
    'an older event without an evaluation mode and parameters',
    { ...scheduled(), evaluationMode: undefined, ruleParameters: undefined },
    ['fl-1: COMPLIANT', 'fl-other: COMPLIANT'],
  ],
];

describe('the handler reports on', () => {
  it.each(rows)('%s', async (_, given, expected) => {
    await handler(given, context);
    expect(reported()).toEqual(expected);
  });
});

describe('an evaluation', () => {
  it('of a change has the capture time of the item', async () => {
    await handler(change(keyItem), context);
    expect(evaluations()[0]).toEqual({
      ComplianceResourceType: 'AWS::EC2::FlowLog',
      ComplianceResourceId: 'fl-1',
      ComplianceType: 'COMPLIANT',
      Annotation: expect.stringMatching(
        /^deliverable: key policy admits delivery.logs.amazonaws.com/,
      ) as string,
      OrderingTimestamp: new Date(capturedAt),
    });
  });

  it('of a scheduled run has the time of the notification and the token of the event', async () => {
    await handler(scheduled(), context);
    expect(calls()).toMatchObject([
      { ResultToken: 'token', Evaluations: [{ OrderingTimestamp: new Date(notifiedAt) }, {}] },
    ]);
    expect(calls()[0]).not.toHaveProperty('TestMode');
  });

  it('with the token TESTMODE is only a test', async () => {
    await handler(scheduled({ resultToken: 'TESTMODE' }), context);
    expect(calls()).toMatchObject([{ ResultToken: 'TESTMODE', TestMode: true }]);
  });

  it('starts with the code of the check', async () => {
    kms.on(GetKeyPolicyCommand).resolves(policyText());
    await handler(change(flowLogItem), context);
    expect(evaluations()[0]?.Annotation).toMatch(
      /^key-policy: no statement is for delivery.logs.amazonaws.com; key policy refuses/,
    );
  });

  it('of an unknown verdict has the compliance that UnknownAs names', async () => {
    kms.on(GetKeyPolicyCommand).rejects(named('AccessDeniedException'));
    await handler(change(flowLogItem), context);
    await handler(
      change(flowLogItem, { ruleParameters: '{"UnknownAs":"NOT_APPLICABLE"}' }),
      context,
    );
    expect(reported()).toEqual(['fl-1: NON_COMPLIANT', 'fl-1: NOT_APPLICABLE']);
  });
});

describe('a scheduled run', () => {
  it('clears the results of deleted and exempt flow logs, and no others', async () => {
    config
      .on(GetComplianceDetailsByConfigRuleCommand)
      .callsFake(({ NextToken }: { NextToken?: string }) =>
        NextToken === undefined
          ? { ...resultsFor('fl-1', 'fl-gone'), NextToken: 'more' }
          : resultsFor('fl-cw'),
      );
    await handler(scheduled(), context);
    expect(reported().sort()).toEqual([
      'fl-1: COMPLIANT',
      'fl-cw: NOT_APPLICABLE',
      'fl-gone: NOT_APPLICABLE',
      'fl-other: COMPLIANT',
    ]);
  });

  it('reports 250 flow logs in three calls, and asks for the common bucket and key once', async () => {
    const ids = Array.from({ length: 250 }, (_, index) => flowLog(`fl-${index}`));
    flowLogs(ids.slice(0, 120), ids.slice(120));
    await handler(scheduled(), context);
    expect(calls().map(({ Evaluations }) => Evaluations?.length)).toEqual([100, 100, 50]);
    expect(new Set(reported()).size).toBe(250);
    expect(s3.commandCalls(GetBucketEncryptionCommand)).toHaveLength(1);
    expect(kms.commandCalls(GetKeyPolicyCommand)).toHaveLength(1);
  });

  it('judges the others when one key cannot be read', async () => {
    const refused = keyArn.replace('1234', '9999');
    flowLogs([flowLog('fl-1'), flowLog('fl-2', 'refused-key'), flowLog('fl-3')]);
    s3.on(GetBucketEncryptionCommand, { Bucket: 'refused-key' }).resolves(encryptedWith(refused));
    kms.on(GetKeyPolicyCommand, { KeyId: refused }).rejects(named('AccessDeniedException'));
    await handler(scheduled(), context);
    expect(reported().sort()).toEqual([
      'fl-1: COMPLIANT',
      'fl-2: NON_COMPLIANT',
      'fl-3: COMPLIANT',
    ]);
    const unread = evaluations().find((each) => each.ComplianceResourceId === 'fl-2');
    expect(unread?.Annotation).toMatch(
      /^unknown: key-policy: policy of key cannot be read \(AccessDeniedException\); key /,
    );
  });

  it('fails when AWS throttles one key to the end, but reports all other flow logs', async () => {
    const throttled = keyArn.replace('1234', '9999');
    flowLogs([flowLog('fl-1'), flowLog('fl-2', 'throttled-key'), flowLog('fl-3')]);
    s3.on(GetBucketEncryptionCommand, { Bucket: 'throttled-key' }).resolves(
      encryptedWith(throttled),
    );
    kms
      .on(DescribeKeyCommand, { KeyId: throttled })
      .rejects(named('ThrottlingException', 'Rate exceeded'));
    config.on(GetComplianceDetailsByConfigRuleCommand).resolves(resultsFor('fl-2'));
    await expect(handler(scheduled(), context)).rejects.toThrow(
      '1 of 3 flow logs could not be judged and keep their last result: fl-2 (ThrottlingException: Rate exceeded); 2 evaluations were reported',
    );
    expect(reported()).toEqual(['fl-1: COMPLIANT', 'fl-3: COMPLIANT']);
  });

  it('clears nothing when the flow logs cannot be listed', async () => {
    ec2.on(DescribeFlowLogsCommand).rejects(named('UnauthorizedOperation', 'not you'));
    config.on(GetComplianceDetailsByConfigRuleCommand).resolves(resultsFor('fl-1'));
    await expect(handler(scheduled(), context)).rejects.toThrow(
      'not you; 0 evaluations were reported',
    );
    expect(reported()).toEqual([]);
  });

  it('clears nothing when the second page fails, but reports the first page', async () => {
    ec2
      .on(DescribeFlowLogsCommand)
      .resolvesOnce({ FlowLogs: [flowLog('fl-1')], NextToken: 'more' })
      .rejects(named('RequestLimitExceeded', 'slow down'));
    config.on(GetComplianceDetailsByConfigRuleCommand).resolves(resultsFor('fl-9'));
    await expect(handler(scheduled(), context)).rejects.toThrow('slow down');
    expect(reported()).not.toContain('fl-9: NOT_APPLICABLE');
  });

  it.each<[string, () => Promise<object>, string]>([
    [
      'refused',
      () => Promise.reject(named('AccessDeniedException', 'not you')),
      'cannot be looked up (AccessDeniedException: not you): allow config:GetComplianceDetailsByConfigRule; 2 evaluations',
    ],
    [
      'throttled',
      () => Promise.reject(named('ThrottlingException', 'Rate exceeded')),
      'cannot be looked up (ThrottlingException: Rate exceeded); 2 evaluations were reported',
    ],
    ['never answered', () => new Promise(() => undefined), 'cannot be looked up (no answer within'],
    [
      'not in the answer',
      () => Promise.resolve({}),
      'cannot be looked up (AWS Config answered without results of the rule: run again)',
    ],
  ])('reports all verdicts, then fails, when earlier results are %s', async (_, answer, words) => {
    config.on(GetComplianceDetailsByConfigRuleCommand).callsFake(answer);
    const short = { ...context, getRemainingTimeInMillis: () => 10_302 };
    await expect(handler(scheduled(), short)).rejects.toThrow(
      'results of deleted flow logs were not cleared: earlier results ',
    );
    await expect(handler(scheduled(), short)).rejects.toThrow(words);
    expect(new Set(reported())).toEqual(new Set(['fl-1: COMPLIANT', 'fl-other: COMPLIANT']));
  });

  it('reports a flow log once though it moved to the next page meanwhile', async () => {
    flowLogs([flowLog('fl-1')], [flowLog('fl-1'), flowLog('fl-2')]);
    await handler(scheduled(), context);
    expect(reported()).toEqual(['fl-1: COMPLIANT', 'fl-2: COMPLIANT']);
  });

  it('names both failures when the list of flow logs and the report fail', async () => {
    ec2
      .on(DescribeFlowLogsCommand)
      .resolvesOnce({ FlowLogs: [flowLog('fl-1')], NextToken: 'more' })
      .rejects(named('RequestLimitExceeded', 'slow down'));
    config.on(PutEvaluationsCommand).rejects(named('InvalidResultTokenException', 'expired'));
    await expect(handler(scheduled(), context)).rejects.toThrow(
      /slow down.*expired.*0 evaluations/,
    );
  });

  it('ends near the time limit with an error that counts the reported evaluations', async () => {
    flowLogs([flowLog('fl-1'), flowLog('fl-2', 'slow-bucket')]);
    s3.on(GetBucketEncryptionCommand, { Bucket: 'slow-bucket' }).callsFake(
      () => new Promise(() => undefined),
    );
    const short = { ...context, getRemainingTimeInMillis: () => 10_200 };
    await expect(handler(scheduled(), short)).rejects.toThrow(
      /time limit is near.*; 1 evaluations were reported/,
    );
    expect(reported()).toEqual(ours);
  });
});

describe('a change of a key', () => {
  it('or of its alias is judged for a bucket that names the alias', async () => {
    s3.on(GetBucketEncryptionCommand).resolves(encryptedWith(aliasArn));
    kms.on(DescribeKeyCommand).resolves(described(keyArn));
    await handler(change(keyItem), context);
    await handler(change({ ...keyItem, resourceType: 'AWS::KMS::Alias', ARN: aliasArn }), context);
    expect(reported()).toEqual([
      'fl-1: COMPLIANT',
      'fl-other: COMPLIANT',
      'fl-1: COMPLIANT',
      'fl-other: COMPLIANT',
    ]);
  });

  it('fails for a flow log with an unreadable bucket, and is judged for all others', async () => {
    s3.on(GetBucketEncryptionCommand, { Bucket: 'other-bucket' }).rejects(
      named('InternalError', 'boom'),
    );
    await expect(handler(change(keyItem), context)).rejects.toThrow(
      '1 of 2 flow logs could not be judged',
    );
    expect(reported()).toEqual(ours);
  });
});

describe('a change of a key, where the reader may not see whether a flow log depends on the key,', () => {
  const refused = () => named('AccessDeniedException');
  const rowsOfDoubt: readonly [string, () => unknown, readonly string[]][] = [
    [
      'replaces COMPLIANT for an unreadable bucket',
      () => {
        s3.on(GetBucketEncryptionCommand).rejects(named('AccessDenied'));
        config.on(GetComplianceDetailsByConfigRuleCommand).resolves(resultsFor('fl-1'));
      },
      ['fl-1: NON_COMPLIANT'],
    ],
    [
      'replaces COMPLIANT for an unreadable alias',
      () => {
        s3.on(GetBucketEncryptionCommand).resolves(encryptedWith(aliasArn));
        kms.on(DescribeKeyCommand).rejects(refused());
        config.on(GetComplianceDetailsByConfigRuleCommand).resolves(resultsFor('fl-1'));
      },
      ['fl-1: NON_COMPLIANT'],
    ],
    [
      'says nothing of an unreadable alias in another Region than the key',
      () => {
        s3.on(GetBucketEncryptionCommand).resolves(
          encryptedWith(aliasArn.replace(region, 'eu-west-1')),
        );
        kms.on(DescribeKeyCommand).rejects(refused());
        config.on(GetComplianceDetailsByConfigRuleCommand).resolves(resultsFor('fl-1'));
      },
      [],
    ],
    [
      'says nothing where no result is COMPLIANT',
      () => s3.on(GetBucketEncryptionCommand).rejects(named('AccessDenied')),
      [],
    ],
    [
      'reports unknown where AWS Config does not tell its results either',
      () => {
        s3.on(GetBucketEncryptionCommand).rejects(named('AccessDenied'));
        config.on(GetComplianceDetailsByConfigRuleCommand).rejects(refused());
      },
      ['fl-1: NON_COMPLIANT', 'fl-other: NON_COMPLIANT'],
    ],
    [
      'reports unknown for a flow log that surely depends on the key',
      () => kms.on(DescribeKeyCommand).rejects(refused()),
      ['fl-1: NON_COMPLIANT'],
    ],
  ];
  it.each(rowsOfDoubt)('%s', async (_, given, expected) => {
    given();
    await handler(change(keyItem), context);
    expect(reported()).toEqual(expected);
    expect(config.commandCalls(GetComplianceDetailsByConfigRuleCommand).length).toBeLessThanOrEqual(
      1,
    );
  });
});

describe('a flow log that AWS Config recorded and EC2 does not list', () => {
  const recorded = (minutesAgo: number) =>
    change({
      ...flowLogItem,
      resourceId: 'fl-new',
      configurationItemCaptureTime: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
    });

  it('a moment ago, fails the invocation, so that Lambda repeats the event', async () => {
    await expect(handler(recorded(1), context)).rejects.toThrow(
      /flow log fl-new was recorded at .*, but EC2 does not list it yet.*; 0 evaluations/,
    );
    expect(ec2.commandCalls(DescribeFlowLogsCommand)).toHaveLength(2);
  });

  it('a moment ago, is judged when EC2 lists the flow log after a pause', async () => {
    ec2
      .on(DescribeFlowLogsCommand)
      .resolvesOnce({ FlowLogs: [] })
      .resolves({ FlowLogs: [flowLog('fl-new')] });
    await handler(recorded(1), context);
    expect(reported()).toEqual(['fl-new: COMPLIANT']);
  });

  // Lambda's last attempt may come before five minutes are over: its failure would be a dead letter.
  it('almost five minutes ago, does not exist any more after a longer pause', async () => {
    await handler(recorded(4 + 57.5 / 60), context);
    expect(reported()).toEqual(['fl-new: NOT_APPLICABLE']);
    expect(ec2.commandCalls(DescribeFlowLogsCommand)).toHaveLength(2);
  });

  it('six minutes ago, does not exist any more', async () => {
    await handler(recorded(6), context);
    expect(reported()).toEqual(['fl-new: NOT_APPLICABLE']);
    expect(ec2.commandCalls(DescribeFlowLogsCommand)).toHaveLength(1);
  });
});

describe('evaluations that AWS Config does not take', () => {
  const failing = (count: number) => {
    let calls = 0;
    config
      .on(PutEvaluationsCommand)
      .callsFake(({ Evaluations }: { Evaluations: Evaluation[] }) => ({
        FailedEvaluations: calls++ < count ? Evaluations.slice(0, 1) : [],
      }));
  };

  it('are put again, and only those', async () => {
    failing(1);
    await handler(scheduled(), context);
    expect(calls().map(({ Evaluations }) => Evaluations?.length)).toEqual([2, 1]);
  });

  it('fail the invocation after the last retry, with the ids', async () => {
    failing(Infinity);
    await expect(handler(scheduled(), context)).rejects.toThrow(
      /AWS Config did not take 1 of 2 evaluations: fl-(1|other); 1 evaluations were reported/,
    );
  }, 20_000);

  it('fail the invocation too when AWS Config names no id', async () => {
    config.on(PutEvaluationsCommand).resolves({
      FailedEvaluations: [{ ComplianceResourceType: 'AWS::EC2::FlowLog' } as Evaluation],
    });
    await expect(handler(change(flowLogItem), context)).rejects.toThrow(
      'did not take 1 of 1 evaluations: fl-1',
    );
  }, 20_000);

  it('fail the invocation when AWS refuses the call', async () => {
    config
      .on(PutEvaluationsCommand)
      .rejects(named('InvalidResultTokenException', 'the token has expired'));
    await expect(handler(scheduled(), context)).rejects.toThrow('the token has expired');
  });
});

describe('refused, with nothing reported, is', () => {
  const parameters = (ruleParameters: unknown) => scheduled({ ruleParameters });
  const refused: readonly [name: string, event: unknown, words: string][] = [
    ['no event', undefined, 'not an event of AWS Config'],
    [
      'an event of another service',
      { source: 'aws.events', detail: {} },
      'not an event of AWS Config',
    ],
    [
      'an invoking event that is not JSON',
      scheduled({ invokingEvent: '{' }),
      'invokingEvent is not JSON',
    ],
    ['an unknown message type', event({ messageType: 'Surprise' }), 'not an event of AWS Config'],
    [
      'a change without an item',
      event({ messageType: 'ConfigurationItemChangeNotification' }),
      'not an event of AWS Config',
    ],
    [
      'an item without a time',
      change({ ...flowLogItem, configurationItemCaptureTime: undefined }),
      'configurationItemCaptureTime',
    ],
    [
      'a schedule without a time',
      event({ messageType: 'ScheduledNotification' }),
      'not an event of AWS Config',
    ],
    [
      'an event of another account',
      scheduled({ accountId: archive }),
      `event of account ${archive} refused`,
    ],
    [
      'an item of another account',
      change({ ...flowLogItem, awsAccountId: archive, ARN: undefined }),
      'refused',
    ],
    [
      'an item that contradicts itself',
      change({ ...flowLogItem, awsAccountId: archive }),
      'names another account or Region',
    ],
    [
      'an unknown parameter',
      parameters('{"Actions":"kms:Decrypt"}'),
      'rule parameter Actions="kms:Decrypt" is not known',
    ],
    ...['constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty'].map(
      (name): [string, unknown, string] => [
        `an unknown parameter that every object of JavaScript has: ${name}`,
        parameters(`{"${name}":"x"}`),
        `rule parameter ${name}="x" is not known`,
      ],
    ),
    [
      'a parameter that is no text',
      parameters('{"RequiredActions":5}'),
      'ruleParameters: RequiredActions not a text',
    ],
    [
      'a parameter that is no text, with a name that is too long for a message',
      parameters(`{"${'x'.repeat(10_000)}":5}`),
      `ruleParameters: ${'x'.repeat(99)}… not a text`,
    ],
    [
      'an action that does not exist',
      parameters('{"RequiredActions":"kms:Decript"}'),
      'rule parameter RequiredActions="kms:Decript": "kms:Decript" is not an action of KMS',
    ],
    [
      'unknown taken for compliant',
      parameters('{"UnknownAs":"COMPLIANT"}'),
      'rule parameter UnknownAs="COMPLIANT"',
    ],
    [
      'a bad organization id',
      parameters('{"OrganizationId":"acme"}'),
      'rule parameter OrganizationId="acme"',
    ],
    [
      'exemptions by the ARN of their parameter',
      parameters(`{"Exemptions":"arn:aws:ssm:${region}:${account}:parameter/list"}`),
      'is not the name of an SSM parameter, which looks like /flow-log-key-rule/exemptions',
    ],
    ['parameters that are not JSON', parameters('x'), 'ruleParameters is not JSON'],
  ];
  it.each(refused)('%s', async (_, given, words) => {
    await expect(handler(given, context)).rejects.toThrow(words);
    expect(calls()).toEqual([]);
  });

  it('no event for an empty parameter: empty means not set', async () => {
    await handler(
      parameters('{"OrganizationId":"","RequiredActions":"kms:generatedatakey"}'),
      context,
    );
    expect(reported()).toContain('fl-1: COMPLIANT');
  });
});

it('does not decide a key policy in which a name stands twice', async () => {
  const { Policy } = policyText(grant);
  const refusing = '"Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]';
  kms.on(GetKeyPolicyCommand).resolves({ Policy: Policy.replace('{', `{${refusing},`) });
  await handler(scheduled(), context);
  expect(reported()).toContain('fl-1: NON_COMPLIANT');
  expect(evaluations()[0]?.Annotation).toContain('has the name "Statement" twice');
});

it('requires kms:GenerateDataKey whatever RequiredActions says', async () => {
  kms.on(GetKeyPolicyCommand).resolves(policyText({ ...grant, Action: 'kms:DescribeKey' }));
  await handler(scheduled({ ruleParameters: '{"RequiredActions":"kms:DescribeKey"}' }), context);
  expect(reported()).toContain('fl-1: NON_COMPLIANT');
});

describe('exemptions', () => {
  const exemption = {
    pattern: { bucket: 'example-*' },
    reason: 'moves soon',
    owner: 'network team',
    expires: '2999-01-31',
  };
  const other = { ...exemption, pattern: { bucket: 'example-*', key: `${keyArn}?` } };
  const over = { ...exemption, expires: '2020-01-31' };
  const asked = { ruleParameters: '{"Exemptions":"/rule/exemptions"}' };
  const listed = (...entries: readonly object[]) =>
    ssm
      .on(GetParameterCommand, { Name: '/rule/exemptions' })
      .resolves({ Parameter: { Type: 'String', Value: JSON.stringify(entries) } });
  const every = ['fl-1: NOT_APPLICABLE', 'fl-other: COMPLIANT'];

  it.each<[string, object, readonly object[], readonly string[]]>([
    ['take a flow log out of a scheduled run', scheduled(asked), [exemption], every],
    ['take a flow log out beside an expired exemption', scheduled(asked), [over, exemption], every],
    ['count in its own change', change(flowLogItem, asked), [exemption], ['fl-1: NOT_APPLICABLE']],
    ['in a change of its key', change(keyItem, asked), [exemption], ['fl-1: NOT_APPLICABLE']],
    ['in a change of its bucket', change(bucketItem, asked), [exemption], ['fl-1: NOT_APPLICABLE']],
    ['of other flow logs change nothing', change(flowLogItem, asked), [other], ours],
    ['that have expired change nothing', change(flowLogItem, asked), [over], ours],
    ['in an empty list change nothing', change(flowLogItem, asked), [], ours],
  ])('%s', async (_, event, entries, expected) => {
    listed(...entries);
    await handler(event, context);
    expect(reported()).toEqual(expected);
    expect(ssm.commandCalls(GetParameterCommand)).toHaveLength(1);
  });

  it('are not shown for a flow log that delivers elsewhere', async () => {
    listed({ ...exemption, pattern: { account } });
    await handler(scheduled(asked), context);
    expect(reported()).toEqual(['fl-1: NOT_APPLICABLE', 'fl-other: NOT_APPLICABLE']);
  });

  it('count more than a refusing policy, and the annotation gives the day, the owner and the reason', async () => {
    kms.on(GetKeyPolicyCommand).resolves(policyText());
    listed(exemption);
    await handler(change(flowLogItem, asked), context);
    expect(evaluations()[0]?.Annotation).toBe(
      'exemption: exempt until 2999-01-31 (owner: network team): moves soon',
    );
  });

  it('may name flow logs by a tag', async () => {
    flowLogs([{ ...flowLog('fl-1'), Tags: [{ Key: 'team', Value: 'network' }] }, flowLog('fl-2')]);
    listed({ ...exemption, pattern: { tag: { name: 'team', value: 'net*' } } });
    await handler(scheduled(asked), context);
    expect(reported()).toEqual(['fl-1: NOT_APPLICABLE', 'fl-2: COMPLIANT']);
  });

  it.each<[string, object]>([
    ['a deleted flow log', change({ ...flowLogItem, ...status('ResourceDeleted') }, asked)],
    ['a change without effect on delivery', change(keyItem, asked, changed('Configuration.tags'))],
  ])('are not read for %s', async (_, event) => {
    await handler(event, context);
    expect(ssm.calls()).toEqual([]);
  });

  it('are read again in each run', async () => {
    listed(exemption);
    await handler(change(flowLogItem, asked), context);
    listed();
    await handler(change(flowLogItem, asked), context);
    expect(reported()).toEqual(['fl-1: NOT_APPLICABLE', 'fl-1: COMPLIANT']);
  });

  const parameter = (Value: string, Type: 'String' | 'SecureString' = 'String') =>
    ssm.on(GetParameterCommand).resolves({ Parameter: { Type, Value } });
  const at = 'exemptions in SSM parameter /rule/exemptions: ';
  it.each<[string, () => unknown, string]>([
    [
      'that do not exist',
      () => ssm.on(GetParameterCommand).rejects(named('ParameterNotFound')),
      'exemptions cannot be read from SSM parameter /rule/exemptions (ParameterNotFound: no): put it into the account and Region of the function, or leave Exemptions out',
    ],
    [
      'that may not be read',
      () => ssm.on(GetParameterCommand).rejects(named('AccessDeniedException')),
      '/rule/exemptions (AccessDeniedException: no): allow ssm:GetParameter on it',
    ],
    [
      'that cannot be read because AWS fails',
      () => ssm.on(GetParameterCommand).rejects(named('InternalServerError')),
      '/rule/exemptions (InternalServerError: no)',
    ],
    ['that are no JSON', () => parameter('[{'), `${at}is not JSON`],
    ['that have no value', () => ssm.on(GetParameterCommand).resolves({}), `${at}is not JSON`],
    ['that are encrypted', () => parameter('AQ', 'SecureString'), `${at}is a SecureString`],
    [
      'of which one has a typo',
      () => listed(exemption, { ...exemption, expire: '2027-01-31' }),
      `${at}entry 2, expire: is not known`,
    ],
  ])('%s fail the run: no flow log is exempt or judged', async (_, given, words) => {
    given();
    await expect(handler(scheduled(asked), context)).rejects.toThrow(words);
    expect(calls()).toEqual([]);
  });
});

describe('the source asks AWS for', () => {
  const judge = async () => {
    await handler(change(flowLogItem), context);
    return evaluations()[0];
  };
  const failsWith = (name: string) => s3.on(GetBucketEncryptionCommand).rejects(named(name));

  const answers: readonly [
    name: string,
    given: () => unknown,
    compliance: string,
    annotation: RegExp,
  ][] = [
    [
      'a bucket that does not exist',
      () => failsWith('NoSuchBucket'),
      'NON_COMPLIANT',
      /^bucket: bucket does not exist \(NoSuchBucket\); bucket example-flow-logs; /,
    ],
    [
      'a bucket that it may not read',
      () => failsWith('AccessDenied'),
      'NON_COMPLIANT',
      /^unknown: bucket: bucket cannot be read \(AccessDenied\); bucket example-flow-logs; allow s3:GetEncryptionConfiguration/,
    ],
    [
      'a key that does not exist',
      () => kms.on(DescribeKeyCommand).rejects(named('NotFoundException')),
      'NON_COMPLIANT',
      /^key: key does not exist/,
    ],
    [
      'a key that it may not describe',
      () => kms.on(DescribeKeyCommand).rejects(named('AccessDeniedException')),
      'NON_COMPLIANT',
      /^unknown: key-state: key cannot be read/,
    ],
    [
      'a key of another account, without its policy',
      () =>
        s3.on(GetBucketEncryptionCommand).resolves(encryptedWith(keyArn.replace(account, archive))),
      'NON_COMPLIANT',
      /^unknown: key-policy: policy of key cannot be read from another account; .*; run in account 444455556666/,
    ],
    [
      'a key of another account that AWS hides',
      () => {
        s3.on(GetBucketEncryptionCommand).resolves(encryptedWith(keyArn.replace(account, archive)));
        kms.on(DescribeKeyCommand).rejects(named('NotFoundException'));
      },
      'NON_COMPLIANT',
      /cannot be read/,
    ],
    [
      'no key of another Region than the bucket, which is enough to know',
      () => {
        s3.on(GetBucketEncryptionCommand).resolves(
          encryptedWith(keyArn.replace('us-east-1', 'eu-west-1')),
        );
        kms.on(DescribeKeyCommand).rejects(named('UnrecognizedClientException'));
      },
      'NON_COMPLIANT',
      /^key-region: key of bucket is in eu-west-1, the bucket in us-east-1/,
    ],
    [
      'a key in a state in which KMS shows no policy',
      () => kms.on(GetKeyPolicyCommand).rejects(named('KMSInvalidStateException')),
      'NON_COMPLIANT',
      /^unknown: key-policy: policy of key cannot be read \(KMSInvalidStateException\)/,
    ],
    [
      'the key behind an alias ARN',
      () => {
        s3.on(GetBucketEncryptionCommand).resolves(
          encryptedWith(`arn:aws:kms:${region}:${account}:alias/logs`),
        );
        kms.on(DescribeKeyCommand).resolves(described(keyArn));
      },
      'COMPLIANT',
      /key .*1234abcd/,
    ],
    [
      'a key by its id, in its own account',
      () => s3.on(GetBucketEncryptionCommand).resolves(encryptedWith(keyId)),
      'NON_COMPLIANT',
      /^unknown: key-by-arn: bucket names its key by id/,
    ],
    [
      'a key by its id, in an account that it does not know',
      () => {
        s3.on(GetBucketEncryptionCommand).resolves(encryptedWith(keyId));
        s3.on(GetBucketEncryptionCommand, {
          Bucket: 'example-flow-logs',
          ExpectedBucketOwner: account,
        }).rejects(named('AccessDenied'));
      },
      'NON_COMPLIANT',
      /^unknown: key-by-arn/,
    ],
  ];
  it.each(answers)('%s', async (_, given, compliance, annotation) => {
    given();
    const it = await judge();
    expect(it?.ComplianceType).toBe(compliance);
    expect(it?.Annotation).toMatch(annotation);
  });
});
