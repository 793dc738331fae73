import type { Recorded } from './aggregator-stand-in.ts';
import { credentials } from './aws-stand-in.ts';
import { account } from './organization-world.ts';

const here = '999988887777';
export const archive = '444455556666';
export const region = 'us-east-1';
export const numbers = (length: number): readonly number[] => Array.from({ length }, (_, n) => n);
export const member = (n: number): string => String(111100000000 + n);
export const at = (hour: number): string => `2026-11-23T${String(hour).padStart(2, '0')}:00:00Z`;

const item = (
  accountId: string,
  arn: string,
  rest: Pick<Recorded, 'resourceType' | 'resourceId'> & Partial<Recorded>,
): Recorded => ({
  accountId,
  awsRegion: region,
  arn,
  configurationItemCaptureTime: at(6),
  configurationItemStatus: 'OK',
  ...rest,
});

export const flowLog = (n: number, bucket: string): Recorded => {
  const id = `fl-${String(n).padStart(17, '0')}`;
  const accountId = member(n % 24);
  return item(accountId, `arn:aws:ec2:${region}:${accountId}:vpc-flow-log/${id}`, {
    resourceType: 'AWS::EC2::FlowLog',
    resourceId: id,
    configuration: {
      flowLogId: id,
      resourceId: `vpc-${n}`,
      logDestinationType: 's3',
      logDestination: `arn:aws:s3:::${bucket}`,
      deliverLogsStatus: 'SUCCESS',
    },
  });
};

export const keyId = (n: number): string =>
  `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const keyArn = (n: number): string => `arn:aws:kms:${region}:${archive}:key/${keyId(n)}`;
export const aliasArn = `arn:aws:kms:${region}:${archive}:alias/logs`;

export const bucket = (name: string, kmsMasterKeyID: string): Recorded =>
  item(archive, `arn:aws:s3:::${name}`, {
    resourceType: 'AWS::S3::Bucket',
    resourceId: name,
    configuration: { name },
    supplementaryConfiguration: {
      ServerSideEncryptionConfiguration: {
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyID },
            bucketKeyEnabled: true,
          },
        ],
      },
    },
  });

export const key = (n: number, service = 'delivery.logs.amazonaws.com'): Recorded =>
  item(archive, keyArn(n), {
    resourceType: 'AWS::KMS::Key',
    resourceId: keyId(n),
    configuration: {
      keyState: 'Enabled',
      keyManager: 'CUSTOMER',
      keyUsage: 'ENCRYPT_DECRYPT',
      keySpec: 'SYMMETRIC_DEFAULT',
    },
    supplementaryConfiguration: {
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: service }, Action: 'kms:*', Resource: '*' },
        ],
      }),
    },
  });

export const alias = (accountId: string, target: string): Recorded =>
  item(accountId, aliasArn.replace(archive, accountId), {
    resourceType: 'AWS::KMS::Alias',
    resourceId: 'alias/logs',
    configuration: { AliasName: 'alias/logs', TargetKeyId: target },
  });

export const source = (accountId: string, rest: object = {}): object => ({
  SourceId: accountId,
  SourceType: 'ACCOUNT',
  AwsRegion: region,
  LastUpdateStatus: 'SUCCEEDED',
  LastUpdateTime: Date.parse(at(11)) / 1000,
  ...rest,
});

/** The account of the aggregator. */
export const central = account(here, { flowLogsPerPage: 1 });

/** The environment of somebody in the account of the aggregator. */
export const home = { ...credentials, AWS_REGION: region };
