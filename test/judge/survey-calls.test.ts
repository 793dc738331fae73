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
  const keys = [...new Set(done.map(keyOfBucket))];
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
            const keys = [...new Set(buckets.map(keyOfBucket))];
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
