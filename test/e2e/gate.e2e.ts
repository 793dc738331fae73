import { accountId, functionArn, region, stackEvent, stackId } from '../gate/hook.ts';
import {
  awsOf,
  credentials,
  listen,
  runAgainst,
  type Account,
  type Call,
  type Listener,
} from './aws-stand-in.ts';
import { functionCommand } from './function-command.ts';

const plain = (service: string) => ({
  Effect: 'Allow',
  Principal: { Service: service },
  Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
  Resource: '*',
});

const allow = (service: string) => ({
  ...plain(service),
  Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
});

/** Flow logs, each with a bucket and a key of its own; the key of flow log 7 admits another service. */
function templateOf(flowLogs: number, refused = [7]): string {
  const resources = Array.from({ length: flowLogs }, (_, nth) => {
    const service = refused.includes(nth) ? 'ec2.amazonaws.com' : 'delivery.logs.amazonaws.com';
    const rule = {
      ServerSideEncryptionByDefault: {
        SSEAlgorithm: 'aws:kms',
        KMSMasterKeyID: { 'Fn::GetAtt': [`Key${nth}`, 'Arn'] },
      },
    };
    return {
      [`Key${nth}`]: {
        Type: 'AWS::KMS::Key',
        Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [allow(service)] } },
      },
      [`Bucket${nth}`]: {
        Type: 'AWS::S3::Bucket',
        Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [rule] } },
      },
      [`FlowLog${nth}`]: {
        Type: 'AWS::EC2::FlowLog',
        Properties: {
          ResourceId: 'vpc-0a1b2c3d4e5f60718',
          ResourceType: 'VPC',
          LogDestinationType: 's3',
          LogDestination: { 'Fn::GetAtt': [`Bucket${nth}`, 'Arn'] },
        },
      },
    };
  });
  const topics = Array.from({ length: 20 }, (_, nth) => ({
    [`Topic${nth}`]: { Type: 'AWS::SNS::Topic' },
  }));
  return JSON.stringify({ Resources: Object.assign({}, ...resources, ...topics) as object });
}

const stackWith = (member: object) => ({
  DescribeStacks: () => ({
    output: {
      Stacks: {
        member: {
          StackName: 'Net',
          StackId: stackId,
          StackStatus: 'CREATE_IN_PROGRESS',
          CreationTime: '2026-11-26T00:00:00Z',
          ...member,
        },
      },
    },
  }),
});

const account: Account = {
  accountId,
  regions: [region],
  flowLogs: [],
  flowLogsPerPage: 100,
  buckets: {},
  keys: {},
  aliases: {},
  rules: {},
  untaken: {},
  services: stackWith({}),
  faults: [],
};

interface Asked {
  readonly world?: Account;
  readonly point?: string;
  readonly previousTemplate?: string;
  /** S3 takes the request for the payload, and never answers. */
  readonly hangs?: boolean;
  readonly milliseconds?: number;
}

interface Answered {
  readonly answer: {
    readonly hookStatus: string;
    readonly errorCode?: string;
    readonly message: string;
  };
  readonly calls: readonly Call[];
  readonly stdout: string;
}

/** Invokes the built function in a process of its own; a stand-in of AWS serves the payload as S3 does. */
async function ask(
  template: string,
  {
    world = account,
    point = 'CREATE_PRE_PROVISION',
    previousTemplate,
    hangs = false,
    milliseconds = 28_000,
  }: Asked = {},
): Promise<Answered> {
  const { listener, calls } = awsOf(world);
  const withPayload: Listener = (request, response) => {
    if (request.headers.authorization !== undefined) listener(request, response);
    else if (!hangs) response.end(JSON.stringify({ template, previousTemplate }));
  };
  const server = await listen(withPayload);
  const url = `${server.url}/hooks/payload?X-Amz-Signature=secret`;
  const context = {
    awsRequestId: 'request',
    functionName: 'gate',
    invokedFunctionArn: functionArn,
  };
  try {
    const { stdout, stderr, exitCode } = await runAgainst(server, functionCommand('gate'), {
      env: { ...credentials, AWS_REGION: region },
      input: JSON.stringify({ events: [stackEvent(point, url)], context, milliseconds }),
      signal: AbortSignal.timeout(60_000),
    });
    if (exitCode !== 0) throw new Error(stderr);
    const line = stdout.split('\n').find((each) => each.startsWith('{"payload"')) ?? '';
    const { payload } = JSON.parse(line) as { payload: string };
    return { answer: JSON.parse(payload) as Answered['answer'], calls, stdout };
  } finally {
    await server.close();
  }
}

describe('the built function of the hook', () => {
  it('judges a template of 500 resources in its time', async () => {
    const { answer } = await ask(templateOf(160));
    expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant' });
    expect(answer.message).toMatch(/^160 flow logs: 1 blocked, 0 blocked before, 0 unknown\n/);
    expect(answer.message).toContain('blocked: FlowLog7 (key-policy): ');
  });

  it('lets an update pass that makes nothing worse, and names what is blocked still', async () => {
    const point = 'UPDATE_PRE_PROVISION';
    const { answer } = await ask(templateOf(9), { point, previousTemplate: templateOf(8) });
    expect(answer.hookStatus).toBe('SUCCESS');
    expect(answer.message).toContain('blocked before: FlowLog7 (key-policy): ');
    const worse = await ask(templateOf(9, [7, 8]), { point, previousTemplate: templateOf(8) });
    expect(worse.answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant' });
    expect(worse.answer.message).toContain('1 blocked, 1 blocked before');
  });

  it('asks the account for an existing bucket and its key', async () => {
    const keyArn = `arn:aws:kms:${region}:${accountId}:key/11111111-aaaa-4bbb-8ccc-1234567890ab`;
    const template = JSON.stringify({
      Resources: {
        FlowLog: {
          Type: 'AWS::EC2::FlowLog',
          Properties: {
            ResourceId: 'vpc-0a1b2c3d4e5f60718',
            ResourceType: 'VPC',
            LogDestinationType: 's3',
            LogDestination: 'arn:aws:s3:::archive',
          },
        },
      },
    });
    const worldWith = (service: string): Account => ({
      ...account,
      buckets: { archive: { region, encryption: { algorithm: 'aws:kms', keyId: keyArn } } },
      keys: {
        [keyArn]: {
          policy: JSON.stringify({ Version: '2012-10-17', Statement: [plain(service)] }),
        },
      },
    });
    const lacking = await ask(template, { world: worldWith('ec2.amazonaws.com') });
    expect(lacking.answer).toMatchObject({ errorCode: 'NonCompliant' });
    expect(lacking.answer.message).toContain(keyArn);
    const there = await ask(template, { world: worldWith('delivery.logs.amazonaws.com') });
    expect(there.answer).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(there.answer.message).toBe('1 flow log: 0 blocked, 0 blocked before, 0 unknown');
  });

  it('goes on where CloudFormation refuses', async () => {
    const refused = { operation: 'DescribeStacks', answer: { status: 403, code: 'AccessDenied' } };
    const { answer, calls } = await ask(templateOf(8), {
      world: { ...account, faults: [refused] },
    });
    expect(answer.errorCode).toBe('NonCompliant');
    expect(calls.map(({ operation }) => operation)).toEqual(['DescribeStacks']);
  });

  it.each([
    ['S3', { hangs: true }],
    [
      'CloudFormation',
      {
        world: { ...account, faults: [{ operation: 'DescribeStacks', answer: 'never' as const }] },
      },
    ],
  ])(
    'ends in time with a failure of its own where %s hangs, and counts the failure',
    async (_, asked) => {
      const { answer, stdout } = await ask(templateOf(8), { ...asked, milliseconds: 6_000 });
      expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'InternalFailure' });
      expect(answer.message).toContain('time limit is near');
      expect(stdout).toContain('"HookFailed":1');
      expect(stdout).not.toContain('secret');
    },
  );
});
