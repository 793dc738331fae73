/**
 * Writes a snapshot file of AWS Config: flow logs of a hundred accounts, each with buckets of its own in an archive account.
 * Neighbouring flow logs deliver to different buckets. The policy of every tenth key does not admit delivery.
 *
 *     npx tsx bench/snapshot-world.ts FILE [FLOW_LOGS [BUCKETS [KEYS]]]
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

interface SnapshotSize {
  readonly flowLogs: number;
  readonly buckets: number;
  readonly keys: number;
}

const ACCOUNT_COUNT = 100;
const archive = '444455556666';
const region = 'us-east-1';

const pad = (n: number, digits: number): string => String(n).padStart(digits, '0');
/** A number for `n` without an order: neighbours have nothing in common. */
const scattered = (n: number): number => Math.imul(n + 1, 2_654_435_761) >>> 0;

const bucketArn = (n: number): string => `arn:aws:s3:::organization-flow-logs-${n}`;
const keyId = (n: number): string => `00000000-0000-4000-8000-${pad(n, 12)}`;
const keyArn = (n: number): string => `arn:aws:kms:${region}:${archive}:key/${keyId(n)}`;

/** The fields of every item. */
const recorded = (resourceType: string, resourceId: string, awsAccountId: string) => ({
  configurationItemVersion: '1.3',
  configurationItemCaptureTime: '2026-11-23T06:00:00.000Z',
  configurationItemStatus: 'OK',
  configurationStateId: 1_700_000_000_000,
  awsAccountId,
  awsRegion: region,
  resourceType,
  resourceId,
});

function flowLog(n: number, { buckets }: SnapshotSize): object {
  const id = `fl-${pad(scattered(n), 17)}`;
  const owner = scattered(n) % ACCOUNT_COUNT;
  const account = String(100_000_000_000 + owner);
  // Each account delivers to buckets of its own.
  const bucketNumber = (owner + ACCOUNT_COUNT * (scattered(n) >>> 8)) % buckets;
  return {
    ...recorded('AWS::EC2::FlowLog', id, account),
    ARN: `arn:aws:ec2:${region}:${account}:vpc-flow-log/${id}`,
    configuration: {
      creationTime: '2026-10-01T09:00:00.000Z',
      deliverLogsStatus: 'SUCCESS',
      flowLogId: id,
      flowLogStatus: 'ACTIVE',
      resourceId: `vpc-${pad(n, 17)}`,
      trafficType: 'ALL',
      logDestinationType: 's3',
      logDestination: `${bucketArn(bucketNumber)}/network/`,
      maxAggregationInterval: 600,
    },
    supplementaryConfiguration: {},
    tags: { Name: `flow log ${n}` },
    relationships: [{ resourceId: `vpc-${pad(n, 17)}`, resourceType: 'AWS::EC2::VPC' }],
  };
}

const statement = (actions: readonly string[], resource: string, service: string) => ({
  Effect: 'Allow',
  Principal: { Service: service },
  Action: actions,
  Resource: resource,
  Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:logs:*:*:*' } },
});

const policyOf = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });

const delivery = 'delivery.logs.amazonaws.com';

const bucket = (n: number, { keys }: SnapshotSize): object => ({
  ...recorded('AWS::S3::Bucket', bucketArn(n).slice('arn:aws:s3:::'.length), archive),
  ARN: bucketArn(n),
  configuration: { name: bucketArn(n).slice('arn:aws:s3:::'.length) },
  supplementaryConfiguration: {
    BucketPolicy: {
      policyText: policyOf(
        statement(['s3:PutObject'], `${bucketArn(n)}/*`, delivery),
        statement(['s3:GetBucketAcl'], bucketArn(n), delivery),
      ),
    },
    ServerSideEncryptionConfiguration: {
      rules: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: 'aws:kms',
            kmsMasterKeyID: keyArn(n % keys),
          },
          bucketKeyEnabled: true,
        },
      ],
    },
  },
  tags: {},
  relationships: [],
});

const key = (n: number): object => ({
  ...recorded('AWS::KMS::Key', keyId(n), archive),
  ARN: keyArn(n),
  configuration: {
    keyId: keyId(n),
    arn: keyArn(n),
    enabled: true,
    keyState: 'Enabled',
    keyManager: 'CUSTOMER',
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    multiRegion: false,
  },
  supplementaryConfiguration: {
    Policy: policyOf(
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${archive}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
      statement(
        ['kms:GenerateDataKey*', 'kms:Decrypt', 'kms:DescribeKey'],
        '*',
        n % 10 === 0 ? 'cloudtrail.amazonaws.com' : delivery,
      ),
    ),
  },
  tags: {},
  relationships: [],
});

function* snapshotPieces(size: SnapshotSize): Generator<string> {
  yield '{"fileVersion":"1.0","configSnapshotId":"0","configurationItems":[';
  for (let n = 0; n < size.flowLogs; n++) yield `${JSON.stringify(flowLog(n, size))},`;
  for (let n = 0; n < size.buckets; n++) yield `${JSON.stringify(bucket(n, size))},`;
  for (let n = 0; n < size.keys; n++)
    yield `${JSON.stringify(key(n))}${n < size.keys - 1 ? ',' : ''}`;
  yield ']}';
}

/** Writes the file. */
export const writeSnapshot = (file: string, size: SnapshotSize): Promise<void> =>
  pipeline(Readable.from(snapshotPieces(size)), createWriteStream(file));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file = 'snapshot.json', ...sizes] = process.argv.slice(2);
  const [flowLogs = 10_000, buckets = 1000, keys = 500] = sizes.map(Number);
  await writeSnapshot(file, { flowLogs, buckets, keys });
}
