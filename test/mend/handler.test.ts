import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeFlowLogsCommand,
  EC2Client,
  type FlowLog as ListedFlowLog,
} from '@aws-sdk/client-ec2';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetBucketEncryptionCommand, GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import {
  GetAutomationExecutionCommand,
  GetParameterCommand,
  SSMClient,
  type AutomationExecution,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../rule/mend/handler.ts';
import { context } from '../evaluate/events.ts';
import {
  admittingBucketPolicy,
  account,
  archive,
  flowLog,
  keyArn,
  keyId,
  policy,
} from '../world.ts';

const ec2 = mockClient(EC2Client);
const s3 = mockClient(S3Client);
const kms = mockClient(KMSClient);
const ssm = mockClient(SSMClient);
const dynamo = mockClient(DynamoDBClient);

const named = (name: string) => Object.assign(new Error('no'), { name });
const listed = (...entries: readonly object[]) =>
  ssm.on(GetParameterCommand, { Name: '/list' }).resolves({
    Parameter: { Type: 'String', Value: JSON.stringify(entries) },
  });

const keyOf = (accountId: string) => ({
  KeyMetadata: {
    KeyId: keyId,
    Arn: keyArn.replace(account, accountId),
    KeyState: 'Enabled' as const,
    KeyManager: 'CUSTOMER' as const,
    KeyUsage: 'ENCRYPT_DECRYPT' as const,
    KeySpec: 'SYMMETRIC_DEFAULT' as const,
  },
});
const unreadable: ListedFlowLog = {
  FlowLogId: flowLog.id,
  LogDestinationType: 's3',
  LogDestination: 'archive',
};

beforeEach(() => {
  for (const mock of [ec2, s3, kms, ssm, dynamo]) mock.reset();
  process.env.RULE_PARAMETERS = '{"Exemptions":"/list"}';
  delete process.env.MENDER_ROLE_NAME;
  Object.assign(process.env, {
    MEND_DOCUMENT: 'rule-mend',
    TAKE_BACK_DOCUMENT: 'rule-take-back',
    APPROVERS: '[]',
    READ_PACE_MS: '1',
  });
  shows({});
  ec2.on(DescribeFlowLogsCommand).resolves({
    FlowLogs: [
      {
        FlowLogId: flowLog.id,
        LogDestinationType: 's3',
        LogDestination: 'arn:aws:s3:::example-flow-logs',
      },
    ],
  });
  const rule = { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: keyArn };
  s3.on(GetBucketPolicyCommand).callsFake(({ Bucket = '' }: { Bucket?: string }) => ({
    Policy: admittingBucketPolicy(Bucket),
  }));
  s3.on(GetBucketEncryptionCommand).resolves({
    ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: rule }] },
  });
  kms.on(DescribeKeyCommand).resolves(keyOf(account));
  kms.on(GetKeyPolicyCommand).resolves({ Policy: JSON.stringify(policy().document) });
});
afterAll(() => {
  for (const name of [
    'RULE_PARAMETERS',
    'MEND_DOCUMENT',
    'TAKE_BACK_DOCUMENT',
    'APPROVERS',
    'READ_PACE_MS',
  ])
    Reflect.deleteProperty(process.env, name);
});

const executionId = '11111111-2222-4333-8444-555555555555';
const plan = { step: 'plan', accountId: account, flowLogId: flowLog.id, executionId };
const takeBack = {
  step: 'take-back',
  accountId: account,
  executionId,
  askedBy: '22222222-2222-4333-8444-555555555555',
};

/** Shows an execution of the runbook that mends, with these changes. */
const shows = (changes: AutomationExecution): void =>
  void ssm.on(GetAutomationExecutionCommand).resolves({
    AutomationExecution: {
      AutomationExecutionStatus: 'InProgress',
      DocumentName: 'rule-mend',
      Parameters: { FlowLogId: [flowLog.id] },
      ...changes,
    },
  });

const exemption = {
  pattern: { bucket: 'example-*' },
  reason: 'moves soon',
  owner: 'network team',
  expires: '2999-01-31',
};

describe('the mender', () => {
  it('has nothing to do for a flow log that is exempt, and says why', async () => {
    listed(exemption);
    expect(await handler(plan, context)).toEqual({
      outcome: 'nothing-to-do',
      message: `nothing to do for flow log ${flowLog.id}: exempt until 2999-01-31 (owner: network team): moves soon`,
    });
    expect(dynamo.calls()).toEqual([]);
  });

  it.each([
    ['the key of its own logs', keyArn],
    ['a replica of the key of its own logs', keyArn.replace('us-east-1', 'eu-west-1')],
  ])('refuses to plan for %s, before anybody has to approve', async (_, spared) => {
    const multiRegion = (arn: string): string =>
      spared === keyArn ? arn : arn.replace(/key\/.*/, `key/mrk-${'0'.repeat(32)}`);
    process.env.ENCRYPTION_KEY_ARN = multiRegion(spared);
    const { KeyMetadata } = keyOf(account);
    const Arn = multiRegion(keyArn);
    kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { ...KeyMetadata, Arn } });
    listed({ ...exemption, expires: '2020-01-31' });
    const answer = await handler(plan, context);
    delete process.env.ENCRYPTION_KEY_ARN;
    expect(answer).toEqual({
      outcome: 'refused',
      message: `nothing was written: key ${Arn} encrypts the logs and queues of the rule (encryptionKeyArn), and the mender never writes the policy of this key: put the statement by hand`,
    });
    expect(dynamo.calls()).toEqual([]);
  });

  it('plans for one whose exemption is over', async () => {
    dynamo.onAnyCommand().resolves({});
    listed({ ...exemption, expires: '2020-01-31' });
    expect(await handler(plan, context)).toMatchObject({ outcome: 'remedy' });
  });

  it.each([
    [
      'that may not be read',
      () => ssm.on(GetParameterCommand).rejects(named('AccessDeniedException')),
      'allow ssm:GetParameter',
    ],
    ['with a mistake', () => listed({ ...exemption, owner: '' }), 'entry 1, owner: is empty'],
  ] as const)('writes nothing by exemptions %s', async (_, given, words) => {
    given();
    for (const step of ['plan', 'mend'])
      await expect(handler({ ...plan, step }, context)).rejects.toThrow(
        new RegExp(`^nothing was written: exemptions .*SSM parameter /list.*${words}`),
      );
    expect(dynamo.calls()).toEqual([]);
  });

  it.each([
    [
      'the exemptions',
      () => ssm.on(GetParameterCommand).callsFake(() => new Promise(() => undefined)),
      'the exemptions have not been read',
    ],
    [
      'the flow log',
      () => ec2.on(DescribeFlowLogsCommand).callsFake(() => new Promise(() => undefined)),
      `flow logs ${flowLog.id} have not been read`,
    ],
  ] as const)('ends in time where AWS does not answer about %s', async (_, given, words) => {
    listed();
    given();
    const getRemainingTimeInMillis = () => 10_200;
    await expect(handler(plan, { ...context, getRemainingTimeInMillis })).rejects.toThrow(
      new RegExp(`^nothing was written: time limit is near: ${words}`),
    );
  });

  it.each<readonly [string, () => unknown, RegExp]>([
    [
      'a flow log that is gone',
      () => ec2.on(DescribeFlowLogsCommand).resolves({ FlowLogs: [] }),
      /^nothing was written: flow log fl-\w+ does not exist/,
    ],
    [
      'a flow log that no statement mends',
      () => ec2.on(DescribeFlowLogsCommand).resolves({ FlowLogs: [unreadable] }),
      /^nothing was written: no statement in the key policy mends flow log/,
    ],
    [
      'a key that nobody may mend',
      () => kms.on(DescribeKeyCommand).resolves(keyOf(archive)),
      /^nothing was written: key \S+ is (of another account|in account 444455556666)/,
    ],
  ])('answers a plan for %s with a refusal, which is no fault', async (_, given, words) => {
    dynamo.onAnyCommand().resolves({});
    listed();
    given();
    const answer = await handler(plan, context);
    expect(answer.outcome).toBe('refused');
    expect(answer.message).toMatch(words);
  });

  it('answers the plan of a take-back that is impossible with a refusal', async () => {
    dynamo.onAnyCommand().resolves({});
    shows({ DocumentName: 'rule-take-back', Parameters: { ExecutionId: [executionId] } });
    expect(await handler({ ...takeBack, step: 'plan-take-back' }, context)).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining(`there is no execution ${executionId}`) as string,
    });
  });

  it('fails where a plan could not be made', async () => {
    listed();
    dynamo.onAnyCommand().rejects(named('AccessDeniedException'));
    await expect(handler(plan, context)).rejects.toThrow(/^nothing was written: /);
  });

  it.each(['plan', 'mend', 'look', 'take-back'])(
    'refuses another account in step %s, and asks AWS nothing',
    async (step) => {
      const event = step === 'take-back' ? takeBack : { ...plan, step };
      await expect(handler({ ...event, accountId: archive }, context)).rejects.toThrow(
        /written.*: account 444455556666 is refused: this function mends for 111122223333$/,
      );
      for (const mock of [ec2, s3, kms, ssm, dynamo]) expect(mock.calls()).toEqual([]);
    },
  );

  it.each([
    ['without an account', { accountId: undefined }, 'accountId'],
    ['with an account that is none', { accountId: 'me' }, 'accountId: is no account id'],
  ])('takes no event %s', async (_, changed, words) => {
    await expect(handler({ ...plan, ...changed }, context)).rejects.toThrow(
      new RegExp(`^nothing was written: the event is not one of this automation \\(${words}`),
    );
  });

  it('mends nothing by a mender role without a role to read by', async () => {
    process.env.MENDER_ROLE_NAME = 'flow-log-key-rule-mender';
    await expect(handler(plan, context)).rejects.toThrow(
      'nothing was written: MENDER_ROLE_NAME needs ReaderRoleName in RULE_PARAMETERS',
    );
    expect(dynamo.calls()).toEqual([]);
  });

  it('takes back what was put whatever is exempt', async () => {
    dynamo.onAnyCommand().resolves({});
    shows({ DocumentName: 'rule-take-back', Parameters: { ExecutionId: [executionId] } });
    await expect(handler(takeBack, context)).rejects.toThrow(
      `nothing was written: there is no execution ${executionId}`,
    );
    expect(ssm.commandCalls(GetParameterCommand)).toEqual([]);
  });

  it('looks for the execution that asks, not for the execution to take back', async () => {
    dynamo.onAnyCommand().resolves({});
    shows({ DocumentName: 'rule-take-back', Parameters: { ExecutionId: [executionId] } });
    await expect(handler(takeBack, context)).rejects.toThrow('there is no execution');
    expect(
      ssm
        .commandCalls(GetAutomationExecutionCommand)
        .map(({ args: [{ input }] }) => input.AutomationExecutionId),
    ).toEqual([takeBack.askedBy]);
  });

  it('takes no event of an older runbook, which does not say who asks', async () => {
    const event = { step: 'take-back', accountId: account, executionId };
    await expect(handler(event, context)).rejects.toThrow(
      /^nothing was written: the event is not one of this automation \(askedBy/,
    );
  });

  it.each<[string, AutomationExecution, RegExp]>([
    ['ended', { AutomationExecutionStatus: 'Success' }, /is not in progress$/],
    ['runs another document', { DocumentName: 'other' }, /is not one of document rule-mend$/],
    ['is for another flow log', { Parameters: { FlowLogId: ['fl-1'] } }, /another FlowLogId$/],
  ])('asks AWS nothing more for an execution that %s', async (_, changes, words) => {
    shows(changes);
    for (const step of ['plan', 'mend', 'look'])
      await expect(handler({ ...plan, step }, context)).rejects.toThrow(words);
    for (const mock of [ec2, s3, kms, dynamo]) expect(mock.calls()).toEqual([]);
  });

  it.each<[string, AutomationExecution['StepExecutions'], RegExp]>([
    ['nobody approved', [], /nobody has approved the execution/],
    [
      'somebody approved',
      [
        {
          Action: 'aws:approve',
          StepStatus: 'Success',
          Inputs: { Approvers: '["arn:aws:iam::111122223333:role/approvers"]' },
        },
      ],
      /has no plan for flow log/,
    ],
    [
      'somebody approved, and the list is not JSON',
      [
        {
          Action: 'aws:approve',
          StepStatus: 'Success',
          Inputs: { Approvers: '[arn:aws:iam::111122223333:role/approvers]' },
        },
      ],
      /has no plan for flow log/,
    ],
    [
      'somebody else was asked, and the list is not JSON',
      [
        {
          Action: 'aws:approve',
          StepStatus: 'Success',
          Inputs: {
            Approvers: '[arn:aws:iam::111122223333:role/approvers, arn:aws:iam::1:role/x]',
          },
        },
      ],
      /asked others for approval/,
    ],
  ])('demands an approval where the deployment does: %s', async (_, StepExecutions, words) => {
    dynamo.onAnyCommand().resolves({});
    listed();
    process.env.APPROVERS = '["arn:aws:iam::111122223333:role/approvers"]';
    shows({ StepExecutions });
    await expect(handler({ ...plan, step: 'mend' }, context)).rejects.toThrow(words);
  });
});
