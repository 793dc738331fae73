import { Stack } from 'aws-cdk-lib';
import type { CfnTable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Effect } from 'aws-cdk-lib/aws-iam';
import { type CfnQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Options } from '../options/options.ts';
import { isMultiRegion } from '../options/places.ts';
import type { Permission } from './written-role.ts';

type Encrypted = Pick<Options, 'encryptionKeyArn'>;

/** The key in a Region, or in every Region with `*`. A multi-Region key has a replica in each. */
export const keyIn = ({ encryptionKeyArn: arn }: Encrypted, region: string): string | undefined =>
  arn !== undefined && isMultiRegion(arn) ? arn.replace(/:kms:[^:]+:/, `:kms:${region}:`) : arn;

/** A queue that refuses messages without TLS, encrypted by the key or by a key of Amazon SQS. */
export function queueOf(
  scope: Construct,
  id: string,
  { options, ...props }: QueueProps & { readonly options: Encrypted },
): Queue {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    ...props,
  });
  const key = keyIn(options, Stack.of(scope).region);
  if (key === undefined) return queue;
  // CDK would widen the policy of a queue with a key of its own.
  const made = queue.node.defaultChild as CfnQueue;
  made.sqsManagedSseEnabled = undefined;
  made.kmsMasterKeyId = key;
  return queue;
}

/** Encrypts a table by the key, if there is one. The table of leases is left out: copies with other keys share the leases. */
export function encryptTable(table: Table, options: Encrypted): Table {
  const kmsMasterKeyId = keyIn(options, Stack.of(table).region);
  if (kmsMasterKeyId !== undefined)
    (table.node.defaultChild as CfnTable).sseSpecification = {
      sseEnabled: true,
      sseType: 'KMS',
      kmsMasterKeyId,
    };
  return table;
}

/** The actions that AWS names for DynamoDB, Amazon SQS and CloudWatch Logs on behalf of a caller. */
const usingKey = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/**
 * Using the key through these services, which call KMS for the role. `region` is a Region or `*` for all. China has names
 * of services with another ending.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function useKey(
  options: Encrypted,
  region: string,
  services: readonly ('dynamodb' | 'logs' | 'sqs')[],
): readonly Permission[] {
  const key = keyIn(options, region);
  if (key === undefined) return [];
  const via = services.map((service) => `${service}.${region}.amazonaws.com*`);
  return [
    {
      sid: 'UseEncryptionKey',
      actions: usingKey,
      resources: [key],
      conditions: { StringLike: { 'kms:ViaService': via } },
      ...(key.includes(':*:') ? { why: 'The key has a replica in each Region' } : {}),
    },
  ];
}

/** Keeps the mender from the policy of the key: without the key, logs and central records cannot be read. */
export function sparePolicy(options: Encrypted): readonly Permission[] {
  const key = keyIn(options, '*');
  return key === undefined
    ? []
    : [
        {
          sid: 'SpareEncryptionKey',
          effect: Effect.DENY,
          actions: ['kms:PutKeyPolicy'],
          resources: [key],
        },
      ];
}
