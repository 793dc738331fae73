import fc from 'fast-check';
import { survey } from '../../rule/judge/survey.ts';
import { awsSource } from '../../rule/sources/aws/source.ts';
import { account, question } from '../world.ts';
import { answerOf, clientsOf, flowLogsInto, keyArn, keyOfBucket } from './aws.ts';

const BUCKET_COUNT = 30;

/** An AWS whose calls stay in flight until they are answered. */
function slowAws() {
  const calls: string[] = [];
  const answered = new Set<string>();
  const inFlight: (() => void)[] = [];
  const clients = clientsOf((operation, name) => {
    calls.push(`${operation} ${name}`);
    return new Promise((resolve) =>
      inFlight.push(() => {
        answered.add(`${operation} ${name}`);
        resolve(answerOf(operation, name));
      }),
    );
  });
  return { clients, calls, answered, inFlight };
}

/** The buckets and keys whose answers are incomplete, as far as the answers so far name them. */
function openQuestions(buckets: readonly number[], answered: ReadonlySet<string>): number {
  const done = buckets.filter((nth) => answered.has(`GetBucketPolicy bucket-${nth}`));
  const keys = [...new Set(done.map((nth) => keyOfBucket(nth)))];
  const open = keys.filter((nth) => !answered.has(`GetKeyPolicy ${keyArn(nth)}`));
  return buckets.length - done.length + open.length;
}

interface Drawn {
  readonly bucketsOfFlowLogs: readonly number[];
  readonly maxAtOnce: number;
  /** The calls to answer next, round by round. */
  readonly choices: readonly number[];
}

/** Surveys, and answers some of the calls in flight, again and again. `look` sees the calls in flight before each answer. */
async function run(
  { bucketsOfFlowLogs, maxAtOnce, choices }: Drawn,
  look: (inFlight: number, open: number) => void,
) {
  const { clients, calls, answered, inFlight } = slowAws();
  const place = { accountId: account, region: 'us-east-1' };
  const source = awsSource({ clients, place, maxAtOnce });
  const verdicts: string[] = [];
  const surveyed = (async () => {
    for await (const it of survey(flowLogsInto(bucketsOfFlowLogs), { source, question }))
      verdicts.push(
        `${it.flowLog.id} ${it.kind === 'judged' ? it.verdict.outcome : String(it.failure)}`,
      );
  })();
  const buckets = [...new Set(bucketsOfFlowLogs)];
  for (let round = 0; openQuestions(buckets, answered) > 0 && round < 1000; round++) {
    await new Promise(setImmediate);
    look(inFlight.length, openQuestions(buckets, answered));
    const choice = choices[round % choices.length] ?? 0;
    inFlight.splice(choice % inFlight.length, 1 + (choice % 5)).forEach((answer) => {
      answer();
    });
  }
  await surveyed;
  return { verdicts, calls };
}

describe('the calls of a survey, in any order of the flow logs', () => {
  const flowLogsOf = fc.array(fc.nat({ max: BUCKET_COUNT - 1 }), { minLength: 1, maxLength: 60 });
  const choicesOf = fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 20 });

  it.each([
    ['as drawn', (buckets: readonly number[]) => buckets],
    [
      'with the flow logs of a bucket together',
      (buckets: readonly number[]) => [...buckets].sort(),
    ],
  ])(
    'are each sent once, a bounded number at a time, and never fewer than could be: %s',
    (_, order) =>
      fc.assert(
        fc.asyncProperty(
          flowLogsOf,
          fc.integer({ min: 1, max: 9 }),
          choicesOf,
          async (drawn, max, choices) => {
            const bucketsOfFlowLogs = order(drawn);
            const look = (inFlight: number, open: number) => {
              expect(inFlight).toBe(Math.min(max, open));
            };
            const { verdicts, calls } = await run(
              { bucketsOfFlowLogs, maxAtOnce: max, choices },
              look,
            );
            const buckets = [...new Set(bucketsOfFlowLogs)];
            const keys = [...new Set(buckets.map((nth) => keyOfBucket(nth)))];
            expect([...calls].sort()).toEqual(
              [
                ...buckets.flatMap((nth) => [
                  `GetBucketEncryption bucket-${nth}`,
                  `GetBucketPolicy bucket-${nth}`,
                ]),
                ...keys.flatMap((nth) => [
                  `DescribeKey ${keyArn(nth)}`,
                  `GetKeyPolicy ${keyArn(nth)}`,
                ]),
              ].sort(),
            );
            expect([...verdicts].sort()).toEqual(
              bucketsOfFlowLogs
                .map(
                  (nth, at) => `fl-${at} ${keyOfBucket(nth) % 2 === 0 ? 'deliverable' : 'blocked'}`,
                )
                .sort(),
            );
          },
        ),
        { numRuns: 50 },
      ),
  );
});

describe('the number of calls about buckets and keys', () => {
  const sizes = [
    { flowLogs: 1, buckets: 1, keys: 1 },
    { flowLogs: 1_000, buckets: 1, keys: 1 },
    { flowLogs: 1_000, buckets: 1_000, keys: 1_000 },
    { flowLogs: 10_000, buckets: 300, keys: 150 },
  ];
  it.each(
    sizes.flatMap(({ flowLogs, buckets, keys }) => {
      const numbers = Array.from({ length: flowLogs }, (_, nth) => nth);
      const name = `${flowLogs} flow logs, ${buckets} buckets, ${keys} keys`;
      return [
        [`${name}, buckets in turns`, numbers.map((nth) => nth % buckets), buckets, keys],
        [
          `${name}, flow logs of a bucket together`,
          numbers.map((nth) => Math.floor((nth * buckets) / flowLogs)),
          buckets,
          keys,
        ],
      ] as const;
    }),
  )('is two for each bucket and key: %s', async (_, bucketsOfFlowLogs, buckets, keys) => {
    let calls = 0;
    let inFlight = 0;
    let most = 0;
    const clients = clientsOf(async (operation, name) => {
      calls++;
      most = Math.max(most, ++inFlight);
      await new Promise(setImmediate);
      inFlight--;
      return answerOf(operation, name, keys);
    });
    const source = awsSource({ clients, place: { accountId: account, region: 'us-east-1' } });
    let judged = 0;
    for await (const { kind } of survey(flowLogsInto(bucketsOfFlowLogs), { source, question }))
      if (kind === 'judged') judged++;
    expect({ judged, calls, most }).toEqual({
      judged: bucketsOfFlowLogs.length,
      calls: 2 * buckets + 2 * keys,
      most: Math.min(8, buckets),
    });
  });
});
