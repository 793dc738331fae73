/**
 * Measures `check --aggregator` beside its queries, eight at once, against an aggregator that takes 40 ms for each query.
 * Flow logs come in no order, and have buckets at random.
 */
import { devNull } from 'node:os';
import { text } from 'node:stream/consumers';
import { listen, type Listener } from '../test/e2e/aws-stand-in.ts';
import { aggregatorQueries, callsAtOnce, slow } from './floors.ts';
import { sizeAsked, tell } from './results.ts';
import { nobodyAt, run } from './processes.ts';

const flowLogs = sizeAsked();
const buckets = Math.ceil(flowLogs / 500);
const keys = Math.ceil(flowLogs / 2000);
const ACCOUNT_COUNT = 300;
/** A larger heap ends the command line. */
const MAX_HEAP_MIB = 512;
const regions = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-southeast-2'];
const archive = '444455556666';

const pad = (n: number, digits: number): string => String(n).padStart(digits, '0');
/** A number for `n` without an order: neighbours have nothing in common. */
const scattered = (n: number, among: number): number =>
  (Math.imul(n + 1, 2_654_435_761) >>> 0) % among;

const place = (accountId: string, awsRegion: string) => ({
  accountId,
  awsRegion,
  configurationItemCaptureTime: '2026-11-23T06:00:00.000Z',
  configurationItemStatus: 'OK',
});
const bucketName = (n: number): string => `organization-flow-logs-${n}`;
const keyId = (n: number): string => `00000000-0000-4000-8000-${pad(n, 12)}`;
const keyArn = (n: number): string => `arn:aws:kms:us-east-1:${archive}:key/${keyId(n)}`;

const accountOf = (n: number): string =>
  String(100_000_000_000 + (scattered(n, 2 ** 32) % ACCOUNT_COUNT));

/** The numbers of the flow logs in each account. */
const byAccount = new Map<string, number[]>();
for (let n = 0; n < flowLogs; n++) {
  const accountId = accountOf(n);
  const numbers = byAccount.get(accountId) ?? [];
  numbers.push(n);
  byAccount.set(accountId, numbers);
}

function flowLog(n: number): object {
  const id = `fl-${pad(scattered(n, 2 ** 32), 17)}`;
  const accountId = accountOf(n);
  const region = regions[n % regions.length] ?? '';
  return {
    ...place(accountId, region),
    resourceType: 'AWS::EC2::FlowLog',
    resourceId: id,
    arn: `arn:aws:ec2:${region}:${accountId}:vpc-flow-log/${id}`,
    configuration: {
      flowLogId: id,
      creationTime: 1_700_000_000_000,
      resourceId: `vpc-${pad(n, 17)}`,
      trafficType: 'ALL',
      flowLogStatus: 'ACTIVE',
      logDestinationType: 's3',
      logDestination: `arn:aws:s3:::${bucketName((scattered(n, 2 ** 32) >>> 8) % buckets)}/network/`,
      deliverLogsStatus: 'SUCCESS',
      maxAggregationInterval: 600,
      destinationOptions: { fileFormat: 'parquet', hiveCompatiblePartitions: true },
    },
  };
}

const bucket = (name: string): object => ({
  ...place(archive, 'us-east-1'),
  resourceType: 'AWS::S3::Bucket',
  resourceId: name,
  arn: `arn:aws:s3:::${name}`,
  configuration: { name },
  supplementaryConfiguration: {
    ServerSideEncryptionConfiguration: {
      rules: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: 'aws:kms',
            kmsMasterKeyID: keyArn(Number(name.split('-').at(-1)) % keys),
          },
          bucketKeyEnabled: true,
        },
      ],
    },
  },
});

/** A key. The policy of every tenth key does not admit delivery. */
const key = (id: string): object => ({
  ...place(archive, 'us-east-1'),
  resourceType: 'AWS::KMS::Key',
  resourceId: id,
  arn: `arn:aws:kms:us-east-1:${archive}:key/${id}`,
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
        {
          Sid: 'Root',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${archive}:root` },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          Sid: 'Delivery',
          Effect: 'Allow',
          Principal: {
            Service: id.endsWith('0') ? 'cloudtrail.amazonaws.com' : 'delivery.logs.amazonaws.com',
          },
          Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
          Resource: '*',
        },
      ],
    }),
  },
});

interface Input {
  readonly Expression?: string;
  readonly NextToken?: string;
  readonly Limit?: number;
}

const queryCounts = new Map<string, number>();
/** The numbers of flow logs that an expression selects. */
const selections = new Map<string, readonly number[]>();

function selectionOf(expression: string, names: readonly string[] | undefined): readonly number[] {
  const known = selections.get(expression);
  if (known !== undefined) return known;
  const accounts = names ?? [...byAccount.keys()];
  const numbers = accounts.flatMap((accountId) => byAccount.get(accountId) ?? []);
  selections.set(expression, numbers);
  return numbers;
}

/** A page of rows: `rowAt` makes the row at a place. */
function pageOf(
  count: number,
  { NextToken = '0', Limit = 500 }: Input,
  rowAt: (at: number) => object,
) {
  const start = Number(NextToken);
  const end = Math.min(count, start + Limit);
  return {
    Results: Array.from({ length: end - start }, (_, nth) => JSON.stringify(rowAt(start + nth))),
    NextToken: end < count ? String(end) : undefined,
  };
}

function select(input: Input): object {
  const { Expression = '' } = input;
  const [, type = ''] = /resourceType = 'AWS::\w+::(\w+)'/.exec(Expression) ?? [];
  queryCounts.set(type, (queryCounts.get(type) ?? 0) + 1);
  const names = / IN \('(.*)'\)/.exec(Expression)?.[1]?.split(`','`);
  if (Expression.startsWith('SELECT COUNT(*) '))
    return pageOf(1, input, () => ({ 'COUNT(*)': flowLogs }));
  if (Expression.includes(' GROUP BY ')) {
    const groups = [...byAccount];
    return pageOf(groups.length, input, (at) => ({
      'COUNT(*)': groups[at]?.[1].length,
      accountId: groups[at]?.[0],
    }));
  }
  if (type === 'FlowLog') {
    const numbers = selectionOf(Expression, names);
    return pageOf(numbers.length, input, (at) => flowLog(numbers[at] ?? 0));
  }
  const itemOf = { Bucket: bucket, Key: key }[type];
  if (itemOf === undefined || names === undefined) return { Results: [] };
  return pageOf(names.length, input, (at) => itemOf(names[at] ?? ''));
}

/** Calls to AWS STS ask for the account. */
const identity = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${archive}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

const listener: Listener = (request, response) => {
  void text(request).then((body) => {
    const target = String(request.headers['x-amz-target']);
    if (target.endsWith('.SelectAggregateResourceConfig'))
      response.end(JSON.stringify(select(JSON.parse(body) as Input)));
    else if (target.includes('SourcesStatus')) response.end('{"AggregatedSourceStatusList":[]}');
    else response.end(identity);
  });
};

const aws = await listen(slow(listener));
const floor = aggregatorQueries({ flowLogs, buckets, keys });
const theirs = await callsAtOnce(aws.url, floor);
const ours = await run(
  [
    `--max-old-space-size=${MAX_HEAP_MIB}`,
    'bin/flow-log-key.js',
    'check',
    ...['--aggregator', 'bench', '--quiet', '--output', devNull],
  ],
  nobodyAt(aws.url),
);
await aws.close();
if (ours.exitCode !== 1) throw new Error(`exit code ${ours.exitCode}: some should be blocked`);
const total = [...queryCounts.values()].reduce((sum, count) => sum + count, 0);
// Two queries count the flow logs, in all and by account; each list of accounts may have a last page that is not full.
const lists = [...selections.keys()].filter((each) => each.includes(' IN (')).length;
if (total < floor || total > floor + 2 + lists)
  throw new Error(`${total} queries for ${lists} lists of accounts, ${floor} are the fewest`);
tell({
  what: 'check --aggregator',
  reference: 'the fewest queries, 8 at once, 40 ms each',
  unit: 's',
  // A fifth of the 548 s that a million flow logs took once, where the reference is 50 s.
  goal: 2.2,
  ours: ours.wallSeconds,
  theirs,
});
tell({
  what: 'memory of check --aggregator',
  reference: 'the most heap that the command line gets',
  unit: 'MiB',
  // A million flow logs took 530 MB once.
  goal: 1,
  ours: ours.mib,
  theirs: MAX_HEAP_MIB,
});
