import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { awsOf, listen, type Seen } from '../aws-stand-in.ts';
import { automations, type Automations } from '../automation-stand-in.ts';
import { functionCommand } from '../function-command.ts';
import { account, region } from '../organization-world.ts';
import { besides, forwarded } from './besides.ts';

/** The path of ministack; empty where there is none, and somebody has been told why. */
export const ministack = execFileSync(process.execPath, ['build/ministack.js'], {
  encoding: 'utf8',
}).trim();

/** `describe` where ministack is there. */
export const describeDeployed = ministack === '' ? describe.skip : describe;

/** Accounts of AWS by ministack, with stand-ins for what ministack lacks. */
export interface Cloud {
  readonly endpoint: string;
  /** Serves a text where CloudFormation serves the payload of a hook, and returns the address. */
  readonly serve: (payload: string) => string;
  /** The roles of sessions, as ARNs, by access key. */
  readonly sessions: ReadonlyMap<string, string>;
  /** The calls to AWS Config and Security Hub, and the evaluations. */
  readonly seen: Seen;
  /** The executions that Systems Manager shows. */
  readonly automations: Automations;
  readonly stop: () => Promise<void>;
}

/** The mender reads a policy of KMS again and again; ministack shows an edit at once. */
export const inHaste = { READ_PACE_MS: '50' };

/** Generous: the machine may be busy. */
const LONGEST_START_MS = 120_000;

/**
 * Starts ministack on a free port of this machine alone. Its IAM decides what each role may: an access key that is an
 * account's id is the root of that account. A function has the environment of its template, learns here where AWS is, and
 * gets whatever else is given.
 */
export async function startCloud(
  ruleNames: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Cloud> {
  const folder = mkdtempSync(join(tmpdir(), 'ministack-'));
  const port = await freePort();
  const shown = automations();
  const { listener, ...seen } = awsOf(
    account('111122223333', {
      rules: Object.fromEntries(ruleNames.map((name) => [name, []])),
      services: shown.operations,
    }),
  );
  const { answer, ...told } = besides(port, listener);
  const standIns = await listen(answer);
  const [node] = functionCommand('evaluate');
  const server = spawn(ministack, [], {
    cwd: folder,
    env: {
      PATH: [dirname(node), process.env.PATH].join(delimiter),
      TMPDIR: folder,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      AUTH: 'true',
      LOG_LEVEL: 'WARNING',
      ...environment,
      ...Object.fromEntries(
        ['CONFIG_SERVICE', 'SECURITYHUB', ...forwarded].map((service) => [
          `AWS_ENDPOINT_URL_${service}`,
          standIns.url,
        ]),
      ),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const output of [server.stdout, server.stderr])
    output.on('data', (text: Buffer) => (said += text.toString()));
  const ended = once(server, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + LONGEST_START_MS;
  while (!(await isWell(endpoint))) {
    if (Date.now() > deadline || server.exitCode !== null) {
      server.kill();
      throw new Error(`ministack did not start: ${said}`);
    }
    await wait(50);
  }
  return {
    endpoint,
    serve: (payload) => `${standIns.url}${told.serve(payload)}`,
    sessions: told.sessions,
    seen,
    automations: shown,
    async stop() {
      server.kill();
      await ended;
      await standIns.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function isWell(endpoint: string): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/_ministack/health`)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Options of a client of an account's root. */
export const rootOf = (
  { endpoint }: Pick<Cloud, 'endpoint'>,
  accountId: string,
  where = region,
) => ({
  region: where,
  endpoint,
  credentials: { accessKeyId: accountId, secretAccessKey: 'test' },
  forcePathStyle: true,
});
