import { resolve } from 'node:path';
import { aggregator } from './aggregator-stand-in.ts';
import {
  alias,
  aliasArn,
  archive,
  bucket,
  central,
  flowLog,
  home,
  key,
  keyArn,
  keyId,
  member,
  numbers,
  source,
} from './aggregator-world.ts';
import { awsOf, listen, runAgainst } from './aws-stand-in.ts';
import { FAULT_RUNS, runsWithFaults, shortWaits, withFaults } from './http-faults.ts';

const FLOW_LOGS = 730;
const BUCKETS = 130;
const KEYS = 105;
/** The last bucket names an alias of the first key. */
const keyOfBucket = (n: number): number => (n === BUCKETS - 1 ? 0 : n % KEYS);
const admits = (nthKey: number): boolean => nthKey % 3 !== 0;

const { operations } = aggregator({
  name: 'acme',
  items: () => [
    ...numbers(FLOW_LOGS).map((n) => flowLog(n, `logs-${n % BUCKETS}`)),
    ...numbers(BUCKETS).map((n) =>
      bucket(`logs-${n}`, n === BUCKETS - 1 ? aliasArn : keyArn(keyOfBucket(n))),
    ),
    ...numbers(KEYS).map((n) => key(n, admits(n) ? undefined : 'other.amazonaws.com')),
    alias(archive, keyId(0)),
  ],
  sources: [archive, ...numbers(24).map(member)].map((id) => source(id)),
  page: 100,
});

/** The truth: the outcome of each flow log. */
const truth = new Map(
  numbers(FLOW_LOGS).map((n) => [
    flowLog(n, '').resourceId,
    admits(keyOfBucket(n % BUCKETS)) ? 'deliverable' : 'blocked',
  ]),
);

const RUN_MS = 300_000;

interface Report {
  readonly flowLogs: readonly { readonly flowLogId: string; readonly outcome: string }[];
  readonly problems: readonly object[];
}

describe('while three of ten calls of check --aggregator end badly', () => {
  it(
    `each verdict is right in ${FAULT_RUNS} runs, and a report without all flow logs is an error`,
    () =>
      runsWithFaults('aggregator', async (seed, random, counts) => {
        const { listener } = awsOf({ ...central, services: operations });
        const server = await listen(withFaults(listener, random, counts));
        const bin = resolve('bin/flow-log-key.js');
        const ended = await runAgainst(
          server,
          [process.execPath, bin, 'check', '--aggregator', 'acme', '--format', 'json'],
          { env: { ...home, ...shortWaits }, signal: AbortSignal.timeout(RUN_MS) },
        ).finally(server.close);
        const { flowLogs, problems } =
          ended.stdout === ''
            ? { flowLogs: [], problems: [] }
            : (JSON.parse(ended.stdout) as Report);
        const wrong = flowLogs.filter((each) => truth.get(each.flowLogId) !== each.outcome);
        expect({ seed, wrong }).toEqual({ seed, wrong: [] });
        const missing = truth.size - flowLogs.length;
        if (ended.exitCode === 1)
          expect({ seed, missing, problems }).toEqual({ seed, missing: 0, problems: [] });
        else {
          expect({ seed, exitCode: ended.exitCode }).toEqual({ seed, exitCode: 2 });
          expect(ended.stderr).toMatch(/^flow-log-key: /m);
        }
        return { whole: ended.exitCode === 1 ? 1 : 0, missingAndTold: missing };
      }),
    FAULT_RUNS * RUN_MS,
  );
});
