import type { Account } from '../test/e2e/aws-stand-in.ts';
import { LIVE_PAGE, type Sizes } from './floors.ts';

const accountId = '111122223333';
const region = 'us-east-1';

const bucketName = (n: number): string => `flow-logs-${n}`;
const keyArn = (n: number): string => `arn:aws:kms:${region}:${accountId}:key/key-${n}`;

/** The bucket of the nth flow log. */
export const orders = {
  'buckets in turns': (n: number, { buckets }: Sizes) => n % buckets,
  'flow logs of a bucket together': (n: number, { buckets, flowLogs }: Sizes) =>
    Math.floor((n * buckets) / flowLogs),
} as const;

export type Order = keyof typeof orders;

const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
      Resource: '*',
    },
  ],
});

const table = <T>(length: number, entry: (n: number) => readonly [string, T]): Record<string, T> =>
  Object.fromEntries(Array.from({ length }, (_, n) => entry(n)));

/** An account for the stand-in of AWS. All flow logs are deliverable. */
export const accountOf = (sizes: Sizes, order: Order): Account => ({
  accountId,
  regions: [region],
  flowLogs: Array.from({ length: sizes.flowLogs }, (_, n) => ({
    id: `fl-${String(n).padStart(17, '0')}`,
    region,
    type: 's3',
    destination: `arn:aws:s3:::${bucketName(orders[order](n, sizes))}`,
  })),
  flowLogsPerPage: LIVE_PAGE,
  buckets: table(sizes.buckets, (n) => [
    bucketName(n),
    { region, encryption: { algorithm: 'aws:kms', keyId: keyArn(n % sizes.keys) } },
  ]),
  keys: table(sizes.keys, (n) => [keyArn(n), { policy }]),
  aliases: {},
  rules: {},
  untaken: {},
  faults: [],
});
