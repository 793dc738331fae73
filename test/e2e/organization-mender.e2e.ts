import { statementsIn } from './kms-stand-in.ts';
import { invoke, othersIn, saidIn, sourceArnIn, stepsIn, wordsIn } from './mender.ts';
import { sessionKey } from './organization-stand-in.ts';
import {
  archive,
  central,
  evaluate,
  flowLogId,
  keyArn,
  member,
  memberWith,
  mender,
  reader,
  region,
  reporter,
  resultsIn,
  scheduleIn,
  security,
} from './organization-world.ts';

import {
  neighbour,
  SECRET,
  closed,
  type Given,
  type Office,
  inOffice,
  asCentral,
  mended,
  tookBack,
  untilEditsCount,
  failedWith,
  callsOf,
  nothingPut,
  admitted,
  withRole,
  ofCentral,
} from './office.ts';

describe("a member's runbook mends a key of another account by the central function", () => {
  it('with the mender role there, under a lease there, and the record stays in the central account', () =>
    inOffice({}, async (office) => {
      const ran = await mended(office);
      expect({ ran: stepsIn(ran), said: saidIn(ran) }).toMatchObject({
        ran: 'Plan Decide Mend Check Done',
        said: expect.stringContaining(
          `key policy admits delivery of flow log ${flowLogId}`,
        ) as unknown,
      });
      expect(ran.status).toBe('Success');
      expect(admitted(office)).toEqual([sourceArnIn(region)]);
      expect(othersIn(office.policies.policyOf(keyArn))).toEqual(statementsIn(closed));
      const asMender = [security, sessionKey(security, mender)];
      expect(callsOf(office, 'PutKeyPolicy')).toEqual([asMender]);
      expect(new Set(callsOf(office, 'UpdateItem').map(String))).toEqual(
        new Set([String(asMender)]),
      );
      expect(callsOf(office, 'PutItem').map(([accountId]) => accountId)).toEqual([
        central,
        central,
      ]);
      expect([...(office.tables[security]?.itemsIn(region).keys() ?? [])]).toEqual([
        `lease/${keyArn}`,
      ]);
      expect([...(office.tables[central]?.itemsIn(region).keys() ?? [])]).toEqual([
        'execution/execution-1',
      ]);
    }));

  it('and the evaluator then tells the member COMPLIANT, with its own credentials', () =>
    inOffice({}, async (office) => {
      const judge = () => evaluate(office.aws, [scheduleIn(member)]);
      await judge();
      await mended(office);
      await judge();
      expect(resultsIn(office.aws, member)).toEqual([
        ['NON_COMPLIANT', expect.stringMatching(/^key-policy: /)],
        ['COMPLIANT', expect.stringMatching(/^deliverable: key policy admits/)],
      ]);
      const asReporter = [member, sessionKey(member, reporter)];
      expect(callsOf(office, 'PutEvaluations')).toEqual([asReporter, asReporter]);
    }));

  it('shows whoever approves what would be written, and nothing else of the policy', () =>
    inOffice({}, async (office) => {
      const ran = await mended(office, { approve: () => false });
      const plan = ran.outputs['Plan.Payload'] ?? '';
      expect(JSON.parse(plan)).toMatchObject({
        outcome: 'remedy',
        message: expect.stringContaining(keyArn) as unknown,
        adds: { Condition: { ArnLike: { 'aws:SourceArn': sourceArnIn(region) } } },
      });
      expect(plan).not.toContain(SECRET);
      nothingPut(office);
    }));

  it('in sessions called after the execution, for CloudTrail in the account of the key', () =>
    inOffice({}, async (office) => {
      await mended(office);
      const sessions = office.aws.roles.filter(({ role }) => role === `${security}/${mender}`);
      expect([...new Set(sessions.map(({ session }) => session))]).toEqual([
        `plan-${member}-execution-1`,
        `mend-${member}-execution-1`,
      ]);
    }));

  it('in the central account itself by the mender role there', () =>
    inOffice(ofCentral, async (office) => {
      const ran = await mended(office, { runIn: central });
      expect(saidIn(ran)).toContain(`key policy admits delivery of flow log ${flowLogId}`);
      expect(callsOf(office, 'PutKeyPolicy')).toEqual([[central, sessionKey(central, mender)]]);
    }));
});

describe('what was put is taken back', () => {
  it('by the account that it was put for, once', () =>
    inOffice({}, async (office) => {
      await mended(office);
      expect(saidIn(await tookBack(office))).toMatch(/^took back what execution execution-1/);
      expect(statementsIn(office.policies.policyOf(keyArn))).toEqual(statementsIn(closed));
      expect(saidIn(await tookBack(office))).toMatch(/^nothing to do: .* was taken back before/);
      expect(callsOf(office, 'PutKeyPolicy')).toHaveLength(2);
    }));

  it('by no other account', () =>
    inOffice({}, async (office) => {
      await mended(office);
      failedWith(
        await tookBack(office, { runIn: neighbour }),
        /^nothing was written: there is no execution execution-1 in this account and Region/,
      );
      expect(admitted(office)).toEqual([sourceArnIn(region)]);
      expect(callsOf(office, 'PutKeyPolicy')).toHaveLength(1);
    }));
});

describe('only what an execution put last is taken back', () => {
  const both: Given = {
    change: (organization) => ({
      ...organization,
      accounts: organization.accounts.map((each) =>
        each.accountId === neighbour ? memberWith(neighbour, 'central-logs') : each,
      ),
    }),
  };
  const second = { runIn: neighbour, executionId: 'execution-2' };

  it('beside what another account had put into the same statement', () =>
    inOffice(both, async (office) => {
      await mended(office);
      await mended(office, second);
      expect(saidIn(await tookBack(office))).toMatch(/^took back what execution execution-1/);
      expect(admitted(office)).toEqual([sourceArnIn(region).replace(member, neighbour)]);
    }));

  it('and not what another execution put again', () =>
    inOffice({}, async (office) => {
      await mended(office, { pace: 2 });
      office.policies.edit(keyArn, () => closed);
      await untilEditsCount();
      await mended(office, { pace: 2, executionId: 'execution-2' });
      expect(saidIn(await tookBack(office, { pace: 2 }))).toMatch(
        /^nothing to do: another execution has put the same into statement FlowLogKeyRule/,
      );
      expect(admitted(office)).toEqual([sourceArnIn(region)]);
      await tookBack(office, { pace: 2, executionId: 'execution-2' });
      expect(admitted(office)).toEqual([]);
    }));

  const forAll = {
    scope: 'organization',
    ruleParameters: { ...asCentral.ruleParameters, OrganizationId: 'o-a1b2c3d4e5' },
  };
  const isAdmitted = ({ policies }: Office): boolean =>
    JSON.stringify(policies.policyOf(keyArn)).includes('o-a1b2c3d4e5');

  it.each([
    [
      'the account of the flow logs, which is told who may',
      member,
      /^nothing was written: .* is for the whole organization: take it back from the account of the key, or from the central account/,
    ],
    ['another member', neighbour, /^nothing was written: there is no execution execution-1 in/],
    ['the account of the bucket', archive, /^nothing was written: .*account 444455556666 /],
  ])('for the whole organization never by %s', (_, runIn, words) =>
    inOffice(both, async (office) => {
      await mended(office, forAll);
      expect(isAdmitted(office)).toBe(true);
      failedWith(await tookBack(office, { ...forAll, runIn }), words);
      expect(isAdmitted(office)).toBe(true);
      expect(callsOf(office, 'PutKeyPolicy')).toHaveLength(1);
    }),
  );

  it.each([
    ['the account of the key', security],
    ['the central account', central],
  ])('for the whole organization by %s, which is told before what stops', (_, runIn) =>
    inOffice(both, async (office) => {
      await mended(office, forAll);
      const denied = await tookBack(office, { ...forAll, runIn, approve: () => false });
      expect(denied.outputs['Plan.Payload']).toMatch(
        /would take what execution execution-1 put last .*: every flow log of organization o-a1b2c3d4e5 that needs this key may be blocked/,
      );
      expect(isAdmitted(office)).toBe(true);
      const back = await tookBack(office, { ...forAll, runIn, approve: () => true });
      expect(saidIn(back)).toMatch(/^took back .* every flow log of organization o-a1b2c3d4e5/);
      expect(stepsIn(back)).toBe('Plan Decide Approve TakeBack Check Done');
      expect(isAdmitted(office)).toBe(false);
    }),
  );
});

describe('an execution of one account', () => {
  it('is not planned, mended or looked at by another', () =>
    inOffice({}, async (office) => {
      await mended(office, { approve: () => false });
      const kept = () => office.tables[central]?.itemsIn(region).get('execution/execution-1');
      const before = kept();
      const id = 'execution-1';
      const { executions } = office.automationsOf(member);
      const running = { ...executions.get(id), AutomationExecutionStatus: 'InProgress' };
      office.automationsOf(neighbour).executions.set(id, running as never);
      for (const [step, words] of [
        ['plan', /^nothing was written: /],
        [
          'mend',
          /^nothing was written: there is no execution execution-1 in this account and Region/,
        ],
        [
          'look',
          /^whether .* not known: there is no execution execution-1 in this account and Region/,
        ],
      ] as const) {
        const input = { step, accountId: neighbour, flowLogId, executionId: 'execution-1' };
        const { payload, failed } = await invoke(office, input, asCentral);
        // A plan that refuses is no fault of the mender.
        expect(failed).toBe(step !== 'plan');
        expect(wordsIn(payload)).toMatch(words);
      }
      expect(kept()).toEqual(before);
      nothingPut(office);
    }));
});

const told: readonly [string, Given, RegExp][] = [
  [
    'the mender role of the key is missing',
    withRole(`${security}/${mender}`, undefined),
    /^nothing was written: key .* cannot be mended: role flow-log-key-rule-mender of account 777788889999 cannot be assumed \(AccessDenied\): deploy it there, and let it trust the role of this function$/,
  ],
  [
    'the mender role may not use the table',
    withRole(`${security}/${mender}`, ['GetKeyPolicy', 'PutKeyPolicy']),
    /^nothing was written: the lease could not be taken \(AccessDeniedException: ASIA777788889999flow-log-key-rule-mender is not authorized to perform GetItem\)$/,
  ],
  [
    'the mender role may not read the policy',
    withRole(`${security}/${mender}`, ['PutKeyPolicy', 'GetItem', 'UpdateItem']),
    /^nothing was written: AccessDeniedException: .*flow-log-key-rule-mender is not authorized to perform GetKeyPolicy$/,
  ],
  [
    'the account of the key has no table',
    { withoutTable: [security] },
    /^nothing was written: .*table flow-log-key-rule does not exist in us-east-1 of account 777788889999: deploy the rule with remediation there/,
  ],
  [
    'the reader role of the member is missing',
    withRole(`${member}/${reader}`, undefined),
    /^nothing was written: flow logs cannot be read: role flow-log-key-rule-reader of account 111122223333 cannot be assumed/,
  ],
  [
    'the reader role of the key is missing',
    withRole(`${security}/${reader}`, undefined),
    /^nothing was written: .*role flow-log-key-rule-reader of account 777788889999 cannot be assumed/,
  ],
];

describe('nothing is written, and the runbook says why and what to do, where', () => {
  it.each(told)('%s', (_, given, words) =>
    inOffice(given, async (office) => {
      const ran = await mended(office);
      const said = ran.steps
        .map(({ outputs }) => outputs.Payload ?? '')
        .filter((payload) => /errorMessage|"outcome":"refused"/.test(payload))
        .map(wordsIn);
      expect(said[0]).toMatch(words);
      expect(ran.status).toBe('Failed');
      expect(callsOf(office, 'PutKeyPolicy')).toEqual([]);
      expect(office.policies.historyOf(keyArn)).toHaveLength(1);
    }),
  );

  it('the mender role may not put the policy', () =>
    inOffice(
      withRole(`${security}/${mender}`, ['GetKeyPolicy', 'GetItem', 'UpdateItem']),
      async (office) => {
        const ran = await mended(office);
        expect(JSON.stringify(ran.steps)).toMatch(
          /nothing was written: KMS refused the policy of key .*777788889999.*AccessDeniedException.*let the key policy allow kms:PutKeyPolicy/,
        );
        expect(ran.status).toBe('Failed');
        expect(office.policies.historyOf(keyArn)).toHaveLength(1);
        expect(office.tables[security]?.itemsIn(region).get(`lease/${keyArn}`)).not.toHaveProperty(
          'holder',
        );
      },
    ));

  it('the mender role is missing, before anybody is asked to approve', () =>
    inOffice(withRole(`${security}/${mender}`, undefined), async (office) => {
      const ran = await mended(office, { approve: () => true });
      expect(stepsIn(ran)).toBe('Plan Decide Stop');
      nothingPut(office);
    }));

  it('exemptions of the central account say so', () =>
    inOffice(
      {
        change: (organization) => ({
          ...organization,
          accounts: organization.accounts.map((each) =>
            each.accountId === central
              ? {
                  ...each,
                  parameters: {
                    '/exemptions': JSON.stringify([
                      {
                        pattern: { account: member },
                        reason: 'moves soon',
                        owner: 'network team',
                        expires: '2999-01-31',
                      },
                    ]),
                  },
                }
              : each,
          ),
        }),
      },
      async (office) => {
        const ran = await mended(office);
        expect(saidIn(ran)).toMatch(/^nothing to do for .* exempt until 2999-01-31/);
        nothingPut(office);
      },
    ));
});
