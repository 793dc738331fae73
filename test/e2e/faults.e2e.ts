import {
  awsOf,
  credentials,
  listen,
  runAgainst,
  type Account,
  type Ended,
  type Evaluation,
} from './aws-stand-in.ts';
import { functionCommand } from './function-command.ts';
import {
  FAULT_RUNS,
  runsWithFaults,
  shortWaits,
  withFaults,
  type FaultCounts,
} from './http-faults.ts';
import type { Random } from './random.ts';

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

async function run(
  random: Random,
  counts: FaultCounts,
): Promise<{ readonly ended: Ended; readonly evaluations: readonly Evaluation[] }> {
  const { listener, evaluations } = awsOf(account);
  const server = await listen(withFaults(listener, random, counts));
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
    const ended = await runAgainst(server, functionCommand('evaluate'), {
      env: { ...credentials, AWS_REGION: region, ...shortWaits },
      input: JSON.stringify({ events: [event], context, milliseconds: LIMIT_MS }),
      signal: AbortSignal.timeout(LIMIT_MS + 5_000),
    });
    return { ended, evaluations };
  } finally {
    await server.close();
  }
}

describe('while three of ten calls of the evaluator end badly', () => {
  it(
    `nothing wrong is reported in ${FAULT_RUNS} runs, and nothing is missing without a word`,
    () =>
      runsWithFaults('evaluator', async (seed, random, counts) => {
        const { ended, evaluations } = await run(random, counts);
        const wrong = evaluations.filter(
          (each) => truth.get(each.ComplianceResourceId) !== each.ComplianceType,
        );
        expect({ seed, wrong }).toEqual({ seed, wrong: [] });
        const reported = new Set(evaluations.map((each) => each.ComplianceResourceId));
        const missing = [...truth.keys()].filter((id) => !reported.has(id));
        const told = (ended.stdout + ended.stderr).includes('evaluations were reported');
        if (ended.exitCode === 0) expect({ seed, missing }).toEqual({ seed, missing: [] });
        else expect({ seed, told }).toEqual({ seed, told: true });
        return { endedWell: ended.exitCode === 0 ? 1 : 0, missingAndTold: missing.length };
      }),
    FAULT_RUNS * (LIMIT_MS + 10_000),
  );
});
