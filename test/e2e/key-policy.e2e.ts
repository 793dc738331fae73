import { resolve } from 'node:path';
import { credentials, runAgainst, startAws, type Account, type Key } from './aws-stand-in.ts';
import { account as emptyAccount } from './organization-world.ts';

const command = resolve('bin/flow-log-key.js');
const accountId = '111122223333';
const keyArn = `arn:aws:kms:us-east-1:${accountId}:key/0a1b2c3d-1111-2222-3333-444455556666`;

const policyFor = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: service }, Action: 'kms:*', Resource: '*' },
    ],
  });
const open = policyFor('delivery.logs.amazonaws.com');
const closed = policyFor('other.amazonaws.com');

const world = (key: Key): Account => ({
  ...emptyAccount(accountId, { flowLogsPerPage: 1 }),
  regions: ['us-east-1'],
  flowLogs: ['fl-00000000000000001', 'fl-00000000000000002'].map((id) => ({
    id,
    region: 'us-east-1',
    type: 's3',
    destination: 'arn:aws:s3:::logs',
  })),
  buckets: { logs: { region: 'us-east-1', encryption: { algorithm: 'aws:kms', keyId: keyArn } } },
  keys: { [keyArn]: key },
});

const grants = [
  {
    GrantId: 'grant-1',
    GranteeServicePrincipal: 'delivery.logs.amazonaws.com',
    Operations: ['GenerateDataKey', 'Decrypt'],
  },
];

describe('the built command with --live and --key-policy from standard input', () => {
  it.each([
    ['that closes the key', { policy: open }, closed, 1, '2 deliverable would become blocked', 1],
    [
      'that closes the key, where a grant may help',
      { policy: open, grants },
      closed,
      3,
      '2 deliverable would become unknown',
      1,
    ],
    ['that opens the key', { policy: closed }, open, 0, '2 blocked would become deliverable', 1],
    ['that changes nothing', { policy: open }, open, 0, '2 would stay as they are', 0],
  ] as const)(
    'judges a policy %s, asks for each fact once, and writes nothing',
    async (_, key, policy, exitCode, line, listed) => {
      const aws = await startAws(world(key));
      const ended = await runAgainst(
        aws,
        [process.execPath, command, 'check', '--live', '--key-policy', `${keyArn}=-`],
        { env: { ...credentials, AWS_REGION: 'us-east-1' }, input: policy },
      );
      await aws.close();
      expect(ended.stdout).toContain(`\n  ${line}\n`);
      expect({ exitCode: ended.exitCode, stderr: ended.stderr }).toEqual({ exitCode, stderr: '' });
      const operations = aws.calls.map(({ operation }) => operation);
      const count = (name: string) => operations.filter((each) => each === name).length;
      expect({
        GetKeyPolicy: count('GetKeyPolicy'),
        DescribeFlowLogs: count('DescribeFlowLogs'),
        ListGrants: count('ListGrants'),
        PutKeyPolicy: count('PutKeyPolicy'),
      }).toEqual({ GetKeyPolicy: 1, DescribeFlowLogs: 2, ListGrants: listed, PutKeyPolicy: 0 });
    },
  );
});
