import { execFileSync } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import {
  awsOf,
  credentials,
  listen,
  runAgainst,
  type Account,
  type Ended,
  type Evaluation,
} from './aws-stand-in.ts';
import { randomFrom } from './random.ts';

/** Runs of the evaluator in which three of ten calls end badly. `FAULT_RUNS` sets the number of runs. */
const RUNS = Number(process.env.FAULT_RUNS ?? 6);
const FAULT_RATE = 0.3;
/** Calls that hang are rarer: each costs seconds. */
const HANG_RATE = 0.004;
const LIMIT_MS = 60_000;

const accountId = '111122223333';
const region = 'us-east-1';
const ruleName = 'flow-logs-can-be-written';
const keyArn = (nth: number) => `arn:aws:kms:${region}:${accountId}:key/k${nth}`;
const policy = (service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: service }, Action: 'kms:*', Resource: '*' },
    ],
  });

const BUCKETS = 20;
const admits = (bucket: number): boolean => bucket % 3 !== 0;
const upTo = (count: number) => Array.from({ length: count }, (_, nth) => nth);
const flowLogs = upTo(200).map((nth) => ({
  id: `fl-${nth}`,
  region,
  type: 's3' as const,
  destination: `arn:aws:s3:::bucket-${nth % BUCKETS}`,
}));
const stale = upTo(130).map((nth) => `fl-old-${nth}`);

/** The truth: the compliance of each flow log. */
const truth = new Map<string, string>([
  ...flowLogs.map(({ id }, nth): [string, string] => [
    id,
    admits(nth % BUCKETS) ? 'COMPLIANT' : 'NON_COMPLIANT',
  ]),
  ...stale.map((id): [string, string] => [id, 'NOT_APPLICABLE']),
]);

const account: Account = {
  accountId,
  regions: [region],
  flowLogs,
  flowLogsPerPage: 70,
  buckets: Object.fromEntries(
    upTo(BUCKETS).map((nth) => [
      `bucket-${nth}`,
      { region, encryption: { algorithm: 'aws:kms', keyId: keyArn(nth) } },
    ]),
  ),
  keys: Object.fromEntries(
    upTo(BUCKETS).map((nth) => [
      keyArn(nth),
      { policy: policy(admits(nth) ? 'delivery.logs.amazonaws.com' : 'other.amazonaws.com') },
    ]),
  ),
  aliases: {},
  rules: {
    [ruleName]: [...stale, ...flowLogs.slice(0, 150).map(({ id }) => id)].map((id) => ({
      id,
      compliance: 'COMPLIANT',
    })),
  },
  untaken: {},
  faults: [],
};

type Listener = (request: IncomingMessage, response: ServerResponse) => void;
type Faulty = (request: IncomingMessage, response: ServerResponse, answer: Listener) => void;

const serviceOf = ({ headers }: IncomingMessage): string =>
  /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';

const throttles: Readonly<Record<string, readonly [number, string]>> = {
  s3: [503, 'SlowDown'],
  ec2: [503, 'RequestLimitExceeded'],
};

/** Answers with an error, in the protocol of the service. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  [status, code]: readonly [number, string],
) {
  const service = serviceOf(request);
  const error = `<Error><Code>${code}</Code><Message>no</Message></Error>`;
  const bodies: Record<string, string> = {
    s3: error,
    ec2: `<Response><Errors>${error}</Errors></Response>`,
  };
  request.resume();
  response.writeHead(status, {
    'content-type': service in bodies ? 'text/xml' : 'application/x-amz-json-1.1',
  });
  response.end(bodies[service] ?? JSON.stringify({ __type: code, message: 'no' }));
}

/** Lets the call have the effect, and breaks the answer. */
const breakingAnswer =
  (
    breaks: (response: ServerResponse, body: Buffer, socket: IncomingMessage['socket']) => void,
  ): Faulty =>
  (request, response, answer) => {
    response.end = ((body?: string) => {
      breaks(response, Buffer.from(body ?? ''), request.socket);
      return response;
    }) as typeof response.end;
    answer(request, response);
  };

const faults: Readonly<Record<string, Faulty>> = {
  throttle: (request, response) => {
    refuse(request, response, throttles[serviceOf(request)] ?? [400, 'ThrottlingException']);
  },
  'error 500': (request, response) => {
    refuse(request, response, [500, 'InternalError']);
  },
  'error 503': (request, response) => {
    refuse(request, response, [503, 'ServiceUnavailable']);
  },
  'reset before the effect': (request) => request.socket.destroy(),
  'reset after the effect': breakingAnswer((_, __, socket) => socket.destroy()),
  late: (request, response, answer) => setTimeout(answer, 700, request, response),
  'body cut': breakingAnswer((response, body, socket) => {
    response.setHeader('content-length', body.length);
    response.write(body.subarray(0, body.length / 2), () => socket.destroy());
  }),
};

async function run(
  seed: number,
): Promise<{ ended: Ended; evaluations: readonly Evaluation[]; hung: number }> {
  const random = randomFrom(seed);
  const { listener, evaluations } = awsOf(account);
  const kinds = Object.values(faults);
  let hung = 0;
  const server = await listen((request, response) => {
    const chance = random();
    if (chance < HANG_RATE) {
      hung++;
      return;
    }
    if (chance > FAULT_RATE) {
      listener(request, response);
      return;
    }
    kinds[Math.floor(random() * kinds.length)]?.(request, response, listener);
  });
  const context = {
    awsRequestId: 'request',
    functionName: 'evaluator',
    invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:evaluator`,
  };
  const event = {
    accountId,
    configRuleName: ruleName,
    resultToken: 'the-token',
    invokingEvent: JSON.stringify({
      messageType: 'ScheduledNotification',
      notificationCreationTime: '2026-11-23T04:05:06.789Z',
    }),
  };
  try {
    const ended = await runAgainst(
      server,
      [node24, resolve('test/e2e/invoke.cjs'), resolve('dist/evaluate/index.cjs')],
      {
        env: { ...credentials, AWS_REGION: region },
        input: JSON.stringify({ events: [event], context, milliseconds: LIMIT_MS }),
        signal: AbortSignal.timeout(LIMIT_MS + 5_000),
      },
    );
    return { ended, evaluations, hung };
  } finally {
    await server.close();
  }
}

const node24 = execFileSync(process.execPath, ['build/node24.js'], { encoding: 'utf8' }).trim();

describe('while three of ten calls end badly', () => {
  it(
    `nothing wrong is reported in ${RUNS} runs, and nothing is missing without a word`,
    async () => {
      const sum = { runs: 0, endedWell: 0, missingAndTold: 0, hung: 0 };
      for (const seed of upTo(RUNS)) {
        const { ended, evaluations, hung } = await run(seed + 1);
        const wrong = evaluations.filter(
          (each) => truth.get(each.ComplianceResourceId) !== each.ComplianceType,
        );
        expect({ seed, wrong }).toEqual({ seed, wrong: [] });
        const reported = new Set(evaluations.map((each) => each.ComplianceResourceId));
        const missing = [...truth.keys()].filter((id) => !reported.has(id));
        const told = (ended.stdout + ended.stderr).includes('evaluations were reported');
        if (ended.exitCode === 0) expect({ seed, missing }).toEqual({ seed, missing: [] });
        else expect({ seed, told }).toEqual({ seed, told: true });
        sum.runs++;
        sum.hung += hung;
        if (ended.exitCode === 0) sum.endedWell++;
        sum.missingAndTold += missing.length;
      }
      process.stdout.write(`faults: 0 wrong, 0 silently missing; ${JSON.stringify(sum)}\n`);
    },
    RUNS * (LIMIT_MS + 10_000),
  );
});
