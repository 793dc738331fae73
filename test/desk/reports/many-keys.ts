const archive = '444455556666';
const region = 'eu-central-1';
const sizes = { flowLogs: 2000, buckets: 300, keys: 64, accounts: 20 } as const;

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
const pad = (n: number, digits: number): string => String(n).padStart(digits, '0');

/** A number from 0 to 1 without an order: neighbours have nothing in common. */
const scattered = (n: number): number => (Math.imul(n + 1, 2_654_435_761) >>> 0) / 2 ** 32;

const accountOf = (n: number): string => String(100_000_000_000 + n);
const bucketOf = (n: number): string => `acme-flow-logs-${pad(n, 3)}`;
const keyIdOf = (n: number): string => `00000000-0000-4000-8000-${pad(n, 12)}`;
const keyArnOf = (n: number): string => `arn:aws:kms:${region}:${archive}:key/${keyIdOf(n)}`;

const recorded = (resourceType: string, resourceId: string, awsAccountId: string) => ({
  configurationItemCaptureTime: '2026-11-23T06:00:00.000Z',
  configurationItemStatus: 'OK',
  awsAccountId,
  awsRegion: region,
  resourceType,
  resourceId,
});

/** Few buckets have many flow logs. */
function flowLog(n: number): object {
  const id = `fl-${pad(n, 17)}`;
  const bucket = Math.floor(sizes.buckets * scattered(n) ** 1.5);
  return {
    ...recorded('AWS::EC2::FlowLog', id, accountOf(n % sizes.accounts)),
    configuration: {
      flowLogId: id,
      resourceId: `vpc-${pad(n, 17)}`,
      logDestinationType: 's3',
      logDestination: `arn:aws:s3:::${bucketOf(bucket)}`,
    },
  };
}

const bucket = (n: number): object => ({
  ...recorded('AWS::S3::Bucket', bucketOf(n), archive),
  supplementaryConfiguration: {
    ServerSideEncryptionConfiguration: {
      rules: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: 'aws:kms',
            kmsMasterKeyID: keyArnOf(n % sizes.keys),
          },
          bucketKeyEnabled: true,
        },
      ],
    },
  },
});

/** The policy of a key admits some accounts; every eighth key is disabled, or has a Deny on all but an endpoint. */
const key = (n: number): object => ({
  ...recorded('AWS::KMS::Key', keyIdOf(n), archive),
  ARN: keyArnOf(n),
  configuration: {
    keyId: keyIdOf(n),
    arn: keyArnOf(n),
    enabled: n % 16 !== 5,
    keyState: n % 16 === 5 ? 'Disabled' : 'Enabled',
    keyManager: 'CUSTOMER',
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    multiRegion: false,
  },
  supplementaryConfiguration: {
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        admitting(numbers(8).map(accountOf)),
        ...(n % 16 === 13 ? [throughEndpoint] : []),
      ],
    }),
  },
});

const admitting = (accounts: readonly string[]) => ({
  Sid: 'AWSLogDelivery',
  Effect: 'Allow',
  Principal: { Service: 'delivery.logs.amazonaws.com' },
  Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
  Resource: '*',
  Condition: { StringEquals: { 'aws:SourceAccount': accounts } },
});

const throughEndpoint = {
  Sid: 'OnlyThroughOurEndpoint',
  Effect: 'Deny',
  Principal: '*',
  Action: 'kms:*',
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } },
};

/** A snapshot of 2,000 flow logs of 20 accounts into 300 buckets, and all 64 keys behind have to be changed. */
export const manyKeys = (): string =>
  JSON.stringify({
    configurationItems: [
      ...numbers(sizes.flowLogs).map(flowLog),
      ...numbers(sizes.buckets).map(bucket),
      ...numbers(sizes.keys).map(key),
    ],
  });
