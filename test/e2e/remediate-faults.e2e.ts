import pMap from 'p-map';
import { canonical } from '../../rule/policy/canonical.ts';
import type { Executed } from './automation.ts';
import type { Call, Fault } from './aws-stand-in.ts';
import type { KeyPolicies } from './kms-stand-in.ts';
import {
  admittedIn,
  age,
  callsIn,
  closed,
  died,
  inWorld,
  keyArn,
  leaseIn,
  othersIn,
  region,
  remediate,
  saidIn,
  sourceArnIn,
  takeBack,
  wordsIn,
  type World,
} from './mender.ts';

/** Fast enough to wait until KMS surely shows what it has, which is six seconds. */
const pace = 10;

/** Slow enough to end well on a busy machine. */
const unhurried = 30;

type Kind = Pick<Fault, 'effect' | 'times'> & { readonly answer: Fault['answer'] | 'kill' };

const error = { status: 500, code: 'InternalFailure' };

/** How a call goes wrong that changes nothing. */
const atReads: Readonly<Record<string, Kind>> = {
  'fails each time': { answer: error },
  'fails once': { answer: error, times: 1 },
  'is cut off each time': { answer: 'cut' },
  'ends with the function': { answer: 'kill', times: 1 },
};

/** How a call goes wrong that changes something. */
const atWrites: Readonly<Record<string, Kind>> = {
  ...atReads,
  'is cut off once after its effect': { answer: 'cut', times: 1, effect: true },
  'is cut off each time after its effect': { answer: 'cut', effect: true },
  'ends with the function after its effect': { answer: 'kill', times: 1, effect: true },
};

/** A call, as the nth of its operation. */
interface Place {
  readonly operation: string;
  readonly nth: number;
}

const placesIn = (calls: readonly Call[]): readonly Place[] =>
  calls.map(({ operation }, at) => ({
    operation,
    nth: calls.slice(0, at + 1).filter((each) => each.operation === operation).length,
  }));

interface Case {
  readonly name: string;
  readonly place: Place;
  readonly kind: Kind;
}

/** Each call of what went well, going wrong in each way. */
const casesOf = (places: readonly Place[]): readonly Case[] =>
  places.flatMap((place) =>
    Object.entries(/^(Put|Update)/.test(place.operation) ? atWrites : atReads).map(
      ([how, kind]) => ({ name: `${place.operation} ${place.nth} ${how}`, place, kind }),
    ),
  );

function spoil(world: World, { place, kind }: Case): void {
  const answer = kind.answer === 'kill' ? world.kill : kind.answer;
  const { operation, nth } = place;
  // Those before the first of them may have been made by then.
  const after = callsIn(world, operation).length + nth - 1;
  world.faults.push({ ...kind, operation, after, answer });
}

// What is true -------------------------------------------------------------------------------------------------------

/** What is so, for what is said to be held against. */
interface Truth {
  /** Whether the policy is as it was to become. */
  readonly done: boolean;
  /** Whether it ever was other than it had been. */
  readonly changed: boolean;
  /** Whether this step cannot know what became of the policy. */
  readonly open: (step: string) => boolean;
}

/** The sentences that each step may end with, and when they are true. */
const sentences: readonly (readonly [RegExp, (truth: Truth, step: string) => boolean])[] = [
  [/^nothing was written: /, ({ changed }) => !changed],
  [/^nothing to do/, ({ changed }) => !changed],
  [/^the policy was written: /, ({ done }) => done],
  [/^(key policy admits delivery of|took back) /, ({ done }) => done],
  [/^statement FlowLogKeyRule is added in the policy/, (_, step) => step === 'Plan'],
  [/^would take what execution execution-1 put last out of/, (_, step) => step === 'Plan'],
  [/^whether the policy was written is not known: /, ({ open }, step) => open(step)],
];

/** Sentences of steps that are not true, or say nothing of what was written; who was killed says nothing. */
const untrueIn = ({ steps }: Executed, truth: Truth): readonly string[] =>
  steps.flatMap(({ name, outputs: { Payload } }) => {
    const said = Payload === undefined ? died : wordsIn(Payload);
    if (said === died) return [];
    const [, isTrue] = sentences.find(([pattern]) => pattern.test(said)) ?? [];
    return isTrue?.(truth, name) === true ? [] : [`${name} says: ${said}`];
  });

const admits = (world: World): boolean =>
  admittedIn(world.policies.policyOf(keyArn)).includes(sourceArnIn(region));

/** Whether nobody else could take the lease; one that is over may stay where nobody wants it. */
const isHeld = (world: World): boolean => Number(leaseIn(world)?.heldUntil?.N ?? 0) > Date.now();

/** Whether nobody who looks afterwards is told anything. */
const isBlind = ({ place, kind }: Case): boolean =>
  ['GetItem', 'GetKeyPolicy', 'GetAutomationExecution'].includes(place.operation) &&
  kind.times === undefined;

/** Whether an execution has noted that it is about to put something. */
const hasBegun = (world: World): boolean =>
  world.tables.itemsIn(region).get('execution/execution-1')?.execution?.S?.includes('"begun"') ??
  false;

// Cases --------------------------------------------------------------------------------------------------------------

/** What is wrong after a remediation with this fault, and after another one without. */
async function remedyWith(spoiled: Case): Promise<readonly string[]> {
  return inWorld({ lag: 30 }, async (world) => {
    spoil(world, spoiled);
    const ran = await remediate(world, { pace });
    const asked = callsIn(world, 'PutKeyPolicy').length > 0;
    const wrong = [
      ...untrueIn(ran, {
        done: admits(world),
        changed: world.policies.historyOf(keyArn).length > 1,
        open: (step) => asked || (step === 'Look' && (hasBegun(world) || isBlind(spoiled))),
      }),
    ];
    if (ran.status === 'Success' && !admits(world)) wrong.push('succeeds, and admits nothing');
    world.faults.splice(0);
    age(world);
    const again = await remediate(world, { pace: unhurried, executionId: 'execution-2' });
    if (again.status !== 'Success') wrong.push(`does not succeed afterwards: ${saidIn(again)}`);
    if (!admits(world)) wrong.push('admits nothing afterwards');
    if (canonical(othersIn(world.policies.policyOf(keyArn))) !== canonical(closed.Statement))
      wrong.push('changes other statements');
    if (isHeld(world)) wrong.push('keeps the lease');
    return wrong.map((each) => `${spoiled.name}: ${each}`);
  });
}

/** The same for taking back what was put. */
async function takeBackWith(spoiled: Case): Promise<readonly string[]> {
  return inWorld({ lag: 30 }, async (world) => {
    await remediate(world, { pace });
    const before = world.policies.historyOf(keyArn).length;
    const puts = callsIn(world, 'PutKeyPolicy').length;
    spoil(world, spoiled);
    const ran = await takeBack(world, { pace });
    const wrong = [
      ...untrueIn(ran, {
        done: !admits(world),
        changed: world.policies.historyOf(keyArn).length > before,
        open: () => callsIn(world, 'PutKeyPolicy').length > puts,
      }),
    ];
    if (ran.status === 'Success' && admits(world)) wrong.push('succeeds, and took nothing back');
    world.faults.splice(0);
    age(world);
    const again = await takeBack(world, { pace: unhurried });
    if (again.status !== 'Success') wrong.push(`does not succeed afterwards: ${saidIn(again)}`);
    if (canonical(world.policies.policyOf(keyArn)) !== canonical(closed))
      wrong.push('leaves another policy');
    if (isHeld(world)) wrong.push('keeps the lease');
    return wrong.map((each) => `${spoiled.name}: ${each}`);
  });
}

const all = async (
  cases: readonly Case[],
  run: (spoiled: Case) => Promise<readonly string[]>,
): Promise<readonly string[]> => (await pMap(cases, run, { concurrency: 8 })).flat();

/** The calls of a run in which all goes well and KMS shows at once what it has. */
const callsOf = (run: (world: World) => Promise<readonly Call[]>): Promise<readonly Place[]> =>
  inWorld({ lag: 0 }, async (world) => placesIn(await run(world)));

describe('whatever call goes wrong', () => {
  it('a remediation says what is true, and the next one ends well', async () => {
    const places = await callsOf(async (world) => {
      await remediate(world, { pace });
      return world.aws.calls;
    });
    expect(places).toContainEqual({ operation: 'UpdateItem', nth: 3 });
    expect(await all(casesOf(places), remedyWith)).toEqual([]);
  });

  it('taking back says what is true, and the next time ends well', async () => {
    const places = await callsOf(async (world) => {
      await remediate(world, { pace });
      const before = world.aws.calls.length;
      await takeBack(world, { pace });
      return world.aws.calls.slice(before);
    });
    expect(places).toContainEqual({ operation: 'UpdateItem', nth: 3 });
    expect(await all(casesOf(places), takeBackWith)).toEqual([]);
  });
});

describe('a put', () => {
  const denied = { status: 400, code: 'AccessDeniedException' };

  it('whose answer is lost is looked for, and does not come again', () =>
    inWorld({}, async (world) => {
      world.faults.push(
        { operation: 'PutKeyPolicy', times: 1, effect: true, answer: 'cut' },
        { operation: 'PutKeyPolicy', answer: denied },
      );
      const ran = await remediate(world, { pace });
      expect(callsIn(world, 'PutKeyPolicy')).toHaveLength(1);
      expect(saidIn(ran)).toMatch(/^key policy admits delivery/);
      expect(admits(world)).toBe(true);
    }));

  it('that is lost, and is refused when it comes again, passes for one that may come through', () =>
    inWorld({}, async (world) => {
      world.faults.push(
        { operation: 'PutKeyPolicy', times: 1, answer: 'cut' },
        { operation: 'PutKeyPolicy', answer: denied },
      );
      const ran = await remediate(world, { pace: 4 });
      const mend = ran.steps.find(({ name }) => name === 'Mend');
      expect(mend?.message).toMatch(
        /whether the policy was written is not known: .*AccessDeniedException.* the former policy still shows/,
      );
      expect(leaseIn(world)).toHaveProperty('lastPut');
    }));

  it('over which somebody else puts another is no success', () => {
    const act = ({ edit }: KeyPolicies): void => {
      edit(keyArn, () => closed);
    };
    const meddling = { operation: 'PutKeyPolicy', nth: 1, act };
    return inWorld({ meddling, lag: 0 }, async (world) => {
      const ran = await remediate(world, { pace: 4 });
      const mend = ran.steps.find(({ name }) => name === 'Mend');
      expect(mend?.message).toMatch(
        /the policy was written: KMS took it, and the former policy still shows/,
      );
      expect(ran.status).toBe('Failed');
    });
  });

  it('does not take out what somebody wrote just before', () => {
    const act = ({ edit }: KeyPolicies): void => {
      edit(keyArn, ({ Statement, ...policy }) => ({
        ...policy,
        Statement: [Statement].flat().slice(0, 1),
      }));
    };
    const meddling = { operation: 'UpdateItem', nth: 2, act };
    return inWorld({ meddling, lag: 0 }, async (world) => {
      const ran = await remediate(world, { pace: 4 });
      expect(ran.status).toBe('Success');
      const { Statement } = world.policies.policyOf(keyArn);
      const [first] = [closed.Statement].flat();
      expect([Statement].flat().map(({ Sid }) => Sid)).toEqual([first?.Sid, 'FlowLogKeyRule']);
      expect(callsIn(world, 'PutKeyPolicy')).toHaveLength(1);
    });
  });
});

describe('a lease', () => {
  const held = (until: number) => (world: World) => {
    world.tables.itemsIn(region).set(`lease/${keyArn}`, {
      id: { S: `lease/${keyArn}` },
      holder: { S: 'somebody else' },
      heldUntil: { N: String(until) },
    });
  };

  it('that another has keeps the function from writing, and it says who', () =>
    inWorld({}, async (world) => {
      held(Date.now() + 60_000)(world);
      const ran = await remediate(world, { milliseconds: 15_000 });
      const mend = ran.steps.find(({ name }) => name === 'Mend');
      expect(mend?.message).toMatch(
        /nothing was written: another mend is at work on the key policy, at most until .*: run this again then/,
      );
      expect(saidIn(ran)).toMatch(/^nothing was written: /);
      expect(callsIn(world, 'PutKeyPolicy')).toEqual([]);
      expect(leaseIn(world)?.holder?.S).toBe('somebody else');
    }));

  it('that is over keeps nobody from writing', () =>
    inWorld({}, async (world) => {
      held(Date.now() - 1)(world);
      expect((await remediate(world)).status).toBe('Success');
      expect(leaseIn(world)).not.toHaveProperty('holder');
    }));
});
