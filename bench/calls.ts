import { Agent, request } from 'node:http';
import type { Listener } from '../test/e2e/aws-stand-in.ts';
import pMap from 'p-map';

const CALL_MS = 40;
const AT_ONCE = 8;

/** Answers 40 ms later. */
export const slow =
  (listener: Listener): Listener =>
  (...call) => {
    setTimeout(listener, CALL_MS, ...call);
  };

/** Makes bare calls, eight at once; resolves with the seconds that they took. */
export async function callsAtOnce(url: string, count: number): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  const call = (): Promise<void> =>
    new Promise((resolve, reject) => {
      request(url, { agent }, (response) => {
        response.resume().once('end', resolve);
      })
        .once('error', reject)
        .end();
    });
  const start = performance.now();
  await pMap(Array.from({ length: count }), call, { concurrency: AT_ONCE });
  agent.destroy();
  return (performance.now() - start) / 1000;
}
