import { CreateFlowLogsCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketEncryptionCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { readFileSync } from 'node:fs';
import { admittingBucketPolicy } from '../world.ts';
import { awsOf, listen } from './aws-stand-in.ts';
import { motoServer, optionsIn, passOn, startMoto, type Moto } from './moto-server.ts';
import { follow, type Desk, type Policy } from './night-shift.ts';
import {
  account,
  evaluate,
  keyOf,
  member,
  policyFor,
  refusing,
  region,
  scheduleIn,
} from './organization-world.ts';

// From the annotation of a check alone, and the check's page, to a flow log that is delivered: line by line. -----------
//
// Not followed here:
// - destination: moto makes no flow log whose destination cannot be read.
// - delivery-status: moto reports SUCCESS for every flow log into S3.
// - exemption: it is no defect; AWS Config shows NOT_APPLICABLE.
// - aws-managed-key by key ARN: moto tells KeyManager CUSTOMER for every key.
// - key-state not told: moto tells the state of every key.
// - bucket, key and key-policy that cannot be read: moto refuses nobody; moto.e2e.ts has a role that is refused.
// - bucket with an encryption that nobody knows: AWS has none, so the page names no command.
// - key-by-arn with an ARN of no key: only a person knows which key was meant.

let moto: Moto;

/** An account where all is well, until a row breaks it. */
async function makeWorld(accountId: string) {
  const options = await optionsIn(moto, accountId);
  const [kms, s3, ec2] = [new KMSClient(options), new S3Client(options), new EC2Client(options)];
  // As long as names of buckets get, so that no annotation has more room for its step.
  const Bucket = `logs-${accountId}-`.padEnd(63, 'x');
  const keyArn = await makeKey(kms, accountId);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: admittingBucketPolicy(Bucket) }));
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { FlowLogIds = [] } = await ec2.send(
    new CreateFlowLogsCommand({
      ResourceIds: [Vpc?.VpcId ?? ''],
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: `arn:aws:s3:::${Bucket}`,
    }),
  );
  const world = { accountId, options, kms, s3, Bucket, keyArn, flowLog: FlowLogIds[0] ?? '' };
  await encrypt(world, keyArn);
  return world;
}
type World = Awaited<ReturnType<typeof makeWorld>>;

async function makeKey(
  kms: KMSClient,
  accountId: string,
  of: Partial<CreateKeyCommand['input']> = {},
): Promise<string> {
  const symmetric = { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' } as const;
  const Policy = policyFor('delivery.logs.amazonaws.com', accountId);
  const made = await kms.send(new CreateKeyCommand({ ...symmetric, Policy, ...of }));
  return made.KeyMetadata?.Arn ?? '';
}

/** moto wants ids where a key is disabled or deleted. */
const idOf = (keyArn: string): string => keyArn.split('/')[1] ?? '';

const encrypt = ({ s3, Bucket }: Pick<World, 's3' | 'Bucket'>, KMSMasterKeyID?: string) =>
  s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID },
            BucketKeyEnabled: true,
          },
        ],
      },
    }),
  );

/** What AWS Config is told of the flow log; moto lacks AWS Config, and the organization may not be asked. */
async function judged({ accountId }: World, parameters: Readonly<Record<string, string>>) {
  const config = awsOf(
    refusing(account(accountId, { rules: { rule: [] } }), 'DescribeOrganization'),
  );
  const aws = await listen((request, response) => {
    if (/\/(config|organizations)\//.test(request.headers.authorization ?? ''))
      config.listener(request, response);
    else passOn(moto.port, request, response);
  });
  try {
    const { stderr } = await evaluate(aws, [scheduleIn(accountId, parameters)]);
    const [told] = config.evaluations;
    if (told === undefined) throw new Error(stderr);
    const { ComplianceResourceId: id, ComplianceType: compliance, Annotation = '' } = told;
    return { id, compliance, annotation: Annotation };
  } finally {
    await aws.close();
  }
}

/** The id or alias of the key that the bucket names; empty where there is none. */
async function keyIdOf({ s3, Bucket }: World): Promise<string> {
  const asked = s3.send(new GetBucketEncryptionCommand({ Bucket }));
  const has = await asked.catch((error: unknown) => {
    if ((error as Error).name !== 'NoSuchBucket') throw error;
  });
  const [rule] = has?.ServerSideEncryptionConfiguration?.Rules ?? [];
  return rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID?.split('/').at(-1) ?? '';
}

/** What the annotation tells, and AWS Config beside it. */
function knownFrom({ id, annotation }: Awaited<ReturnType<typeof judged>>, accountId: string) {
  const [, KEY_ARN] = /; key ([0-9a-f-]{36});/.exec(annotation) ?? [];
  const [, BUCKET] = /; bucket ([^;]+);/.exec(annotation) ?? [];
  const [, KEY_NAME] = /names its key (?:by id )?([^\s,]+)/.exec(annotation) ?? [];
  const known = { FLOW_LOG_ID: id, ACCOUNT: accountId, REGION: region, KEY_ARN, BUCKET, KEY_NAME };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value)) as Desk['known'];
}

// By hand ------------------------------------------------------------------------------------------------------------

const never = /^$/;

const addPrinted = (policy: Policy, printed: string): Policy => ({
  ...policy,
  Statement: [...policy.Statement, JSON.parse(printed) as Policy['Statement'][number]],
});

const exempt = (policy: Policy): Policy => ({
  ...policy,
  Statement: policy.Statement.map((each) =>
    each.Effect === 'Deny'
      ? {
          ...each,
          Condition: {
            ...(each.Condition as object),
            BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
          },
        }
      : each,
  ),
});

/** With the two statements of the page of the bucket policy. */
const addTwo =
  ({ accountId, Bucket }: World) =>
  (policy: Policy): Policy => {
    const page = readFileSync('docs/checks/bucket-policy.md', 'utf8');
    const [, written = ''] = /^```\n(\{ "Sid".*?)^```/ms.exec(page) ?? [];
    const two = written
      .replace(/\bACCOUNT\b/g, accountId)
      .replace(/\bBUCKET\b/g, Bucket)
      .replace(/\bREGION\b/g, region);
    return { ...policy, Statement: [...policy.Statement, ...(JSON.parse(`[${two}]`) as [])] };
  };

const withDeny = (policy: string, deny: object): string => {
  const { Version, Statement } = JSON.parse(policy) as Policy;
  return JSON.stringify({
    Version,
    Statement: [...Statement, { Effect: 'Deny', Principal: '*', ...deny }],
  });
};

const outside = { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } };

/** In the key policy. Only of one action: moto obeys a Deny of kms:* whatever its conditions. */
const denyKey = ({ kms, keyArn: KeyId, accountId }: World, Condition: object) => {
  const deny = { Action: 'kms:GenerateDataKey*', Resource: '*', Condition };
  const Policy = withDeny(policyFor('delivery.logs.amazonaws.com', accountId), deny);
  return kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }));
};

// The table ----------------------------------------------------------------------------------------------------------

interface Row {
  readonly title: string;
  readonly code: string;
  readonly begins: RegExp;
  /** The next step, as far as an annotation always has room for it. */
  readonly step: string;
  readonly breaks: (world: World) => Promise<unknown>;
  readonly skip?: RegExp;
  readonly edit?: (world: World) => Desk['edit'];
  readonly parameters?: Readonly<Record<string, string>>;
  /** Rule parameters that the page says to set. */
  readonly mended?: Readonly<Record<string, string>>;
}

const rows: readonly Row[] = [
  {
    title: 'a key policy that admits another service',
    code: 'key-policy',
    begins: /^key-policy: no statement is for delivery\.logs\.amazonaws\.com/,
    step: 'add the statement of `flow-log-key remedy FLOW-LOG-ID` to the key',
    breaks: ({ kms, keyArn: KeyId }) =>
      kms.send(
        new PutKeyPolicyCommand({
          KeyId,
          PolicyName: 'default',
          Policy: policyFor('other.amazonaws.com'),
        }),
      ),
    skip: /--apply$|get-key-policy|policy\.json/,
  },
  {
    title: 'a key policy for the service of CloudWatch Logs',
    code: 'key-policy',
    begins: /^key-policy: vpc-flow-logs\.amazonaws\.com writes to CloudWatch Logs, not to/,
    step: 'add the statement of `flow-log-key remedy FLOW-LOG-ID` to the key',
    breaks: ({ kms, keyArn: KeyId, accountId }) => {
      const Policy = policyFor('vpc-flow-logs.amazonaws.com', accountId);
      return kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }));
    },
    skip: /--apply$|get-key-policy|policy\.json/,
  },
  {
    title: 'a key policy that admits an organization, whose id nobody gave',
    code: 'key-policy',
    begins: /^unknown: key-policy: StringEquals aws:SourceOrgID wants o-a1b2c3d4e5/,
    step: 'give the organization id',
    breaks: ({ kms, keyArn: KeyId }) => {
      const admits = policyFor('delivery.logs.amazonaws.com');
      const Policy = admits
        .replace('aws:SourceAccount', 'aws:SourceOrgID')
        .replace(member, 'o-a1b2c3d4e5');
      return kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }));
    },
    skip: /./,
    mended: { OrganizationId: 'o-a1b2c3d4e5' },
  },
  {
    title: 'a Deny in the key policy',
    code: 'key-policy',
    begins: /^key-policy: Deny where StringNotEquals aws:SourceVpce/,
    step: 'exempt AWS services from that Deny: add BoolIfExists',
    breaks: (world) => denyKey(world, outside),
    skip: /remedy|run the command/,
    edit: () => exempt,
  },
  {
    title: 'a Deny in the key policy that may refuse',
    code: 'key-policy',
    begins: /^unknown: key-policy: IpAddress aws:SourceIp wants 203\.0\.113\.0\/24/,
    step: 'exempt AWS services from that Deny: add BoolIfExists',
    breaks: (world) => denyKey(world, { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
    skip: /remedy|run the command/,
    edit: () => exempt,
  },
  {
    title: 'a key that is disabled',
    code: 'key-state',
    begins: /^key-state: key is Disabled/,
    step: 'enable it',
    breaks: ({ kms, keyArn }) => kms.send(new DisableKeyCommand({ KeyId: idOf(keyArn) })),
    skip: /cancel-key-deletion/,
  },
  {
    title: 'a key that will be deleted',
    code: 'key-state',
    begins: /^key-state: key is PendingDeletion/,
    step: 'cancel its deletion and enable it',
    breaks: ({ kms, keyArn }) => kms.send(new ScheduleKeyDeletionCommand({ KeyId: idOf(keyArn) })),
  },
  {
    title: 'a key for signing',
    code: 'key-usage',
    begins: /^key-usage: key has spec RSA_2048 and usage SIGN_VERIFY/,
    step: 'use another key',
    breaks: async (world) => {
      const signs = { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' } as const;
      await encrypt(world, await makeKey(world.kms, world.accountId, signs));
    },
    edit: () => addPrinted,
  },
  {
    title: 'a key of another Region',
    code: 'key-region',
    begins: /^key-region: key of bucket is in eu-west-1, the bucket in us-east-1/,
    step: 'encrypt it with a key of us-east-1, by key ARN',
    breaks: async (world) => {
      const there = new KMSClient({ ...world.options, region: 'eu-west-1' });
      await encrypt(world, await makeKey(there, world.accountId));
    },
    edit: () => addPrinted,
  },
  {
    title: 'no key, which is aws/s3',
    code: 'aws-managed-key',
    begins: /^aws-managed-key: bucket uses an AWS managed key \(aws\/s3\)/,
    step: 'encrypt it with a customer managed key, by key ARN',
    breaks: (world) => encrypt(world),
    edit: () => addPrinted,
  },
  {
    title: 'a key by alias name',
    code: 'key-by-arn',
    begins: /^key-by-arn: bucket names its key alias\/logs/,
    step: 'set the key ARN in its default encryption',
    breaks: async (world) => {
      const AliasName = 'alias/logs';
      await world.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: world.keyArn }));
      await encrypt(world, AliasName);
    },
  },
  {
    title: 'a key by id',
    code: 'key-by-arn',
    begins: /^unknown: key-by-arn: bucket names its key by id/,
    step: 'set the key ARN in its default encryption',
    breaks: (world) => encrypt(world, idOf(world.keyArn)),
  },
  {
    title: 'a key that does not exist',
    code: 'key',
    begins: /^key: .*does not exist \(NotFoundException\)/,
    step: "set an existing key in the bucket's default encryption",
    breaks: (world) => encrypt(world, keyOf(world.accountId)),
    skip: /describe-key/,
    edit: () => addPrinted,
  },
  {
    title: 'SSE-S3, where a key was asked for',
    code: 'customer-key',
    begins: /^customer-key: bucket is encrypted with SSE-S3/,
    step: 'encrypt it with a customer managed key whose policy admits delivery, by key ARN',
    breaks: ({ s3, Bucket }) => {
      const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: 'AES256' } as const;
      const ServerSideEncryptionConfiguration = { Rules: [{ ApplyServerSideEncryptionByDefault }] };
      return s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
    },
    edit: () => addPrinted,
    parameters: { AlsoCheck: 'customer-key' },
  },
  {
    title: 'a bucket that does not exist',
    code: 'bucket',
    begins: /^bucket: .*does not exist \(NoSuchBucket\)/,
    step: 'create the bucket or delete the flow log',
    breaks: ({ s3, Bucket }) => s3.send(new DeleteBucketCommand({ Bucket })),
    skip: /get-bucket-encryption|delete-flow-logs/,
    edit: addTwo,
  },
  {
    title: 'a Deny in the bucket policy',
    code: 'bucket-policy',
    begins: /^bucket-policy: Deny where StringNotEquals aws:SourceVpce/,
    step: 'exempt AWS services from that Deny: add BoolIfExists',
    breaks: ({ s3, Bucket }) => {
      const deny = { Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}/*`, Condition: outside };
      const Policy = withDeny(admittingBucketPolicy(Bucket), deny);
      return s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    },
    edit: () => exempt,
  },
  {
    title: 'a bucket without a bucket policy',
    code: 'bucket-policy',
    begins: /^bucket-policy: bucket has no bucket policy/,
    step: "add the statements of AWS's documentation for flow logs (s3:PutObject, s3:GetBucketAcl)",
    breaks: ({ s3, Bucket }) => s3.send(new DeleteBucketPolicyCommand({ Bucket })),
    edit: addTwo,
  },
];

const described = motoServer === '' ? describe.skip : describe;

described('at 3 a.m., from the annotation and its page, on moto', () => {
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.stop());

  it.each(rows.map((row, index) => [`${row.code}: ${row.title}`, row, index] as const))(
    '%s',
    async (
      _,
      { code, begins, step, breaks, skip = never, edit, parameters = {}, mended },
      index,
    ) => {
      const world = await makeWorld(`2000000000${String(index).padStart(2, '0')}`);
      await breaks(world);
      const told = await judged(world, parameters);
      expect(told).toMatchObject({ id: world.flowLog, compliance: 'NON_COMPLIANT' });
      expect(told.annotation).toMatch(begins);
      expect(told.annotation.length).toBeLessThanOrEqual(256);
      expect(told.annotation).toContain(`; bucket ${world.Bucket}; `);
      expect(told.annotation).toContain(step);
      expect(told.annotation).toContain(await keyIdOf(world));
      const known = knownFrom(told, world.accountId);
      for (const name of Object.keys(mended ?? {}))
        expect(readFileSync(`docs/checks/${code}.md`, 'utf8')).toContain(`\`${name}\``);
      const byHand = edit?.(world) ?? ((policy: Policy) => policy);
      const done = await follow(code, { options: world.options, known, skip, edit: byHand });
      expect({ done, ...(await judged(world, { ...parameters, ...mended })) }).toMatchObject({
        compliance: 'COMPLIANT',
        annotation: expect.stringMatching(/^deliverable/) as unknown,
      });
    },
  );
});
