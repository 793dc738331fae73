import { CreateFlowLogsCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { admittingBucketPolicy } from '../../world.ts';
import { region } from '../organization-world.ts';
import type { Policy, Statement } from '../kms-stand-in.ts';
import { rootOf } from './ministack.ts';
import type { Place } from './stacks.ts';

/** A flow log, with the key of its bucket. */
export interface Made {
  readonly flowLogId: string;
  readonly keyArn: string;
}

export const rootStatement = (accountId: string): Statement => ({
  Sid: 'Root',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${accountId}:root` },
  Action: 'kms:*',
  Resource: '*',
});

export const deliveryStatement: Statement = {
  Sid: 'Delivery',
  Effect: 'Allow',
  Principal: { Service: 'delivery.logs.amazonaws.com' },
  Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
  Resource: '*',
};

/** Makes a key; its policy lets the root of the account decide, and has these statements too. */
export async function makeKey(
  { cloud, accountId, where }: Place,
  ...statements: readonly Statement[]
): Promise<string> {
  const kms = new KMSClient(rootOf(cloud, accountId, where));
  const Statement = [rootStatement(accountId), ...statements];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Policy }));
  return KeyMetadata?.Arn ?? '';
}

/** The ARN of a key that nobody made. */
export const noSuchKey = (accountId: string): string =>
  `arn:aws:kms:${region}:${accountId}:key/99999999-aaaa-4bbb-8ccc-123456789000`;

/** The Sids of the statements in the policy of a key. */
export async function sidsIn(
  { cloud, accountId, where }: Place,
  KeyId: string,
): Promise<readonly (string | undefined)[]> {
  const kms = new KMSClient(rootOf(cloud, accountId, where));
  const command = new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' });
  const { Policy: text = '' } = await kms.send(command);
  const { Statement } = JSON.parse(text) as Policy;
  return [Statement].flat().map(({ Sid }) => Sid);
}

let made = 0;

/** Makes a bucket with default encryption by the key, and AWS's own bucket policy, which ministack does not attach. */
export async function makeBucket(
  { cloud, accountId, where }: Place,
  KMSMasterKeyID: string,
): Promise<string> {
  const Bucket = `logs-${++made}-${accountId}`;
  const s3 = new S3Client(rootOf(cloud, accountId, where));
  await s3.send(new CreateBucketCommand({ Bucket }));
  const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID };
  const Rules = [{ ApplyServerSideEncryptionByDefault, BucketKeyEnabled: true }];
  await s3.send(
    new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
  );
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: admittingBucketPolicy(Bucket) }));
  return Bucket;
}

export async function makeFlowLog(
  { cloud, accountId, where }: Place,
  bucket: string,
): Promise<string> {
  const ec2 = new EC2Client(rootOf(cloud, accountId, where));
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { FlowLogIds: [id = ''] = [] } = await ec2.send(
    new CreateFlowLogsCommand({
      ResourceIds: [Vpc?.VpcId ?? ''],
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: `arn:aws:s3:::${bucket}`,
    }),
  );
  return id;
}

/** A flow log into a bucket of its own account, encrypted by the key. */
export async function flowLogBy(place: Place, keyArn: string): Promise<Made> {
  return { flowLogId: await makeFlowLog(place, await makeBucket(place, keyArn)), keyArn };
}
