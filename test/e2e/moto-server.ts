import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { region } from './organization-world.ts';

export interface Moto {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** The path of moto's server; empty where there is none, and somebody has been told why. */
export const motoServer = execFileSync(process.execPath, ['build/moto.js'], {
  encoding: 'utf8',
}).trim();

/** Starts moto's server on a free port of this machine alone. */
export async function startMoto(): Promise<Moto> {
  const server = spawn(motoServer, ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const ended = once(server, 'exit');
  const portIn = () => /Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
  for (let waited = 0; portIn() === undefined; waited++) {
    if (waited === 1200 || server.exitCode !== null) {
      server.kill();
      throw new Error(`moto did not start: ${said}`);
    }
    await wait(100);
  }
  return {
    port: Number(portIn()),
    async stop() {
      server.kill();
      await ended;
    },
  };
}

/** Options of a client in an account, which moto lets anybody into. */
export async function optionsIn({ port }: Moto, accountId: string) {
  const endpoint = `http://127.0.0.1:${port}`;
  const anybody = { accessKeyId: 'a', secretAccessKey: 's' };
  const sts = new STSClient({ region, endpoint, credentials: anybody });
  const RoleArn = `arn:aws:iam::${accountId}:role/test`;
  const { Credentials: it } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }),
  );
  const credentials = {
    accessKeyId: it?.AccessKeyId ?? '',
    secretAccessKey: it?.SecretAccessKey ?? '',
    sessionToken: it?.SessionToken ?? '',
  };
  return { region, endpoint, credentials, forcePathStyle: true };
}

/** Passes a request on as it is. */
export function passOn(port: number, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url: path } = request;
  const on = ask({ method, headers, path, host: '127.0.0.1', port }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  on.on('error', () => response.destroy());
  request.pipe(on);
}
