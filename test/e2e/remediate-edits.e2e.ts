import { setTimeout as wait } from 'node:timers/promises';
import type { Executed } from './automation.ts';
import { statementsIn, type KeyPolicies, type Policy, type Statement } from './kms-stand-in.ts';
import {
  accountId,
  admittedIn,
  age,
  callsIn,
  inWorld,
  keyArn,
  othersIn,
  region,
  remediate,
  saidIn,
  sourceArnIn,
  takeBack,
  type World,
} from './mender.ts';

/** Somebody else's statement, which nobody may lose. */
const foreign: Statement = {
  Sid: 'SomeonesEdit',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${accountId}:role/late` },
  Action: 'kms:Decrypt',
  Resource: '*',
};

const withForeign = (policy: Policy): Policy => ({
  ...policy,
  Statement: [...statementsIn(policy), foreign],
});

const edit = ({ edit: byHand }: Pick<KeyPolicies, 'edit'>): void => {
  byHand(keyArn, withForeign);
};

const keepsEdit = (world: World): boolean =>
  statementsIn(world.policies.policyOf(keyArn)).some(({ Sid }) => Sid === foreign.Sid);

const saidAt = ({ steps }: Executed, step: string): string =>
  steps.find(({ name }) => name === step)?.message ?? '';

/** The policies that an execution kept because they may be edits. */
const keptBy = (world: World, executionId: string): readonly string[] =>
  [...world.tables.itemsIn(region)].flatMap(([id, { shown }]) =>
    id.startsWith(`execution/${executionId}-shown-`) ? [shown?.S ?? ''] : [],
  );

const throttled = { status: 400, code: 'ThrottlingException' };

/** Waits until somebody has asked for an operation. */
async function asked(world: World, operation: string): Promise<void> {
  while (callsIn(world, operation).length === 0) await wait(2);
}

describe('an edit of somebody else', () => {
  it('right after a put without an answer stays: the put is not repeated over it', () => {
    const faults = [{ operation: 'PutKeyPolicy', answer: 'cut', times: 1, effect: true }] as const;
    const meddling = { operation: 'PutKeyPolicy', nth: 1, act: edit };
    return inWorld({ faults, meddling }, async (world) => {
      const ran = await remediate(world, { pace: 10 });
      expect(keepsEdit(world)).toBe(true);
      expect(callsIn(world, 'PutKeyPolicy')).toHaveLength(1);
      expect(saidAt(ran, 'Mend')).toMatch(
        /whether the policy was written is not known: .*another policy shows/,
      );
      expect(ran.status).toBe('Failed');
    });
  });

  it('while KMS throttles the put stays, and the statement is put beside it', () =>
    inWorld(
      { faults: [{ operation: 'PutKeyPolicy', answer: throttled, times: 1 }] },
      async (world) => {
        const running = remediate(world, { pace: 20 });
        await asked(world, 'PutKeyPolicy');
        edit(world.policies);
        const ran = await running;
        expect(keepsEdit(world)).toBe(true);
        expect(saidIn(ran)).toMatch(/^key policy admits delivery/);
        expect(admittedIn(world.policies.policyOf(keyArn))).toEqual([sourceArnIn(region)]);
      },
    ));

  it('is never lost in silence while KMS shows the policy before it', async () => {
    const silent = async (seed: number): Promise<readonly string[]> =>
      inWorld({ lag: 8_000, seed }, async (world) => {
        edit(world.policies);
        const ran = await remediate(world, { pace: 30, milliseconds: 50_000 });
        const told = keptBy(world, 'execution-1').some((each) => each.includes('SomeonesEdit'));
        if (keepsEdit(world) || (ran.status === 'Failed' && told)) return [];
        return [`${seed}: ${saidIn(ran)}`];
      });
    const seeds = Array.from({ length: 8 }, (_, nth) => nth + 1);
    expect((await Promise.all(seeds.map(silent))).flat()).toEqual([]);
  });
});

describe('taking back an execution whose statement somebody removed', () => {
  it('leaves the statement that a later execution put', () =>
    inWorld({}, async (world) => {
      const admitted = () => admittedIn(world.policies.policyOf(keyArn));
      const [first, second] = [{ executionId: 'execution-1' }, { executionId: 'execution-2' }];
      await remediate(world, first);
      world.policies.edit(keyArn, (policy) => ({ ...policy, Statement: othersIn(policy) }));
      age(world);
      expect(saidIn(await remediate(world, second))).toMatch(/^key policy admits delivery/);
      const back = await takeBack(world, first);
      expect(saidIn(back)).toMatch(/^nothing to do: another execution has put the same .* since/);
      expect(admitted()).toEqual([sourceArnIn(region)]);
      expect(saidIn(await takeBack(world, second))).toMatch(/^took back/);
      expect(admitted()).toEqual([]);
    }));
});
