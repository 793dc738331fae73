import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';

interface Used {
  readonly exitCode: number | null;
  /** From the start to the end of the process. */
  readonly wallSeconds: number;
  /** On the CPU. */
  readonly seconds: number;
  /** The largest resident set. */
  readonly mib: number;
}

/** The credentials of nobody, for stand-ins of AWS at this address. */
export const nobodyAt = (url: string): NodeJS.ProcessEnv => ({
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_ENDPOINT_URL: url,
});

/** Runs a program of Node to its end; standard output is dropped. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Used> {
  const start = performance.now();
  const child = spawn(process.execPath, ['--require', resolve('bench/usage.cjs'), ...args], {
    env: { PATH: process.env.PATH, AWS_REGION: 'us-east-1', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const used = (await json(child.stdio[3] as Readable)) as Pick<Used, 'seconds' | 'mib'>;
  const exitCode = await ended;
  return { ...used, exitCode, wallSeconds: (performance.now() - start) / 1000 };
}
