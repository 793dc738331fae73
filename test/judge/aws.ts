import { KMSClient } from '@aws-sdk/client-kms';
import type { FlowLog } from '../../rule/model/facts.ts';
import type { Clients } from '../../rule/sources/aws/clients.ts';
import { account, admittingBucketPolicy, deny, flowLog, grant, policy } from '../world.ts';

const KEY_COUNT = 12;

export const keyArn = (nth: number): string => `arn:aws:kms:us-east-1:${account}:key/key-${nth}`;
export const keyOfBucket = (bucket: number, keyCount = KEY_COUNT): number => bucket % keyCount;

/** Flow logs `fl-0`, `fl-1` and so on, into the buckets with these numbers. */
export async function* flowLogsInto(buckets: readonly number[]): AsyncIterable<FlowLog> {
  for (const [nth, bucket] of buckets.entries())
    yield await Promise.resolve({
      ...flowLog,
      id: `fl-${nth}`,
      destination: { kind: 's3', bucket: `bucket-${bucket}`, folder: '' },
    });
}

/** The answers of AWS about the nth bucket or key. Every other key policy refuses delivery. */
const answers: Record<string, (nth: number, keyCount?: number) => object> = {
  GetBucketEncryption: (nth, keyCount) => ({
    ServerSideEncryptionConfiguration: {
      Rules: [
        {
          ApplyServerSideEncryptionByDefault: {
            SSEAlgorithm: 'aws:kms',
            KMSMasterKeyID: keyArn(keyOfBucket(nth, keyCount)),
          },
        },
      ],
    },
  }),
  GetBucketPolicy: (nth) => ({ Policy: admittingBucketPolicy(`bucket-${nth}`) }),
  DescribeKey: (nth) => ({
    KeyMetadata: {
      Arn: keyArn(nth),
      KeyState: 'Enabled',
      KeyManager: 'CUSTOMER',
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeySpec: 'SYMMETRIC_DEFAULT',
    },
  }),
  GetKeyPolicy: (nth) => ({
    Policy: JSON.stringify((nth % 2 === 0 ? policy(grant) : policy(grant, deny)).document),
  }),
};

export const answerOf = (operation: string, name: string, keyCount?: number): object =>
  answers[operation]?.(Number(name.split('-').at(-1)), keyCount) ?? {};

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: { readonly Bucket?: string; readonly KeyId?: string };
}

/** Clients whose calls are answered by this function, from the operation and the name of the bucket or key. */
export function clientsOf(answer: (operation: string, name: string) => Promise<object>): Clients {
  const send = ({ constructor, input }: Command) =>
    answer(constructor.name.replace(/Command$/, ''), input.Bucket ?? input.KeyId ?? '');
  const client = () => ({ send });
  // The paginator of the SDK asks for the prototype.
  const kms = () => Object.assign(Object.create(KMSClient.prototype) as object, { send });
  const organizations = () => Promise.resolve(client());
  return { ec2: client, s3: client, kms, organizations } as unknown as Clients;
}
