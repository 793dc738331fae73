import { canonical } from '../../rule/policy/canonical.ts';
import type { Executed } from './automation.ts';
import type { Aws, FlowLog, Worked } from './aws-stand-in.ts';
import type { Policy } from './kms-stand-in.ts';
import {
  admittedIn,
  callsIn,
  closed,
  flowLog,
  inWorld,
  keyArn,
  leaseIn,
  othersIn,
  remediate,
  sourceArnIn,
  wordsIn,
  type World,
} from './mender.ts';

/** Regions as AWS names them; AWS has not as many. */
const regions = ['us', 'eu', 'ap', 'ca', 'sa', 'me', 'af'].flatMap((area) =>
  ['east', 'west', 'south', 'north'].flatMap((side) =>
    [1, 2].map((nth) => `${area}-${side}-${nth}`),
  ),
);

/** A flow log in each of so many Regions, all of which one bucket is for, and one key. */
const flowLogsIn = (count: number): readonly FlowLog[] =>
  regions
    .slice(0, count)
    .map((region, nth) => ({ ...flowLog, region, id: `fl-${String(nth).padStart(8, '0')}` }));

/** A step has 300 s and keeps 10 s for the answer: so many paces of 500 ms. A lease lasts paces too, and so does the lag. */
const PACES_OF_STEP = 580;
const ANSWER_MS = 10_000;

interface Remediated {
  readonly flowLog: FlowLog;
  readonly ran: Executed;
}

/** Runs a runbook for each of the flow logs, all at once, in as many processes. */
const remediateAll = (
  world: World,
  flowLogs: readonly FlowLog[],
  { round, pace }: { readonly round: number; readonly pace: number },
): Promise<readonly Remediated[]> =>
  Promise.all(
    flowLogs.map(async (each) => ({
      flowLog: each,
      ran: await remediate(world, {
        executionId: `execution-${each.region}-${round}`,
        flowLogId: each.id,
        region: each.region,
        pace,
        milliseconds: PACES_OF_STEP * pace + ANSWER_MS,
      }),
    })),
  );

const admitted = (world: World): readonly string[] => admittedIn(world.policies.policyOf(keyArn));

/** Which sentences say that the policy admits delivery in the end, or that it does not; others leave that open. */
const sentences: readonly (readonly [RegExp, boolean])[] = [
  [/^(key policy admits delivery|nothing to do)/, true],
  [/^the policy was written: /, true],
  [/^nothing was written: /, false],
];

/** Those that the policy admits although the runbook says not, or the other way round. */
const untrue = (world: World, all: readonly Remediated[]): readonly string[] =>
  all.flatMap(({ flowLog: { region }, ran }) => {
    const is = admitted(world).includes(sourceArnIn(region));
    const said = ran.steps.flatMap(({ outputs: { Payload } }) =>
      Payload === undefined ? [] : [wordsIn(Payload)],
    );
    const wrong = said.filter((each) =>
      sentences.some(([pattern, isIn]) => pattern.test(each) && isIn !== is),
    );
    if (ran.status === 'Success' && !is) wrong.push(ran.status);
    return wrong.map((each) => `${region} ${is ? 'is in' : 'is not in'}: ${each}`);
  });

/** How a remediation may end among many; a busy machine may let the time of a step end between a put and its reads. */
const allowed =
  /^(key policy admits delivery|nothing to do|nothing was written: .*run (this|it) again|the policy was written: KMS took it, and )/;

/** What the mender said to those that it kept waiting, or that it mended. */
const endingsOf = (all: readonly Remediated[]): readonly string[] =>
  all.map(({ ran }) => {
    const { outputs = {} } = ran.steps.findLast(({ name }) => /^(Plan|Mend)$/.test(name)) ?? {};
    return wordsIn(outputs.Payload ?? '{}');
  });

/** What happened to the lease and the policy, in this order, and who did it. */
type Deed = { readonly by: string } & (
  { readonly what: 'takes' | 'releases' } | { readonly what: 'puts'; readonly policy: Policy }
);

const deedsIn = ({ worked }: Aws): readonly Deed[] => worked.flatMap((each) => deedOf(each));

function deedOf({ call, answer }: Worked): readonly Deed[] {
  if (typeof answer === 'string' || !('output' in answer)) return [];
  const { operation, accessKeyId: by, input } = call;
  const update = String(input.UpdateExpression);
  if (operation === 'PutKeyPolicy')
    return [{ by, what: 'puts', policy: JSON.parse(String(input.Policy)) as Policy }];
  if (operation !== 'UpdateItem') return [];
  if (update.includes('REMOVE holder')) return [{ by, what: 'releases' }];
  return update.includes('SET holder') ? [{ by, what: 'takes' }] : [];
}

/** What two who hold the lease at once do, and who puts without it, or takes out what another had put. */
function offencesIn(aws: Aws): readonly string[] {
  const offences: string[] = [];
  let holder: string | undefined;
  let before: readonly string[] = [];
  for (const deed of deedsIn(aws)) {
    const { by, what } = deed;
    if (holder !== (what === 'takes' ? undefined : by))
      offences.push(`${by} ${what} while ${holder ?? 'nobody'} holds the lease`);
    if (what === 'puts') {
      const after = admittedIn(deed.policy);
      const lost = before.filter((each) => !after.includes(each));
      offences.push(...lost.map((each) => `${by} takes out ${each}`));
      before = after;
    } else holder = what === 'takes' ? by : undefined;
  }
  return offences;
}

describe('remediations at once', () => {
  it.each([
    ['50 flow logs in 50 Regions', { count: 50, lag: 1000, pace: 200 }],
    ['8 flow logs where KMS shows for long what is no more', { count: 8, lag: 1000, pace: 10 }],
  ])('of %s are all in the policy in the end, and no ending is false', async (title, row) => {
    const { count, lag, pace } = row;
    const flowLogs = flowLogsIn(count);
    await inWorld({ flowLogs, lag }, async (world) => {
      const done: Remediated[] = [];
      const rounds: { readonly seconds: number; readonly mended: number }[] = [];
      while (done.length < count && rounds.length < 20) {
        const since = Date.now();
        const left = flowLogs.filter((each) => !done.some(({ flowLog: { id } }) => id === each.id));
        const ran = await remediateAll(world, left, { round: rounds.length + 1, pace });
        expect(untrue(world, [...done, ...ran])).toEqual([]);
        expect(endingsOf(ran).filter((each) => !allowed.test(each))).toEqual([]);
        const well = ran.filter((each) => each.ran.status === 'Success');
        rounds.push({ seconds: Math.round((Date.now() - since) / 1000), mended: well.length });
        done.push(...well);
      }
      process.stdout.write(
        `${title}, a pace of ${pace} ms: ${rounds.length} rounds; ${JSON.stringify(rounds)}\n`,
      );
      expect([...admitted(world)].sort()).toEqual(
        flowLogs.map(({ region }) => sourceArnIn(region)).sort(),
      );
      const policy = world.policies.policyOf(keyArn);
      expect(canonical(othersIn(policy))).toBe(canonical(closed.Statement));
      expect(offencesIn(world.aws)).toEqual([]);
      expect(callsIn(world, 'PutKeyPolicy')).toHaveLength(count);
      expect(leaseIn(world)).not.toHaveProperty('holder');
    });
  });

  it('lose what they put where the lease keeps nobody out', async () => {
    const flowLogs = flowLogsIn(10);
    const seen: string[] = [];
    const expected = ['holds the lease', 'takes out arn:aws:logs'];
    const all = () => expected.every((each) => seen.some((one) => one.includes(each)));
    for (let seed = 1; seed <= 8 && !all(); seed++)
      await inWorld({ flowLogs, lag: 200, seed, unconditional: true }, async (world) => {
        const ran = await remediateAll(world, flowLogs, { round: 1, pace: 5 });
        seen.push(...offencesIn(world.aws), ...untrue(world, ran));
      });
    expect(seen).toEqual(
      expect.arrayContaining(expected.map((each) => expect.stringContaining(each) as string)),
    );
  });
});
