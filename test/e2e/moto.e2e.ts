import { CreateFlowLogsCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { awsOf, listen } from './aws-stand-in.ts';
import { motoServer, optionsIn, passOn, startMoto, type Moto } from './moto-server.ts';
import { admittingBucketPolicy } from '../world.ts';
import { account, evaluate, keyOf, policyFor, reader, scheduleIn } from './organization-world.ts';

// What our own stand-ins take for AWS is held against an emulator by others, for EC2, S3, KMS and STS. ------------------

let moto: Moto;
const inAccount = (accountId: string) => optionsIn(moto, accountId);

/** Accounts of a test's own, for moto keeps what it was told. */
const accountsOf = (test: number) => ({
  member: `1000000000${test}0`,
  archive: `1000000000${test}1`,
  security: `1000000000${test}2`,
});
type Accounts = ReturnType<typeof accountsOf>;

/** What KMS makes unless told otherwise; moto then leaves it out. */
const symmetric = { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' } as const;

/** A key in the security account; undefined where none is made, and it is named all the same. */
async function makeKey({ member, security }: Accounts, service: string | undefined) {
  if (service === undefined) return keyOf(security);
  const kms = new KMSClient(await inAccount(security));
  const made = await kms.send(
    new CreateKeyCommand({ ...symmetric, Policy: policyFor(service, member) }),
  );
  return made.KeyMetadata?.Arn;
}

async function makeFlowLog({ member, archive }: Accounts, KMSMasterKeyID: string | undefined) {
  const Bucket = `logs-${archive}`;
  const s3 = new S3Client(await inAccount(archive));
  await s3.send(new CreateBucketCommand({ Bucket }));
  const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID };
  const Rules = [{ ApplyServerSideEncryptionByDefault, BucketKeyEnabled: true }];
  await s3.send(
    new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
  );
  // AWS itself attaches a bucket policy when a flow log is made; moto does not.
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: admittingBucketPolicy(Bucket) }));
  const ec2 = new EC2Client(await inAccount(member));
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const made = await ec2.send(
    new CreateFlowLogsCommand({
      ResourceIds: [Vpc?.VpcId ?? ''],
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: `arn:aws:s3:::${Bucket}`,
    }),
  );
  expect(made.Unsuccessful).toEqual([]);
  return made.FlowLogIds?.[0];
}

/** What the built evaluator tells a member; moto lacks AWS Config, and roles that are refused. */
async function judged({ member, archive, security }: Accounts, refused: readonly string[]) {
  const config = awsOf(account(member, { rules: { rule: [] } }));
  const aws = await listen((request, response) => {
    const { authorization = '' } = request.headers;
    if (authorization.includes('/config/')) config.listener(request, response);
    else if (authorization.includes('/sts/')) void assume();
    else passOn(moto.port, request, response);

    async function assume(): Promise<void> {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      const arn = new URLSearchParams(body).get('RoleArn') ?? '';
      if (refused.some((role) => arn.endsWith(role))) {
        response.writeHead(403, { 'content-type': 'text/xml' });
        response.end('<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>');
        return;
      }
      const headers = { ...request.headers } as Record<string, string>;
      const answer = await fetch(`http://127.0.0.1:${moto.port}/`, {
        method: 'POST',
        headers: {
          authorization: headers.authorization ?? '',
          'content-type': headers['content-type'] ?? '',
        },
        body,
      });
      response.writeHead(answer.status, { 'content-type': 'text/xml' });
      response.end(await answer.text());
    }
  });
  try {
    const OwnerAccounts = `${security},${archive}`;
    const { stderr } = await evaluate(aws, [scheduleIn(member, { OwnerAccounts })]);
    return {
      stderr,
      evaluations: config.evaluations.map((each) => [
        each.ComplianceResourceId,
        each.ComplianceType,
        each.Annotation,
      ]),
    };
  } finally {
    await aws.close();
  }
}

const described = motoServer === '' ? describe.skip : describe;

described('against moto, a flow log, its bucket and its key in three accounts', () => {
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.stop());

  const delivery = 'delivery.logs.amazonaws.com';
  it.each([
    ['where the key admits', 1, delivery, [], 'COMPLIANT', /^deliverable: key policy admits/],
    [
      'where the key refuses',
      2,
      'other.amazonaws.com',
      [],
      'NON_COMPLIANT',
      /^key-policy: no statement/,
    ],
    [
      'where no role is in the account of the key',
      3,
      delivery,
      [`100000000032:role/${reader}`],
      'NON_COMPLIANT',
      /role flow-log-key-rule-reader of account 100000000032 cannot be assumed/,
    ],
    [
      'where the key does not exist',
      4,
      undefined,
      [],
      'NON_COMPLIANT',
      /^key: .*does not exist \(NotFoundException\)/,
    ],
  ] as const)('%s', async (_, test, service, refused, compliance, annotation) => {
    const accounts = accountsOf(test);
    const flowLog = await makeFlowLog(accounts, await makeKey(accounts, service));
    const { evaluations, stderr } = await judged(accounts, refused);
    expect({ evaluations, stderr }).toMatchObject({
      evaluations: [[flowLog, compliance, expect.stringMatching(annotation) as unknown]],
    });
  });
});
