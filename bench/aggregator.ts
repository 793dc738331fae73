/**
 * Measures how the command line judges an organization from an aggregator: queries, time, and peak memory with a heap of
 * 512 MiB. A stand-in on this machine plays the aggregator and takes 40 ms for each call. The defaults are a million flow
 * logs, 2,000 buckets and 500 keys. Neighbouring flow logs deliver to different buckets, so the command line needs many
 * new answers. The reference is the fewest calls, one after the other and eight at a time; read the ratio.
 *
 *     npm run -s bundle && npx tsx bench/aggregator.ts [table|json [FLOW_LOGS [BUCKETS [KEYS]]]]
 *
 * BUNDLE names another bundle of the command line, to compare two versions.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { devNull } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

const [format = 'table', ...sizes] = process.argv.slice(2);
const [flowLogs = 1_000_000, buckets = 2_000, keys = 500] = sizes.map(Number);
const { BUNDLE = './dist/desk/index.js' } = process.env;
const ACCOUNT_COUNT = 300;
const CALL_MS = 40;
const CALLS_AT_ONCE = 8;
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

const server = createServer((request, response) => {
  void Promise.all([text(request), wait(CALL_MS)]).then(([body]) => {
    const target = String(request.headers['x-amz-target']);
    if (target.endsWith('.SelectAggregateResourceConfig'))
      response.end(JSON.stringify(select(JSON.parse(body) as Input)));
    else if (target.includes('SourcesStatus')) response.end('{"AggregatedSourceStatusList":[]}');
    else {
      const account = `<Account>${archive}</Account>`;
      response.end(
        `<GetCallerIdentityResponse><GetCallerIdentityResult>${account}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    }
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const program = `
const { main } = await import('${new URL(BUNDLE, `file://${process.cwd()}/`).href}');
const code = await main(['check', '--aggregator', 'bench', '--format', '${format}']);
console.error('exit code ' + code + ', CPU ' + Math.round(process.resourceUsage().userCPUTime / 1e6) + ' s, peak RSS ' + Math.round(process.resourceUsage().maxRSS / 1024) + ' MiB');
`;
const started = Date.now();
const child = spawn(
  process.execPath,
  [`--max-old-space-size=${MAX_HEAP_MIB}`, '--input-type=module', '-e', program],
  {
    env: {
      PATH: process.env.PATH,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_ENDPOINT_URL: url,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
let bytes = 0;
let end = '';
for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
  bytes += chunk.length;
  end = (end + chunk.toString()).slice(-1000);
}
const seconds = (Date.now() - started) / 1000;
if (format === 'table') console.log(end.trimEnd().split('\n').at(-1));
console.log(`${format} of ${Math.round(bytes / 1024)} KiB`);
const queries = [...queryCounts].map(([type, count]) => `${count} of ${type}`).join(', ');
console.log(
  `${Math.round(seconds)} s, ${Math.round(flowLogs / seconds)} flow logs/s, queries: ${queries}`,
);
// 99 ids of keys fit into a query.
const floor = Math.ceil(flowLogs / 100) + Math.ceil(buckets / 99) + Math.ceil(keys / 99);
const total = [...queryCounts.values()].reduce((sum, count) => sum + count, 0);
const lists = [...selections.keys()].filter((each) => each.includes(' IN (')).length;
console.log(`${total} queries, where ${floor} are the fewest, and ${lists} lists of accounts`);
const inTurn = (floor * CALL_MS) / 1000;
const ratio = (seconds / inTurn).toFixed(2);
console.log(
  `${ratio} of these calls one after the other (${inTurn.toFixed(1)} s); ${CALLS_AT_ONCE} at a time: ${(inTurn / CALLS_AT_ONCE).toFixed(1)} s`,
);
if (total > floor + lists + 1) process.exitCode = 1;
server.close();
server.closeAllConnections();
