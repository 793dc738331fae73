import type { IncomingMessage, ServerResponse } from 'node:http';
import pMap from 'p-map';
import type { Listener } from './aws-stand-in.ts';
import { randomFrom, type Random } from './random.ts';

type Fault = (request: IncomingMessage, response: ServerResponse, answer: Listener) => void;

/** Of all calls, the part that ends badly. */
const FAULT_RATE = Number(process.env.FAULT_RATE ?? 0.3);

const RUNS_AT_ONCE = 6;

/** The number of runs with faults: `FAULT_RUNS`, or else few. */
export const FAULT_RUNS = Number(process.env.FAULT_RUNS ?? 12);

/** A call that hangs costs this long, and a late answer comes before. */
export const shortWaits = { FLOW_LOG_KEY_CONNECT_MS: '1000', FLOW_LOG_KEY_REQUEST_MS: '1500' };
const LATE_MS = 700;

const serviceOf = ({ headers }: IncomingMessage): string =>
  /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';

const throttles: Readonly<Record<string, readonly [number, string]>> = {
  s3: [503, 'SlowDown'],
  ec2: [503, 'RequestLimitExceeded'],
  sts: [400, 'Throttling'],
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
    sts: `<ErrorResponse>${error}</ErrorResponse>`,
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
  ): Fault =>
  (request, response, answer) => {
    response.end = ((body?: string) => {
      breaks(response, Buffer.from(body ?? ''), request.socket);
      return response;
    }) as typeof response.end;
    answer(request, response);
  };

const httpFaults: Readonly<Record<string, Fault>> = {
  throttle: (request, response) => {
    refuse(request, response, throttles[serviceOf(request)] ?? [400, 'ThrottlingException']);
  },
  error500: (request, response) => {
    refuse(request, response, [500, 'InternalError']);
  },
  error503: (request, response) => {
    refuse(request, response, [503, 'ServiceUnavailable']);
  },
  reset: (request) => request.socket.destroy(),
  resetAfterEffect: breakingAnswer((_, __, socket) => socket.destroy()),
  late: (request, response, answer) => setTimeout(answer, LATE_MS, request, response),
  bodyCut: breakingAnswer((response, body, socket) => {
    response.setHeader('content-length', body.length);
    response.write(body.subarray(0, body.length / 2), () => socket.destroy());
  }),
  hang: (request) => void request.resume(),
  hangAfterEffect: breakingAnswer(() => undefined),
};

/** The calls of a run, and the calls that ended badly. */
export interface FaultCounts {
  calls: number;
  faults: number;
  hung: number;
}

/** Lets some calls to a listener end badly, by chance, and counts. */
export const withFaults =
  (listener: Listener, random: Random, counts: FaultCounts): Listener =>
  (request, response) => {
    counts.calls++;
    if (random() >= FAULT_RATE) {
      listener(request, response);
      return;
    }
    counts.faults++;
    const names = Object.keys(httpFaults);
    const name = names[Math.floor(random() * names.length)] ?? '';
    if (name.startsWith('hang')) counts.hung++;
    httpFaults[name]?.(request, response, listener);
  };

/** Makes runs with faults, each with a seed of its own, and prints the sums of the numbers of all runs. */
export async function runsWithFaults(
  title: string,
  run: (seed: number, random: Random, counts: FaultCounts) => Promise<Record<string, number>>,
): Promise<void> {
  const sums = new Map<string, number>();
  await pMap(
    Array.from({ length: FAULT_RUNS }, (_, nth) => nth + 1),
    async (seed) => {
      const counts = { calls: 0, faults: 0, hung: 0 };
      const numbers = await run(seed, randomFrom(seed), counts);
      for (const [name, number] of Object.entries({ runs: 1, ...counts, ...numbers }))
        sums.set(name, (sums.get(name) ?? 0) + number);
    },
    { concurrency: RUNS_AT_ONCE },
  );
  process.stdout.write(
    `${title}: 0 wrong, 0 silently missing; ${JSON.stringify(Object.fromEntries(sums))}\n`,
  );
}
