import type { Executions } from '../../rule/mend/executions.ts';
import type { OwnedExecution } from '../../rule/mend/stored-execution.ts';
import { planTakeBack, takeBack } from '../../rule/mend/take-back.ts';
import { account, archive, keyArn } from '../world.ts';
import {
  changingAs,
  grantOf,
  laggingKey,
  mendLagging,
  type LaggingKey,
  type LaggingKeyOptions,
} from './lagging-key.ts';

const [member, neighbour, central] = ['222200001111', '333300001111', '555500001111'] as const;
const sourceArn = `arn:aws:logs:us-east-1:${member}:*`;
const organizationId = 'o-a1b2c3d4e5';
/** Paces enough for a busy machine. */
const time = { paceMs: 1, paces: 3_000 };

type Failure = ReturnType<NonNullable<LaggingKeyOptions['failure']>>;

/** Executions in memory that put a name into the policy of the key, for the flow logs of a member. */
function executionsFor(name: string, ...ids: readonly string[]): Executions {
  const plan = { flowLogIds: ['fl-1'], keyArn, grant: grantOf(name) };
  const put = { at: 1, fingerprint: 'f', sid: 'FlowLogKeyRule' };
  const all = new Map<string, OwnedExecution>(
    ids.map((id) => [id, { execution: { plan, put }, owner: member }]),
  );
  return {
    savePlan: () => Promise.resolve(true),
    save: () => Promise.resolve(),
    keep: () => Promise.resolve('kept'),
    find: (id) => Promise.resolve(all.get(id)?.execution),
    findOfAnybody: (id) => Promise.resolve(all.get(id)),
    markTakenBack(id, owned) {
      all.set(`${id}-taken-back`, owned);
      return Promise.resolve();
    },
  };
}

const contextOf = (accountId: string, key: LaggingKey, executions: Executions) => ({
  ...changingAs(key, { id: 'back', ...time }),
  executions,
  place: { accountId, region: 'us-east-1' },
  ownAccountId: central,
});

const takeBackBy = (accountId: string, key: LaggingKey, executions: Executions) => (id: string) =>
  takeBack(id, contextOf(accountId, key, executions));

const isIn = (key: LaggingKey, name: string): boolean => JSON.stringify(key.now()).includes(name);

describe('a take-back', () => {
  it('leaves what a later execution has put again', async () => {
    const key = laggingKey({ lagMs: 0, seed: 1 });
    const back = takeBackBy(member, key, executionsFor(sourceArn, 'first', 'second'));
    await mendLagging(key, { id: 'first', name: sourceArn, ...time });
    key.clear();
    // Until an edit counts, some time goes by.
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect((await mendLagging(key, { id: 'second', name: sourceArn, ...time })).ending.kind).toBe(
      'changed',
    );
    expect(await back('first')).toEqual({
      kind: 'nothing-to-do',
      written: 'no',
      message: expect.stringMatching(/another execution has put the same .* since/) as string,
    });
    expect(isIn(key, sourceArn)).toBe(true);
    expect((await back('second')).kind).toBe('changed');
    expect(isIn(key, sourceArn)).toBe(false);
  });

  it.each<[string, readonly Failure[], RegExp]>([
    ['refuses the put', ['refused'], /KMS refused .*MalformedPolicyDocumentException/],
    ['refuses the put after a lost one', ['lost before', 'refused'], /KMS ended with Malformed/],
  ])('where KMS %s quotes KMS to the account of the key only', async (_, failures, words) => {
    const [told, hushed] = await Promise.all(
      [account, member].map(async (accountId) => {
        // The first put is the mend.
        const key = laggingKey({ lagMs: 0, seed: 1, failure: (nth) => failures[nth - 2] });
        await mendLagging(key, { id: 'first', name: sourceArn, ...time });
        const back = takeBackBy(accountId, key, executionsFor(sourceArn, 'first'));
        return (await back('first')).message;
      }),
    );
    expect([told, hushed]).toEqual([
      expect.stringMatching(words) as string,
      expect.stringMatching(words) as string,
    ]);
    expect(told).toContain('secret-role');
    expect(hushed).not.toContain('secret-role');
  });

  const unknown = /^nothing was written: there is no execution first in this account and Region/;
  const forAll = /^nothing was written: .* is for the whole organization: take it back from the/;
  it.each<[string, string, string, RegExp]>([
    [
      'by the account of the flow logs',
      member,
      sourceArn,
      /^took back .*: flow log fl-1, and others/,
    ],
    ['by the account of the key', account, sourceArn, /^took back/],
    ['by another member, which hears of nothing', neighbour, sourceArn, unknown],
    ['by the central account, for flow logs of others', central, sourceArn, unknown],
    ['by the account of the bucket', archive, sourceArn, unknown],
    ['for an organization by the account of the flow logs', member, organizationId, forAll],
    ['for an organization by another member', neighbour, organizationId, unknown],
    [
      'for an organization by the account of the key',
      account,
      organizationId,
      /^took back .* every flow log of organization o-a1b2c3d4e5/,
    ],
    ['for an organization by the central account', central, organizationId, /^took back/],
  ])('%s', async (_, accountId, name, words) => {
    const key = laggingKey({ lagMs: 0, seed: 1 });
    await mendLagging(key, { id: 'first', name, ...time });
    const executions = executionsFor(name, 'first');
    const planned = await planTakeBack('first', contextOf(accountId, key, executions));
    expect(isIn(key, name)).toBe(true);
    const ending = await takeBackBy(accountId, key, executions)('first');
    expect([planned.kind, ending.kind]).toEqual(
      ending.kind === 'changed' ? ['take-back', 'changed'] : [ending.kind, ending.kind],
    );
    const [, stopped = 'nothing is said'] = /: ([^:]+)$/.exec(ending.message) ?? [];
    expect(planned.message).toContain(stopped);
    expect(ending.message).toMatch(words);
    expect(isIn(key, name)).toBe(ending.kind !== 'changed');
    expect(ending.message).not.toContain(neighbour);
  });
});
