import {
  CloudFormationClient,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListExportsCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ListGrantsCommand,
} from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Logger } from '@aws-lambda-powertools/logger';
import { mockClient } from 'aws-sdk-client-mock';
import type { HookAnswer } from '../../rule/gate/answer.ts';
import { handler } from '../../rule/gate/handler.ts';
import { MAX_PAYLOAD_BYTES } from '../../rule/gate/payload.ts';
import { network } from '../sources/template/network.ts';
import {
  accountId,
  changeSetEvent,
  changeSetId,
  contextWith,
  stackEvent,
  stackId,
  startPayloads,
  type PayloadServer,
} from './hook.ts';

const cloudFormation = mockClient(CloudFormationClient);
const ssm = mockClient(SSMClient);
const kms = mockClient(KMSClient);
const s3 = mockClient(S3Client);
const refusal = (message = 'User is not authorized') =>
  Object.assign(new Error(message), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });

let payloads: PayloadServer;
beforeAll(async () => {
  payloads = await startPayloads();
});
afterAll(() => payloads.close());

const stackIs = (StackStatus: string, parameters: Readonly<Record<string, string>> = {}) => {
  const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
  cloudFormation.on(DescribeStacksCommand, { StackName: stackId }).resolves({
    Stacks: [
      {
        StackName: 'Net',
        CreationTime: new Date(0),
        StackStatus: StackStatus as never,
        Parameters,
      },
    ],
  });
};

beforeEach(() => {
  cloudFormation.reset();
  ssm.reset();
  kms.reset();
  s3.reset();
  kms.onAnyCommand().rejects(refusal());
  s3.onAnyCommand().rejects(refusal());
  process.env.AWS_ENDPOINT_URL_S3 = payloads.origin;
  process.env.OWN_STACK_ID = `${stackId}-of-the-hook`;
  process.env.RULE_PARAMETERS = '{}';
  stackIs('UPDATE_IN_PROGRESS');
  cloudFormation.on(DescribeChangeSetCommand, { ChangeSetName: changeSetId }).resolves({});
});

const good = network();
const blocked = network({ principal: '{Service: ec2.amazonaws.com}' });
const existingKey = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-aaaa-4bbb-8ccc-1234567890ab';
/** Unknown while KMS refuses. */
const unknown = network({ keyId: existingKey });
/** Blocked unless the parameter Service is as in AWS's documentation. */
const byParameter = network({
  head: 'Parameters: {Service: {Type: String, Default: delivery.logs.amazonaws.com}}',
  principal: '{Service: !Ref Service}',
});
const second = (template: string): string =>
  `${template}\n  Second: {Type: AWS::EC2::FlowLog, Properties: {ResourceId: vpc-1, ResourceType: VPC, LogDestinationType: s3, LogDestination: !GetAtt LogBucket.Arn}}\n`;

/** Behind a template: a second flow log whose key is not in the template. */
const also = `
  OtherBucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: '${existingKey}'}
  Other:
    Type: AWS::EC2::FlowLog
    Properties: {ResourceId: vpc-1, ResourceType: VPC, LogDestinationType: s3, LogDestination: !GetAtt OtherBucket.Arn}
`;

const ask = (event: unknown, milliseconds = 28_000) => handler(event, contextWith(milliseconds));
const create = (template: string, change?: object) =>
  ask(
    stackEvent('CREATE_PRE_PROVISION', payloads.put({ template, previousTemplate: null }), change),
  );
const update = (previousTemplate: string, template: string, change?: object) =>
  ask(stackEvent('UPDATE_PRE_PROVISION', payloads.put({ template, previousTemplate }), change));
const changeSet = (template: string, change?: object) =>
  ask(changeSetEvent(payloads.put({ template, changedResources: [] }), change));

const short = ({ hookStatus, errorCode }: HookAnswer): string =>
  [hookStatus, errorCode].filter((word) => word !== undefined).join(' ');
const noncompliant = 'FAILED NonCompliant';
const failure = 'FAILED InternalFailure';

describe('the creation of a stack', () => {
  it.each([
    [
      'with a flow log that AWS can write',
      good,
      'SUCCESS',
      '1 flow log: 0 blocked, 0 blocked before, 0 unknown',
    ],
    [
      'with a blocked flow log',
      blocked,
      noncompliant,
      /blocked: FlowLog \(key-policy\): .*Add to the key policy: \{ "Sid"/,
    ],
    [
      'with an unknown flow log',
      unknown,
      'SUCCESS',
      /unknown: FlowLog \(key-state\): .*allow kms:DescribeKey/,
    ],
    [
      'without a flow log',
      'Resources: {Topic: {Type: AWS::SNS::Topic}}',
      'SUCCESS',
      'no flow log in the template',
    ],
    ['with a broken template', `${good}\n  - [`, failure, /is not YAML, at line \d+/],
    [
      'with a broken template without flow logs',
      'Resources: [',
      'SUCCESS',
      'no flow log in the template',
    ],
    [
      'with a type in escapes',
      JSON.stringify({ Resources: { F: { Type: 'AWS::EC2::FlowLog' } } }).replace('L', '\\u004c'),
      'SUCCESS',
      /^1 flow log: /,
    ],
    [
      'with JSON behind a byte order mark',
      `\uFEFF${JSON.stringify({ Resources: { F: { Type: 'AWS::EC2::FlowLog' } } })}`,
      'SUCCESS',
      /^1 flow log: /,
    ],
    ['with a template that is not told', '', failure, /payload has no template/],
  ])('%s', async (_, template, expected, words) => {
    const answer = await create(template);
    expect(short(answer)).toBe(expected);
    expect(answer.message).toMatch(words);
    expect(answer.clientRequestToken).toBe('f8da6d11-b23f-48f4-814c-0fb6a667f50e');
  });

  it('names the statement in the language of the template, and unknown flow logs as skipped', async () => {
    expect((await create(blocked)).annotations).toMatchObject([
      {
        annotationName: 'key-policy',
        status: 'FAILED',
        severityLevel: 'HIGH',
        remediationMessage: expect.stringMatching(/^Add to the key policy:\n- Sid: /) as string,
      },
    ]);
    expect((await create(unknown)).annotations).toMatchObject([
      { annotationName: 'key-state', status: 'SKIPPED', severityLevel: 'MEDIUM' },
    ]);
  });

  it.each([
    ['as CloudFormation tells them', { Service: 'ec2.amazonaws.com' }, noncompliant],
    ['in place of their defaults', { Service: 'delivery.logs.amazonaws.com' }, 'SUCCESS'],
  ])('takes parameters %s', async (_, parameters, expected) => {
    stackIs('CREATE_IN_PROGRESS', parameters);
    expect(short(await create(byParameter))).toBe(expected);
  });

  it('leaves a parameter open whose value CloudFormation hides', async () => {
    stackIs('CREATE_IN_PROGRESS', { Service: 'delivery.logs.amazonaws.com' });
    const answer = await create(byParameter.replace('Type: String', 'Type: String, NoEcho: true'));
    expect(answer.message).toMatch(/unknown: FlowLog \(key-policy\): depends on parameter Service/);
  });

  it.each([
    ['behind a parameter of Systems Manager', 'ec2.amazonaws.com', noncompliant],
    ['behind a parameter of Systems Manager, open if not told', undefined, 'SUCCESS'],
  ])('takes the value %s', async (_, ResolvedValue, expected) => {
    const [name] = ['/service'];
    cloudFormation.on(DescribeStacksCommand, { StackName: stackId }).resolves({
      Stacks: [
        {
          StackName: 'Net',
          CreationTime: new Date(0),
          StackStatus: 'CREATE_IN_PROGRESS',
          Parameters: [
            {
              ParameterKey: 'Service',
              ParameterValue: name,
              ...(ResolvedValue === undefined ? {} : { ResolvedValue }),
            },
          ],
        },
      ],
    });
    const type = 'AWS::SSM::Parameter::Value<String>';
    expect(short(await create(byParameter.replace('Type: String', `Type: '${type}'`)))).toBe(
      expected,
    );
  });

  it('leaves a parameter open, default or not, where CloudFormation refuses to tell', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(refusal());
    const answer = await create(byParameter);
    expect(answer).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(answer.message).toMatch(
      /unknown: FlowLog \(key-policy\): depends on parameter Service: .*; CloudFormation does not tell the hook its value;/,
    );
  });

  it('fits into the room of CloudFormation with forty causes', async () => {
    const resources = Array.from({ length: 40 }, (_, nth) => ({
      [`Key${nth}`]: {
        Type: 'AWS::KMS::Key',
        Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [] } },
      },
      [`Bucket${nth}`]: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              {
                ServerSideEncryptionByDefault: {
                  SSEAlgorithm: 'aws:kms',
                  KMSMasterKeyID: { 'Fn::GetAtt': [`Key${nth}`, 'Arn'] },
                },
              },
            ],
          },
        },
      },
      [`FlowLog${nth}`]: {
        Type: 'AWS::EC2::FlowLog',
        Properties: {
          ResourceId: 'vpc-1',
          ResourceType: 'VPC',
          LogDestinationType: 's3',
          LogDestination: { 'Fn::GetAtt': [`Bucket${nth}`, 'Arn'] },
        },
      },
    }));
    const template = { Resources: Object.assign({}, ...resources) as object };
    const { message, annotations = [] } = await create(JSON.stringify(template));
    expect(message).toMatch(/^40 flow logs: 40 blocked, /);
    expect(message.length).toBeLessThanOrEqual(4096);
    expect(annotations).toHaveLength(20);
    for (const { statusMessage, remediationMessage = '' } of annotations) {
      expect(statusMessage.length).toBeLessThanOrEqual(16384);
      expect(remediationMessage).toContain('delivery.logs.amazonaws.com');
    }
  });

  it('asks nothing of CloudFormation for a template without flow logs', async () => {
    await create('Resources: {Topic: {Type: AWS::SNS::Topic}}');
    expect(cloudFormation.calls()).toEqual([]);
  });
});

describe('the update of a stack', () => {
  it.each([
    ['that blocks a flow log', good, blocked, noncompliant, /^blocked: FlowLog /m],
    ['that makes a flow log no worse', blocked, blocked, 'SUCCESS', /^blocked before: FlowLog /m],
    [
      'that adds a blocked flow log',
      blocked,
      second(blocked),
      noncompliant,
      /^blocked: Second .*\n^blocked before: FlowLog /ms,
    ],
    ['that mends a flow log', blocked, good, 'SUCCESS', /0 blocked, 0 blocked before/],
    ['from unknown to blocked', unknown, blocked, noncompliant, /^blocked: FlowLog /m],
    [
      'from a template that cannot be read',
      `${good}\n  - [`,
      blocked,
      noncompliant,
      /the template so far cannot be judged \(is not YAML/,
    ],
    ['that keeps the template', blocked, '', 'SUCCESS', /^blocked before: FlowLog /m],
  ])('%s', async (_, previous, next, expected, words) => {
    const answer = await update(previous, next);
    expect(short(answer)).toBe(expected);
    expect(answer.message).toMatch(words);
  });

  it('leaves parameters open: a stack may show the old values', async () => {
    stackIs('UPDATE_IN_PROGRESS', { Service: 'ec2.amazonaws.com' });
    expect(await update(good, byParameter)).toMatchObject({
      hookStatus: 'SUCCESS',
      message: expect.stringMatching(/^unknown: FlowLog /m) as string,
    });
  });
});

describe('a loop over a parameter', () => {
  const looping = (Default: string) =>
    network({
      head: `Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: '${Default}'}}`,
      principal: '{Service: ec2.amazonaws.com}',
      resources: `Fn::ForEach::Topics:
  - Name
  - !Ref Names
  - {'Topic\${Name}': {Type: AWS::SNS::Topic}}`,
    });

  it('whose value CloudFormation does not tell is no failure', async () => {
    const answer = await update(good, looping('A'));
    expect(short(answer)).toBe('SUCCESS');
    expect(answer.message).toMatch(
      /^unknown: Fn::ForEach::Topics repeats .*: CloudFormation does not tell the hook its value$/m,
    );
  });

  it('whose value CloudFormation tells is judged', async () => {
    stackIs('CREATE_IN_PROGRESS', { Names: 'A,B' });
    expect(short(await create(looping('')))).toBe(noncompliant);
  });

  it('leaves the template so far unknown', async () => {
    const answer = await update(looping('A'), blocked);
    expect(short(answer)).toBe(noncompliant);
    expect(answer.message).toContain('the template so far cannot be judged (Fn::ForEach::Topics');
  });
});

describe('a change set', () => {
  const parameters = (value: object) =>
    cloudFormation
      .on(DescribeChangeSetCommand, { ChangeSetName: changeSetId })
      .resolves({ Parameters: [{ ParameterKey: 'Service', ...value }] });

  it.each([
    ['of a new stack is judged alone', 'REVIEW_IN_PROGRESS', blocked, noncompliant],
    ['of a stack is compared with the template so far', 'CREATE_COMPLETE', blocked, 'SUCCESS'],
    ['of a stack that was well', 'CREATE_COMPLETE', good, noncompliant],
  ])('%s', async (_, status, before, expected) => {
    stackIs(status);
    cloudFormation
      .on(GetTemplateCommand, { StackName: stackId, TemplateStage: 'Original' })
      .resolves({ TemplateBody: before });
    expect(short(await changeSet(blocked))).toBe(expected);
  });

  it('says where nobody may read the template so far', async () => {
    stackIs('CREATE_COMPLETE');
    cloudFormation.on(GetTemplateCommand).rejects(refusal());
    const answer = await changeSet(blocked);
    expect(short(answer)).toBe(noncompliant);
    expect(answer.message).toContain('cloudformation:GetTemplate is not answered (AccessDenied)');
  });

  it.each([
    ['a new value', { ParameterValue: 'ec2.amazonaws.com' }, noncompliant],
    ['the value of the stack', { UsePreviousValue: true }, 'SUCCESS'],
  ])('takes %s of a parameter', async (_, value, expected) => {
    stackIs('REVIEW_IN_PROGRESS', { Service: 'delivery.logs.amazonaws.com' });
    parameters(value);
    expect(short(await changeSet(byParameter))).toBe(expected);
  });

  it('leaves a parameter open that the stack hides, and the template does not hide any more', async () => {
    stackIs('UPDATE_IN_PROGRESS', { Service: '****' });
    parameters({ UsePreviousValue: true });
    const template = network({
      head: 'Parameters: {Service: {Type: String}}',
      statement: "Condition: {StringEquals: {'aws:SourceAccount': !Ref Service}}",
    });
    expect((await changeSet(template)).message).toMatch(/^unknown: FlowLog /m);
  });

  it('gives its parameters to the stack operation that executes the change set', async () => {
    parameters({ ParameterValue: 'ec2.amazonaws.com' });
    expect(short(await update(good, byParameter, { changeSetId }))).toBe(noncompliant);
  });

  it('is judged without a known action: AWS documents none', async () => {
    stackIs('REVIEW_IN_PROGRESS');
    const event = { actionInvocationPoint: undefined };
    expect(short(await changeSet(blocked, event))).toBe(noncompliant);
  });
});

/** KMS shows a key whose policy admits one service. */
function keyAdmits(service: string): void {
  kms.on(DescribeKeyCommand).resolves({
    KeyMetadata: {
      KeyId: existingKey,
      Arn: existingKey,
      AWSAccountId: accountId,
      KeyState: 'Enabled',
      KeyManager: 'CUSTOMER',
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeySpec: 'SYMMETRIC_DEFAULT',
    },
  });
  const statement = {
    Effect: 'Allow',
    Principal: { Service: service },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: '*',
  };
  kms
    .on(GetKeyPolicyCommand)
    .resolves({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) });
  kms.on(ListGrantsCommand).resolves({ Grants: [] });
}

describe('a key that the template does not contain', () => {
  it.each([
    ['and that admits delivery', 'delivery.logs.amazonaws.com', 'SUCCESS'],
    ['and that admits another service', 'ec2.amazonaws.com', noncompliant],
  ])('%s is asked of KMS', async (_, service, expected) => {
    keyAdmits(service);
    const { annotations = [], ...answer } = await create(unknown);
    expect(short(answer)).toBe(expected);
    // The owner of a key that no template makes needs no functions of CloudFormation.
    for (const { remediationMessage = '' } of annotations)
      expect(remediationMessage).toMatch(/^Add to the key policy:\n\{/);
  });

  it('is found by the name that another stack exports', async () => {
    keyAdmits('ec2.amazonaws.com');
    cloudFormation
      .on(ListExportsCommand)
      .resolves({ Exports: [{ Name: 'keys:Log', Value: existingKey }] });
    const answer = await create(network({ keyId: "!ImportValue 'keys:Log'" }));
    expect(short(answer)).toBe(noncompliant);
    expect(answer.message).toContain(existingKey);
  });

  it('stays open where CloudFormation refuses the exports', async () => {
    cloudFormation.on(ListExportsCommand).rejects(refusal());
    const answer = await create(network({ keyId: "!ImportValue 'keys:Log'" }));
    expect(answer.hookStatus).toBe('SUCCESS');
    expect(answer.message).toMatch(/unknown: FlowLog .*allow cloudformation:ListExports/);
  });

  it('behind a parameter of Systems Manager is not looked up: the role may not', async () => {
    const answer = await create(network({ keyId: "'{{resolve:ssm:/key}}'" }));
    expect(answer.hookStatus).toBe('SUCCESS');
    expect(ssm.calls()).toEqual([]);
  });

  it.each([
    ['is a failure where KMS is broken', unknown, failure],
    ['is no failure where another flow log is blocked for sure', `${blocked}${also}`, noncompliant],
  ])('%s', async (_, template, expected) => {
    kms.onAnyCommand().rejects(
      Object.assign(new Error('no'), {
        name: 'KMSInternalException',
        $metadata: { httpStatusCode: 500 },
      }),
    );
    expect(short(await create(template))).toBe(expected);
  });
});

describe('operations that are not judged', () => {
  it('are deletions', async () => {
    const event = stackEvent('DELETE_PRE_PROVISION', null);
    expect(await ask(event)).toMatchObject({
      hookStatus: 'SUCCESS',
      message: 'a deletion is not judged',
    });
  });

  it('are those of the stack of the hook', async () => {
    process.env.OWN_STACK_ID = stackId;
    expect(await create(blocked)).toMatchObject({ hookStatus: 'SUCCESS' });
  });
});

describe('exemptions', () => {
  const list = (flowLog: string): string =>
    JSON.stringify([
      {
        pattern: { flowLog, account: accountId },
        reason: 'moves',
        owner: 'net',
        expires: '2999-01-31',
      },
    ]);

  it.each([
    ['count', list('FlowLog'), 'SUCCESS'],
    ['of others do not', list('Other'), noncompliant],
    ['that cannot be read are a failure', '[{}]', failure],
  ])('%s', async (_, Value, expected) => {
    process.env.RULE_PARAMETERS = JSON.stringify({ Exemptions: '/exemptions' });
    ssm
      .on(GetParameterCommand)
      .resolves({ Parameter: { Name: '/exemptions', Type: 'String', Value } });
    expect(short(await create(blocked))).toBe(expected);
  });
});

describe('an event', () => {
  const url = () => payloads.put({ template: blocked });

  it.each([
    [
      'of another account',
      { awsAccountId: '999999999999' },
      /event of account 999999999999 refused/,
    ],
    [
      'of a stack of another account',
      { stackId: stackId.replace(accountId, '999999999999') },
      /refused/,
    ],
    [
      'of a stack of another Region',
      { stackId: stackId.replace('eu-west-1', 'us-east-1') },
      /refused/,
    ],
    [
      'of a change set of another account',
      { changeSetId: changeSetId.replace(accountId, '999999999999') },
      /change set .* refused/,
    ],
    ['without a stack', { stackId: null }, /refused/],
    [
      'of an unknown point',
      { actionInvocationPoint: 'UPDATE_POST_PROVISION' },
      /invocation point "UPDATE_POST_PROVISION" is not known/,
    ],
    [
      'about a resource',
      { requestData: { targetName: 'AWS::EC2::FlowLog' } },
      /no event of a hook \(requestData.targetName\)/,
    ],
  ])('%s is a failure', async (_, change, words) => {
    const answer = await ask(stackEvent('CREATE_PRE_PROVISION', url(), change));
    expect(short(answer)).toBe(failure);
    expect(answer.message).toMatch(words);
  });

  it('in the other spelling of the documentation is read', async () => {
    const {
      stackId: stackID,
      clientRequestToken: clientRequesttoken,
      ...others
    } = stackEvent('CREATE_PRE_PROVISION', url());
    const answer = await ask({ ...others, stackID, clientRequesttoken });
    expect(short(answer)).toBe(noncompliant);
    expect(answer.clientRequestToken).toBe(clientRequesttoken);
  });

  it.each([
    ['null', null],
    ['a text', 'event'],
    ['an empty object', {}],
  ])('that is %s is a failure', async (_, event) => {
    expect(await ask(event)).toMatchObject({
      errorCode: 'InternalFailure',
      clientRequestToken: '',
    });
  });
});

describe('a payload', () => {
  const at = (url: string, milliseconds?: number) =>
    ask(stackEvent('CREATE_PRE_PROVISION', url), milliseconds);

  it.each([
    ['on another host', 'https://example.com/payload', undefined],
    ['without TLS', 'http://s3.eu-west-1.amazonaws.com/payload', undefined],
    ['on a host that ends like S3', 'https://evil-s3.eu-west-1.amazonaws.com/payload', undefined],
    [
      'on a host that begins like S3',
      'https://s3.eu-west-1.amazonaws.com.example.com/payload',
      undefined,
    ],
    ['on another service of AWS', 'https://sts.amazonaws.com/', undefined],
    ['on a website of S3', 'https://b.s3-website-eu-west-1.amazonaws.com/', undefined],
    ['on the metadata address', 'http://169.254.169.254/latest/meta-data', undefined],
    ['on another port', 'https://s3.amazonaws.com:8443/payload', undefined],
    ['with a user', 'https://user:word@s3.amazonaws.com/payload', undefined],
    [
      'on S3, where another endpoint is set',
      'https://s3.amazonaws.com/payload',
      'http://127.0.0.1:9',
    ],
  ])('%s is refused', async (_, url, endpoint) => {
    if (endpoint === undefined) delete process.env.AWS_ENDPOINT_URL_S3;
    else process.env.AWS_ENDPOINT_URL_S3 = endpoint;
    expect(await at(url)).toMatchObject({
      errorCode: 'InternalFailure',
      message: expect.stringMatching(/refused: the address is not of S3/) as string,
    });
  });

  it.each([
    's3.amazonaws.com',
    's3.eu-west-1.amazonaws.com',
    's3-eu-west-1.amazonaws.com',
    'bucket.s3.eu-west-1.amazonaws.com',
    'a.bucket.s3.amazonaws.com',
    's3.dualstack.eu-west-1.amazonaws.com',
    'bucket.s3-fips.us-east-1.amazonaws.com',
    'b.s3.mx-central-1.amazonaws.com',
  ])('at %s is fetched', async (host) => {
    delete process.env.AWS_ENDPOINT_URL_S3;
    const fetched = jest
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() =>
        Promise.resolve(new Response(JSON.stringify({ template: blocked }))),
      );
    try {
      expect(short(await at(`https://${host}/key?X-Amz-Signature=secret`))).toBe(noncompliant);
      expect(fetched).toHaveBeenCalledTimes(1);
    } finally {
      fetched.mockRestore();
    }
  });

  it.each([
    ['that is gone', () => `${payloads.origin}/gone?X-Amz-Signature=secret`, /HTTP 403/],
    [
      'that moved',
      () => `${payloads.origin}/elsewhere?X-Amz-Signature=secret`,
      /cannot be fetched/,
    ],
    [
      'behind a closed port',
      () => 'http://127.0.0.1:1/?X-Amz-Signature=secret',
      /refused|ECONNREFUSED/,
    ],
    ['that is no JSON', () => payloads.put('Resources'), /payload is not JSON/],
    [
      'of another shape',
      () => payloads.put({ template: { Resources: {} } }),
      /payload has no templates as texts/,
    ],
    [
      'over the limit',
      () => payloads.put({ template: ' '.repeat(MAX_PAYLOAD_BYTES) }),
      /has more than 16 MB/,
    ],
  ])('%s is a failure without the words of the URL', async (_, url, words) => {
    const answer = await at(url());
    expect(short(answer)).toBe(failure);
    expect(answer.message).toMatch(words);
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('that never comes is a failure in time', async () => {
    const before = Date.now();
    const answer = await at(`${payloads.origin}/never`, 4_300);
    expect(short(answer)).toBe(failure);
    expect(answer.message).toMatch(/time limit is near/);
    expect(Date.now() - before).toBeLessThan(4_000);
  });
});

describe('AWS that does not answer', () => {
  it('is a failure in time', async () => {
    cloudFormation.on(DescribeStacksCommand).callsFake(() => new Promise(() => undefined));
    const answer = await ask(
      stackEvent('CREATE_PRE_PROVISION', payloads.put({ template: byParameter })),
      4_300,
    );
    expect(short(answer)).toBe(failure);
  });

  it('with an error that passes is a failure too', async () => {
    const broken = Object.assign(new Error('no'), {
      name: 'InternalFailure',
      $metadata: { httpStatusCode: 500 },
    });
    cloudFormation.on(DescribeStacksCommand).rejects(broken);
    expect(short(await create(byParameter))).toBe(failure);
  });
});

describe('the time for judging', () => {
  it('ends for a template with too many worlds', async () => {
    const template = network({
      head: `Parameters:\n${Array.from({ length: 12 }, (_, nth) => `  P${nth}: {Type: String, AllowedValues: [a, b]}`).join('\n')}`,
      statement: `Condition:\n  StringEquals:\n${Array.from({ length: 12 }, (_, nth) => `    'aws:PrincipalTag/x${nth}': !Ref P${nth}`).join('\n')}`,
    });
    cloudFormation.on(DescribeStacksCommand).rejects(refusal());
    const answer = await ask(stackEvent('CREATE_PRE_PROVISION', payloads.put({ template })), 4_001);
    expect(short(answer)).toBe(failure);
    expect(answer.message).toMatch(/time limit is near/);
  });
});

describe('the log', () => {
  it('has neither URL nor policies', async () => {
    const lines: unknown[] = [];
    const spies = (['info', 'warn', 'error'] as const).map((level) =>
      jest
        .spyOn(Logger.prototype, level)
        .mockImplementation((...words: unknown[]) => void lines.push(words)),
    );
    await create(blocked);
    await ask(stackEvent('CREATE_PRE_PROVISION', `${payloads.origin}/gone?X-Amz-Signature=secret`));
    const text = lines
      .flat()
      .map((each) => (each instanceof Error ? `${each.stack}` : JSON.stringify(each)))
      .join('\n');
    for (const spy of spies) spy.mockRestore();
    expect(text).toContain('stack was not judged');
    expect(text).not.toMatch(/secret|ec2\.amazonaws\.com/);
  });
});
