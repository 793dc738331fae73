import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { sidsIn, type Made } from './deploy/flow-logs.ts';
import { hookEvent, invokeFunction } from './deploy/functions.ts';
import { resourcesIn } from './deploy/left.ts';
import { describeDeployed, rootOf, startCloud, type Cloud } from './deploy/ministack.ts';
import {
  deploy,
  judged,
  makeFlowLogs,
  runbook,
  stepsOf,
  type Deployed,
  type FlowLogs,
  type Options,
} from './deploy/one-account.ts';
import { idOf, type Template } from './deploy/stacks.ts';
import { functionCommand } from './function-command.ts';
import { wordsIn } from './mender.ts';

// The stacks of one account as the app synthesises them, in an emulator of AWS: ministack creates and removes the stacks
// and runs the functions, whose roles may do what their policies say. Stand-ins have AWS Config, Security Hub and the
// executions of Systems Manager. docs/tested.md has the table.

const ruleName = 'flow-log-key-allows-delivery';
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

let cloud: Cloud;

const rule = { 'AWS::Config::ConfigRule': 1 };
const documents = { 'AWS::SSM::Document': 2 };
const alarms = (count: number) => ({ 'AWS::CloudWatch::Alarm with an expression': count });
const remediation = { remediation: 'manual', remediationKeys: '*' };

/** With its options, and what ministack lacks of its template. */
const variants: readonly (readonly [string, Options, Readonly<Record<string, number>>])[] = [
  ['without options', {}, { ...rule, ...alarms(3) }],
  [
    'with remediation',
    remediation,
    { ...rule, ...documents, 'AWS::Config::RemediationConfiguration': 1, ...alarms(3) },
  ],
  ['as a pack', { asConformancePack: true }, { 'AWS::Config::ConformancePack': 1, ...alarms(3) }],
  [
    'as a pack with remediation',
    { ...remediation, asConformancePack: true },
    { ...documents, 'AWS::Config::ConformancePack': 1, ...alarms(3) },
  ],
  ['with detailed findings', { detailedFindings: true }, { ...rule, ...alarms(3) }],
  [
    'with a hook',
    { hook: 'fail' },
    { ...rule, 'AWS::CloudFormation::LambdaHook': 1, ...alarms(4) },
  ],
  [
    'with names, tags, a key, a network and a log level',
    {
      namePrefix: 'blue-',
      rolePath: '/security/',
      roleNamePrefix: 'x-',
      tags: 'team=network,cost=42',
      encryptionKeyArn:
        'arn:aws:kms:us-east-1:111122223336:key/11111111-aaaa-4bbb-8ccc-1234567890ab',
      subnetIds: 'subnet-0123456789abcdef0',
      securityGroupIds: 'sg-0123456789abcdef0',
      logLevel: 'WARN',
    },
    { ...rule, ...alarms(3) },
  ],
];

describeDeployed('the stack of one account', () => {
  beforeAll(async () => {
    cloud = await startCloud([ruleName, `blue-${ruleName}`]);
  });
  afterAll(() => cloud.stop());

  describe.each(variants)('%s', (variant, options, lacks) => {
    const accountId = `11112222333${variants.findIndex(([each]) => each === variant)}`;
    let deployed: Deployed;
    let flowLogs: FlowLogs;
    beforeAll(async () => {
      deployed = await deploy({ cloud, accountId }, options);
      flowLogs = await makeFlowLogs(deployed.place);
    });

    it('is created, but for what ministack lacks', () => {
      expect(deployed.lacking).toEqual(lacks);
    });

    it('judges', async () => {
      expect(await deployed.judge(flowLogs)).toEqual(judged);
    });

    it('is removed, and leaves log groups and the table of remediation', async () => {
      const { place } = deployed;
      await deployed.remove();
      const { logGroups = [], ...left } = await resourcesIn(place);
      const mends = 'remediation' in options;
      expect(left).toEqual(mends ? { tables: ['flow-log-key-rule'] } : {});
      expect(logGroups.map((each) => /(Evaluator|Mender|Gate)Logs/.exec(each)?.[1]).sort()).toEqual(
        ['Evaluator', ...('hook' in options ? ['Gate'] : []), ...(mends ? ['Mender'] : [])],
      );
    });
  });
});

describeDeployed('a stack with everything', () => {
  const accountId = '111122223333';
  const exemptions = '/flow-log-key-rule/exemptions';
  let deployed: Deployed;
  let flowLogs: FlowLogs;
  beforeAll(async () => {
    cloud = await startCloud([ruleName]);
    const detailedFindings = true;
    const options = { ...remediation, exemptions, detailedFindings, hook: 'fail' };
    deployed = await deploy({ cloud, accountId }, options);
    flowLogs = await makeFlowLogs(deployed.place);
    await exempt([]);
  });
  afterAll(() => cloud.stop());

  async function exempt(list: readonly object[]): Promise<void> {
    const ssm = new SSMClient(rootOf(cloud, accountId));
    const Value = JSON.stringify(list);
    await ssm.send(
      new PutParameterCommand({ Name: exemptions, Type: 'String', Value, Overwrite: true }),
    );
  }

  const statementsOf = ({ keyArn }: Made) => sidsIn(deployed.place, keyArn);

  it('mends a key policy, judges, takes the statement back, and judges', async () => {
    expect(await deployed.judge(flowLogs)).toEqual(judged);

    const { flowLogId } = flowLogs.refuses;
    const mended = await runbook(deployed, 'mend', { id: 'mend-1', FlowLogId: flowLogId });
    expect([stepsOf(mended), wordsIn(mended.outputs['Mend.Payload'] ?? '')]).toEqual([
      'Plan Decide Mend Check Done Success',
      matching(/^key policy admits delivery of flow log/),
    ]);
    expect(await statementsOf(flowLogs.refuses)).toEqual(['Root', 'FlowLogKeyRule']);
    expect(await deployed.judge(flowLogs)).toEqual({ ...judged, refuses: judged.admits });

    const takenBack = await runbook(deployed, 'take-back', {
      id: 'take-back-1',
      ExecutionId: 'mend-1',
    });
    expect(stepsOf(takenBack)).toBe('Plan Decide TakeBack Check Done Success');
    expect(await statementsOf(flowLogs.refuses)).toEqual(['Root']);
    expect(await deployed.judge(flowLogs)).toEqual(judged);
  });

  it('answers nobody who shows no execution', async () => {
    const { place, template, ids } = deployed;
    const mender = idOf({ template, ids }, 'AWS::Lambda::Function', 'Mender');
    const { flowLogId } = flowLogs.refuses;
    const event = { step: 'mend', accountId, flowLogId, executionId: 'nobody-s' };
    await expect(invokeFunction(place, mender, event)).rejects.toThrow(
      'does not prove that a runbook asks',
    );
    expect(await statementsOf(flowLogs.refuses)).toEqual(['Root']);
  });

  it('does not judge an exempt flow log, until the exemption is gone', async () => {
    const pattern = { flowLog: flowLogs.refuses.flowLogId };
    await exempt([{ pattern, reason: 'moves', owner: 'network team', expires: '2999-12-31' }]);
    expect(await deployed.judge(flowLogs)).toEqual({
      ...judged,
      refuses: matching(/^NOT_APPLICABLE exemption: exempt until 2999-12-31/),
    });
    await exempt([]);
    expect(await deployed.judge(flowLogs)).toEqual(judged);
  });

  it('has findings of the flow logs that fail', () => {
    const ids = cloud.seen.findings().map(({ Resources }) => Resources[0]?.Id.split('/')[1]);
    const { refuses, gone } = flowLogs;
    expect(ids.sort()).toEqual([refuses.flowLogId, gone.flowLogId].sort());
  });

  it('fails the deployment of a flow log into a bucket whose key refuses', async () => {
    const { place, template, ids } = deployed;
    const gate = idOf({ template, ids }, 'AWS::Lambda::Function', 'Gate');
    const ask = ({ keyArn }: Made): Promise<unknown> => {
      const payload = cloud.serve(JSON.stringify({ template: templateWith(keyArn) }));
      return invokeFunction(place, gate, hookEvent(accountId, payload));
    };
    expect(await ask(flowLogs.admits)).toMatchObject({ hookStatus: 'SUCCESS' });
    const failed = { hookStatus: 'FAILED', errorCode: 'NonCompliant' };
    expect(await ask(flowLogs.refuses)).toMatchObject(failed);
  });
});

describeDeployed('the role of the evaluator', () => {
  beforeAll(async () => {
    cloud = await startCloud([ruleName]);
  });
  afterAll(() => cloud.stop());

  it('is what decides here: without an action the verdict is unknown', async () => {
    const withoutAction = (template: Template): Template =>
      JSON.parse(
        JSON.stringify(template).replaceAll('"kms:GetKeyPolicy"', '"kms:ListAliases"'),
      ) as Template;
    const place = { cloud, accountId: '777788889999' };
    const deployed = await deploy(place, {}, withoutAction);
    expect(await deployed.judge(await makeFlowLogs(deployed.place))).toEqual({
      ...judged,
      admits: matching(/^NON_COMPLIANT unknown: .*AccessDenied/),
      refuses: matching(/^NON_COMPLIANT unknown: .*AccessDenied/),
    });
  });
});

it('Lambda finds the handler of every function', () => {
  const [node] = functionCommand('evaluate');
  const found = readdirSync('dist', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['desk', 'cdk'].includes(entry.name))
    .map(({ name: folder }) => {
      const env = { AWS_REGION: 'us-east-1', PATH: process.env.PATH };
      const options = ['test/e2e/deploy/loader.mjs', `dist/${folder}`, 'index.handler'];
      return [folder, JSON.parse(execFileSync(node, options, { encoding: 'utf8', env })) as object];
    });
  const loaded = { file: 'index.cjs', handler: 'function' };
  expect(Object.fromEntries(found)).toEqual({
    evaluate: loaded,
    gate: loaded,
    mend: loaded,
    ripple: loaded,
  });
});

const templateWith = (KMSMasterKeyID: string): string =>
  JSON.stringify({
    Resources: {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } },
            ],
          },
        },
      },
      FlowLog: {
        Type: 'AWS::EC2::FlowLog',
        Properties: {
          ResourceId: 'vpc-0a1b2c3d4e5f60718',
          ResourceType: 'VPC',
          LogDestinationType: 's3',
          LogDestination: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
        },
      },
    },
  });
