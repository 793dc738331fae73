/**
 * Measures how long a survey of one account waits for AWS: `check --live` against a stand-in on this machine that takes 40
 * ms for each call. The reference is the fewest calls, eight at a time, against the same stand-in in the same run; read the
 * ratio. The defaults are 10,000 flow logs, 300 buckets and 150 keys.
 *
 *     npm run -s bundle && npx tsx bench/survey.ts [FLOW_LOGS [BUCKETS [KEYS]]]
 *
 * BUNDLE names another bundle of the command line, to compare two versions.
 */
import { spawn } from 'node:child_process';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { devNull } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import pMap from 'p-map';

const sizes = process.argv.slice(2).map(Number);
const [flowLogCount = 10_000, bucketCount = 300, keyCount = 150] = sizes;
const { BUNDLE = './dist/desk/index.js' } = process.env;
const CALL_MS = 40;
const CALLS_AT_ONCE = 8;
const PAGE = 1_000;
const { REPETITIONS = '3' } = process.env;

const account = '111122223333';
const keyArn = (nth: number): string => `arn:aws:kms:us-east-1:${account}:key/key-${nth}`;

/** The bucket of the flow log at a place in the list. */
const orders: Record<string, (at: number) => number> = {
  'buckets take turns': (at) => at % bucketCount,
  'flow logs of a bucket stand together': (at) => Math.floor((at * bucketCount) / flowLogCount),
};

let bucketAt = orders['buckets take turns'] as (at: number) => number;
let calls = 0;
let inFlight = 0;
let mostInFlight = 0;

const element = (at: number): string =>
  `<item><flowLogId>fl-${at}</flowLogId><resourceId>vpc-${at}</resourceId><logDestinationType>s3</logDestinationType><logDestination>arn:aws:s3:::bucket-${bucketAt(at)}</logDestination><deliverLogsStatus>SUCCESS</deliverLogsStatus></item>`;

function describeFlowLogs(body: string): string {
  const start = Number(new URLSearchParams(body).get('NextToken') ?? 0);
  const end = Math.min(start + PAGE, flowLogCount);
  const items = Array.from({ length: end - start }, (_, nth) => element(start + nth)).join('');
  const next = end < flowLogCount ? `<nextToken>${end}</nextToken>` : '';
  return `<DescribeFlowLogsResponse><flowLogSet>${items}</flowLogSet>${next}</DescribeFlowLogsResponse>`;
}

const encryption = (bucket: number): string =>
  `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>${keyArn(bucket % keyCount)}</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`;

const statement = (service: string, Action: readonly string[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action, Resource: '*' }],
  });
const delivery = 'delivery.logs.amazonaws.com';

function kms(target: string, body: string): string {
  const { KeyId } = JSON.parse(body) as { readonly KeyId: string };
  if (target.endsWith('GetKeyPolicy'))
    return JSON.stringify({
      Policy: statement(delivery, ['kms:GenerateDataKey*', 'kms:Decrypt']),
    });
  const metadata = { KeyState: 'Enabled', KeyManager: 'CUSTOMER', KeyUsage: 'ENCRYPT_DECRYPT' };
  return JSON.stringify({
    KeyMetadata: { Arn: KeyId, ...metadata, KeySpec: 'SYMMETRIC_DEFAULT' },
  });
}

function answerTo(url: string, target: string, body: string): string {
  if (target !== '') return kms(target, body);
  const [, bucket, what] = /^\/bucket-(\d+)\/?\?(encryption|policy)/.exec(url) ?? [];
  if (what === 'encryption') return encryption(Number(bucket));
  if (what === 'policy') return statement(delivery, ['s3:PutObject', 's3:GetBucketAcl']);
  if (body.includes('DescribeFlowLogs')) return describeFlowLogs(body);
  return `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
}

const server = createServer((request, response) => {
  calls++;
  mostInFlight = Math.max(mostInFlight, ++inFlight);
  void Promise.all([text(request), wait(CALL_MS)]).then(([body]) => {
    inFlight--;
    response.end(answerTo(request.url ?? '', String(request.headers['x-amz-target'] ?? ''), body));
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

/** The calls of the reference: pages one after the other, and the reads of buckets and keys beside them. */
const pageCount = Math.ceil(flowLogCount / PAGE);
const fewest = pageCount + 2 * bucketCount + 2 * keyCount;

const call = (): Promise<void> =>
  new Promise((resolve, reject) => {
    httpRequest({ port, host: '127.0.0.1', path: '/' }, (response) => {
      response.resume().once('end', resolve);
    })
      .once('error', reject)
      .end();
  });

const secondsSince = (start: number): number => (Date.now() - start) / 1000;

async function reference(): Promise<number> {
  const start = Date.now();
  await pMap(Array.from({ length: fewest }), call, { concurrency: CALLS_AT_ONCE });
  return secondsSince(start);
}

const program = `
const { main } = await import('${new URL(BUNDLE, `file://${process.cwd()}/`).href}');
const code = await main(['check', '--live', '--quiet', '--format', 'json', '--output', '${devNull}']);
console.log(JSON.stringify({ code, seconds: performance.now() / 1000, cpu: process.resourceUsage().userCPUTime / 1e6 }));
`;

interface Measured {
  readonly code: number;
  readonly seconds: number;
  readonly cpu: number;
}

async function survey(): Promise<Measured> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: {
      PATH: process.env.PATH,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout)) as Measured;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const references: number[] = [];
const surveys = new Map<string, Measured[]>();
for (let nth = 0; nth < Number(REPETITIONS); nth++) {
  references.push(await reference());
  for (const [name, order] of Object.entries(orders)) {
    bucketAt = order;
    [calls, mostInFlight] = [0, 0];
    const measured = await survey();
    surveys.set(name, [...(surveys.get(name) ?? []), measured]);
    // One call asks STS for the account.
    if (calls !== fewest + 1 || measured.code !== 0) process.exitCode = 1;
    if (nth === 0)
      console.log(`${name}: ${calls} calls (fewest ${fewest + 1}), ${mostInFlight} in flight`);
  }
}
const base = median(references);
console.log(`reference: ${fewest} calls, ${CALLS_AT_ONCE} in flight: ${base.toFixed(2)} s`);
for (const [name, measured] of surveys) {
  const seconds = median(measured.map((each) => each.seconds));
  const cpu = median(measured.map((each) => each.cpu));
  console.log(
    `${name}: ${seconds.toFixed(2)} s, ${(seconds / base).toFixed(2)} of the reference (CPU ${cpu.toFixed(2)} s)`,
  );
}
server.close();
server.closeAllConnections();
