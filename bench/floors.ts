import { Agent, request } from 'node:http';
import pMap from 'p-map';
import type { Listener } from '../test/e2e/aws-stand-in.ts';

/** The sizes of a world in which every bucket has one of the keys. */
export interface Sizes {
  readonly flowLogs: number;
  readonly buckets: number;
  readonly keys: number;
}

/** DescribeFlowLogs has at most a thousand on a page. */
export const LIVE_PAGE = 1000;

/** AWS Config answers with at most a hundred rows. */
export const AGGREGATOR_PAGE = 100;

/** The ids in one query of ours: a hundredth would leave no room for the end of the answer. */
const IDS_IN_QUERY = 99;

/** The calls of a live survey: the account, the pages, and two about every bucket and every key. */
export const liveCalls = ({ flowLogs, buckets, keys }: Sizes, page = LIVE_PAGE): number =>
  1 + Math.ceil(flowLogs / page) + 2 * buckets + 2 * keys;

/**
 * The queries to an aggregator: the pages of flow logs, and the lists of buckets and of keys. Lists of accounts, read side
 * by side, cost two queries more: the count of all flow logs, and the counts by account, which must agree. Each list may
 * have one page more.
 */
export const aggregatorQueries = ({ flowLogs, buckets, keys }: Sizes): number =>
  Math.ceil(flowLogs / AGGREGATOR_PAGE) +
  Math.ceil(buckets / IDS_IN_QUERY) +
  Math.ceil(keys / IDS_IN_QUERY);

const CALL_MS = 40;
const AT_ONCE = 8;

/** Answers 40 ms later. */
export const slow =
  (listener: Listener): Listener =>
  (...call) => {
    setTimeout(listener, CALL_MS, ...call);
  };

/** Makes bare calls, eight at once; resolves with the seconds of all together. */
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
