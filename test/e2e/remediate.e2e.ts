import { canonical } from '../../rule/policy/canonical.ts';
import type { Executed } from './automation.ts';
import type { FlowLog } from './aws-stand-in.ts';
import { statementsIn, type Policy, type Statement } from './kms-stand-in.ts';
import {
  accountId,
  administrators,
  admittedIn,
  age,
  callsIn,
  closed,
  encryptedWith,
  flowLog,
  flowLogId,
  inWorld,
  keyArn,
  keyArnOf,
  leaseIn,
  othersIn,
  region,
  remediate,
  saidIn,
  sourceArnIn,
  stepsIn,
  takeBack,
  type Remediating,
  type World,
  type WorldOptions,
} from './mender.ts';

const policyIn = (world: World): Policy => world.policies.policyOf(keyArn);
const admitted = (world: World): readonly string[] => admittedIn(policyIn(world));

const unrelated: Statement = {
  Sid: 'Unrelated',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${accountId}:role/unrelated` },
  Action: 'kms:Decrypt',
  Resource: '*',
};

const denyAll: Statement = {
  Sid: 'Nobody',
  Effect: 'Deny',
  Principal: '*',
  Action: ['kms:GenerateDataKey'],
  Resource: '*',
};

const and =
  (...more: readonly Statement[]) =>
  (policy: Policy): Policy => ({ ...policy, Statement: [...statementsIn(policy), ...more] });

const open = and({
  Sid: 'Delivery',
  Effect: 'Allow',
  Principal: { Service: 'delivery.logs.amazonaws.com' },
  Action: 'kms:*',
  Resource: '*',
})(closed);

/** Changes a policy by hand. */
const byHand =
  (change: (policy: Policy) => Policy) =>
  (world: World): void => {
    world.policies.edit(keyArn, change);
  };

/** Nobody has put anything, nor asked to. */
function nothingWritten(world: World): void {
  for (const operation of ['PutKeyPolicy', 'UpdateItem', 'PutItem'])
    expect(callsIn(world, operation)).toEqual([]);
}

/** No policy was put, and nobody is kept out. */
function policyUntouched(world: World): void {
  expect(callsIn(world, 'PutKeyPolicy')).toEqual([]);
  expect(leaseIn(world)?.holder).toBeUndefined();
}

const failedWith = (ran: Executed, message: RegExp): void => {
  expect(saidIn(ran)).toMatch(message);
  expect(ran.status).toBe('Failed');
};

describe('the runbook mends', () => {
  const mended = 'Plan Decide Mend Check Done';

  it('the policy, leaves all other statements alone, and keeps what was there before', () =>
    inWorld({}, async (world) => {
      const ran = await remediate(world);
      expect({ ran: stepsIn(ran), status: ran.status }).toEqual({ ran: mended, status: 'Success' });
      expect(saidIn(ran)).toContain(`key policy admits delivery of flow log ${flowLogId}`);
      expect(saidIn(ran)).toContain('DeliverLogsStatus FAILED (Access error)');
      expect(admitted(world)).toEqual([sourceArnIn(region)]);
      expect(canonical(othersIn(policyIn(world)))).toBe(canonical(closed.Statement));
      const { before } = world.tables.itemsIn(region).get('execution/execution-1') ?? {};
      expect(canonical(JSON.parse(before?.S ?? ''))).toBe(canonical(closed));
      expect(leaseIn(world)).toMatchObject({ lastPut: expect.anything() as unknown });
      expect(leaseIn(world)).not.toHaveProperty('holder');
      expect(callsIn(world, 'PutKeyPolicy')).toHaveLength(1);
    }));

  it('after somebody has approved what Plan says', () =>
    inWorld({}, async (world) => {
      const ran = await remediate(world, { approve: () => true });
      expect(stepsIn(ran)).toBe('Plan Decide Approve Mend Check Done');
      expect(ran.status).toBe('Success');
      expect(ran.outputs['Plan.Payload']).toContain('arn:aws:logs:us-east-1:111122223333:*');
      expect(admitted(world)).toEqual([sourceArnIn(region)]);
    }));

  it('a policy of one statement, which KMS tells without a list', () => {
    const policies = { [keyArn]: { ...closed, Statement: [administrators] } };
    return inWorld({ policies }, async (world) => {
      expect((await remediate(world)).status).toBe('Success');
      expect(statementsIn(policyIn(world))).toHaveLength(2);
    });
  });

  it('for the organization where that is the scope', () =>
    inWorld({}, async (world) => {
      const ran = await remediate(world, {
        scope: 'organization',
        ruleParameters: { OrganizationId: 'o-a1b2c3d4e5' },
      });
      expect(ran.status).toBe('Success');
      expect(statementsIn(policyIn(world)).map(({ Condition }) => Condition)).toContainEqual({
        StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' },
      });
    }));

  it.each([
    ['o-a1b2c3d4e5', 'Success', 1],
    ['o-zzzzzzzzzz', 'Failed', 0],
  ])(
    'a policy with a Deny for all other organizations, in %s: %s',
    (organization, status, puts) => {
      const guard = {
        Effect: 'Deny',
        Principal: '*' as const,
        Action: 'kms:GenerateDataKey*',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } },
      };
      const policies = { [keyArn]: { ...closed, Statement: [...statementsIn(closed), guard] } };
      return inWorld({ policies, organization }, async (world) => {
        expect((await remediate(world)).status).toBe(status);
        expect(callsIn(world, 'PutKeyPolicy')).toHaveLength(puts);
      });
    },
  );

  it('the same again as nothing to do', () =>
    inWorld({}, async (world) => {
      await remediate(world);
      const again = await remediate(world, { executionId: 'execution-2' });
      expect({ ran: stepsIn(again), status: again.status }).toEqual({
        ran: 'Plan Decide Done',
        status: 'Success',
      });
      expect(saidIn(again)).toMatch(/^nothing to do for flow log/);
      expect(callsIn(world, 'PutKeyPolicy')).toHaveLength(1);
    }));

  it('a second Region into the same statement', () => {
    const second: FlowLog = { ...flowLog, id: 'fl-00000002', region: 'eu-west-1' };
    return inWorld({ flowLogs: [flowLog, second] }, async (world) => {
      await remediate(world);
      const ran = await remediate(world, {
        executionId: 'execution-2',
        flowLogId: second.id,
        region: second.region,
      });
      expect(saidIn(ran)).toMatch(/^key policy admits delivery/);
      expect([...admitted(world)].sort()).toEqual([sourceArnIn('eu-west-1'), sourceArnIn(region)]);
      expect(statementsIn(policyIn(world))).toHaveLength(3);
    });
  });

  it('nothing when the approval is denied', () =>
    inWorld({}, async (world) => {
      const ran = await remediate(world, { approve: () => false });
      expect({ ran: stepsIn(ran), status: ran.status }).toEqual({
        ran: 'Plan Decide Approve',
        status: 'Failed',
      });
      policyUntouched(world);
      expect(callsIn(world, 'UpdateItem')).toEqual([]);
    }));

  it.each<[string, Remediating['meanwhile']]>([
    ['an unrelated statement was added', byHand(and(unrelated))],
    [
      'another statement of our name was added',
      byHand(and({ ...unrelated, Sid: 'FlowLogKeyRule' })),
    ],
    [
      'KMS wrote the policy otherwise',
      byHand((policy) => ({ ...policy, Statement: [...statementsIn(policy)].reverse() })),
    ],
  ])('what was planned although meanwhile %s, and keeps that', async (_, meanwhile) => {
    await inWorld({}, async (world) => {
      const ran = await remediate(world, { meanwhile: meanwhile ?? (() => undefined) });
      expect(saidIn(ran)).toMatch(/^key policy admits delivery/);
      expect(ran.status).toBe('Success');
      expect(admitted(world)).toContain(sourceArnIn(region));
      const edited = JSON.parse(world.policies.historyOf(keyArn)[1] ?? '') as Policy;
      for (const kept of statementsIn(edited))
        expect(statementsIn(policyIn(world)).map((each) => canonical(each))).toContain(
          canonical(kept),
        );
    });
  });

  it.each<[string, WorldOptions, (world: World) => void, RegExp]>([
    [
      'the bucket uses another key',
      { policies: { [keyArnOf('other')]: closed } },
      ({ buckets }) => (buckets.archive = encryptedWith(keyArnOf('other'))),
      /nothing was written: .*does not depend on key .*key\/archive any more: plan again/,
    ],
    [
      'the key was disabled',
      {},
      ({ keys }) => (keys[keyArn] = { policy: '', state: 'Disabled' }),
      /nothing was written: no statement .* mends .*Disabled/,
    ],
    [
      'the policy got a Deny',
      {},
      byHand(and(denyAll)),
      /nothing was written: no statement .* mends .*den/i,
    ],
    [
      'the flow log was deleted',
      {},
      ({ flowLogs }) => flowLogs.splice(0),
      /nothing was written: flow log .* does not exist/,
    ],
    [
      'the bucket was deleted',
      {},
      ({ buckets }) => delete buckets.archive,
      /nothing was written: /,
    ],
  ])('nothing when meanwhile %s', async (_, options, meanwhile, message) => {
    await inWorld(options, async (world) => {
      const ran = await remediate(world, { meanwhile });
      expect(stepsIn(ran)).toBe('Plan Decide Approve Mend Look');
      const said = ran.steps.find(({ name }) => name === 'Mend')?.message;
      expect(said).toMatch(message);
      failedWith(ran, /nothing was written/);
      policyUntouched(world);
    });
  });

  it('nothing where the key is in a Region without a table', () => {
    const abroad: FlowLog = { ...flowLog, region: 'eu-west-1' };
    return inWorld({ flowLogs: [abroad], withoutTable: [region] }, async (world) => {
      const ran = await remediate(world, { region: abroad.region });
      const said = ran.steps.find(({ name }) => name === 'Mend')?.message;
      expect(said).toMatch(/nothing was written: .*table .* does not exist in us-east-1/);
      failedWith(ran, /^nothing was written: /);
      policyUntouched(world);
    });
  });

  it('nothing when meanwhile somebody else let AWS deliver, which is well', () =>
    inWorld({}, async (world) => {
      const ran = await remediate(world, { meanwhile: byHand(() => open) });
      expect(saidIn(ran)).toMatch(/^nothing to do for flow log/);
      expect(ran.status).toBe('Success');
      policyUntouched(world);
    }));
});

describe('before anybody is asked', () => {
  it.each<[string, WorldOptions, RegExp]>([
    ['the policy admits delivery', { policies: { [keyArn]: open } }, /^nothing to do/],
    [
      'the flow log goes to a log group',
      {
        flowLogs: [
          {
            id: flowLogId,
            region,
            type: 'cloud-watch-logs',
            destination: `arn:aws:logs:${region}:${accountId}:log-group:flow-logs`,
          },
        ],
      },
      /^nothing to do/,
    ],
    [
      'the bucket needs no key',
      { buckets: { archive: { region, encryption: { algorithm: 'AES256' } } } },
      /^nothing to do/,
    ],
  ])('it ends well when %s', async (_, options, message) => {
    await inWorld(options, async (world) => {
      const ran = await remediate(world, {
        approve() {
          throw new Error('nobody is to be asked');
        },
      });
      expect(saidIn(ran)).toMatch(message);
      expect({ ran: stepsIn(ran), status: ran.status }).toEqual({
        ran: 'Plan Decide Done',
        status: 'Success',
      });
      nothingWritten(world);
    });
  });

  const long: Statement = {
    ...unrelated,
    Action: Array.from({ length: 1500 }, (_, nth) => `kms:Describe${nth}XXXX`),
  };
  const abroad = keyArnOf('abroad', 'eu-west-1');
  const deletedRole: Statement = { ...unrelated, Principal: { AWS: 'AROAEXAMPLEEXAMPLEEXA' } };
  const twice = JSON.stringify(closed).replace('"Sid"', '"Sid":"First","Sid"');

  it.each<[string, WorldOptions, RegExp]>([
    ['the flow log is gone', { flowLogs: [] }, /flow log fl-\w+ does not exist/],
    [
      'the key is disabled',
      { keys: { [keyArn]: { state: 'Disabled' } } },
      /key-state: .*is Disabled: enable it/,
    ],
    [
      'the key is one of AWS',
      { keys: { [keyArn]: { manager: 'AWS' } } },
      /aws-managed-key: .*cannot be edited/,
    ],
    [
      'the policy has a Deny',
      { policies: { [keyArn]: and(denyAll)(closed) } },
      /key-policy: .*Deny|den/,
    ],
    [
      'the key is in another Region than the bucket',
      { policies: { [abroad]: closed }, buckets: { archive: encryptedWith(abroad) } },
      /key-region: key of bucket archive is in eu-west-1/,
    ],
    [
      'the bucket does not exist',
      { buckets: {}, flowLogs: [{ ...flowLog, destination: 'arn:aws:s3:::nowhere' }] },
      /bucket nowhere does not exist/,
    ],
    [
      'the key does not exist',
      { buckets: { archive: encryptedWith(keyArnOf('gone')) } },
      /key .*gone does not exist/,
    ],
    [
      'the policy would be too long',
      { policies: { [keyArn]: and(long)(closed) } },
      /would take \d{5} bytes, and KMS takes 32768: admit the whole organization instead/,
    ],
    [
      'the policy names a deleted role',
      { policies: { [keyArn]: and(deletedRole)(closed) } },
      /no longer exist.*AROAEXAMPLEEXAMPLEEXA/,
    ],
    [
      'there is no table',
      { withoutTable: [region] },
      /table flow-log-key-rule does not exist in us-east-1/,
    ],
    [
      'EC2 does not tell',
      {
        faults: [
          { operation: 'DescribeFlowLogs', answer: { status: 403, code: 'UnauthorizedOperation' } },
        ],
      },
      /UnauthorizedOperation/,
    ],
    [
      'KMS does not tell the policy',
      {
        faults: [
          { operation: 'GetKeyPolicy', answer: { status: 400, code: 'AccessDeniedException' } },
        ],
      },
      /kms:GetKeyPolicy/,
    ],
  ])('it fails, and says that nothing was written, when %s', async (_, options, message) => {
    await inWorld(options, async (world) => {
      const ran = await remediate(world, {
        approve() {
          throw new Error('nobody is to be asked');
        },
      });
      failedWith(ran, message);
      expect(saidIn(ran)).toMatch(/^nothing was written: /);
      // A fault of the mender ends the execution at once, a refusal at Stop.
      expect(stepsIn(ran)).toMatch(/^Plan( Decide Stop)?$/);
      policyUntouched(world);
    });
  });

  it('it fails as well if Systems Manager takes a failed function for a success', () =>
    inWorld({ flowLogs: [] }, async (world) => {
      const ran = await remediate(world, { failuresPass: true });
      expect({ ran: stepsIn(ran), status: ran.status }).toEqual({
        ran: 'Plan Decide Stop',
        status: 'Failed',
      });
      nothingWritten(world);
    }));

  it('it refuses to carry out an execution again', () =>
    inWorld({}, async (world) => {
      await remediate(world);
      byHand(() => closed)(world);
      age(world);
      failedWith(
        await remediate(world),
        /^nothing was written: execution execution-1 has another plan, or was carried out/,
      );
      expect(callsIn(world, 'PutKeyPolicy')).toHaveLength(1);
    }));

  it('it refuses what JSON does not keep', () =>
    inWorld({ policies: { [keyArn]: twice } }, async (world) => {
      const ran = await remediate(world);
      failedWith(ran, /nothing was written/);
      expect(saidIn(ran)).toMatch(/has the name .*Sid.* twice/);
      policyUntouched(world);
      expect(world.policies.historyOf(keyArn)).toEqual([twice]);
    }));
});

describe('what KMS refuses', () => {
  const role = `arn:aws:iam::${accountId}:role/unrelated`;
  const withoutAdministrators = { Version: '2012-10-17', Statement: [unrelated] };
  const denied = { status: 400, code: 'AccessDeniedException' };

  it.each<[string, WorldOptions, RegExp]>([
    [
      'for a principal that is gone says which it may be',
      { policies: { [keyArn]: and(unrelated)(closed) }, deleted: [role] },
      /principal may not exist any more, look for .*role\/unrelated/,
    ],
    [
      'because nobody could change it any more says so',
      { policies: { [keyArn]: withoutAdministrators } },
      /nobody could change the policy any more; add a statement for an administrator/,
    ],
    [
      'because it is not allowed says where to allow it',
      { faults: [{ operation: 'PutKeyPolicy', answer: denied }] },
      /AccessDeniedException.*name the key in remediationKeys/,
    ],
  ])('%s, and that nothing was written', async (_, options, message) => {
    await inWorld(options, async (world) => {
      const ran = await remediate(world);
      expect(stepsIn(ran)).toBe('Plan Decide Mend Look');
      const mend = ran.steps.find(({ name }) => name === 'Mend');
      expect(mend?.message).toMatch(/nothing was written: KMS refused the policy/);
      expect(mend?.message).toMatch(message);
      expect(ran.status).toBe('Failed');
      expect(world.policies.historyOf(keyArn)).toHaveLength(1);
      expect(leaseIn(world)).toEqual({
        id: expect.anything() as unknown,
        ttl: expect.anything() as unknown,
      });
    });
  });
});

describe('taking back', () => {
  it('restores the policy, and has nothing to do the second time', () =>
    inWorld({}, async (world) => {
      await remediate(world);
      const ran = await takeBack(world);
      expect(saidIn(ran)).toMatch(/^took back what execution execution-1 had put/);
      expect(stepsIn(ran)).toBe('Plan Decide TakeBack Check Done');
      expect(canonical(policyIn(world))).toBe(canonical(closed));
      expect(leaseIn(world)).not.toHaveProperty('holder');
      const again = await takeBack(world);
      expect({ said: saidIn(again), status: again.status }).toEqual({
        said: expect.stringMatching(/^nothing to do: /) as string,
        status: 'Success',
      });
      expect(callsIn(world, 'PutKeyPolicy')).toHaveLength(2);
    }));

  it.each<[string, (policy: Policy) => Policy]>([
    [
      'our statement was edited',
      (policy) => ({
        ...policy,
        Statement: statementsIn(policy).map((each) =>
          each.Sid === 'FlowLogKeyRule' ? { ...each, Action: 'kms:*' } : each,
        ),
      }),
    ],
    [
      'a statement of the same name was added',
      (policy) => and({ ...unrelated, Sid: 'FlowLogKeyRule' })(policy),
    ],
  ])('refuses when %s since, and writes nothing', async (_, change) => {
    await inWorld({}, async (world) => {
      await remediate(world);
      byHand(change)(world);
      age(world);
      failedWith(
        await takeBack(world),
        /^nothing was written: statement FlowLogKeyRule of key .* was edited since/,
      );
      expect(callsIn(world, 'PutKeyPolicy')).toHaveLength(1);
    });
  });

  it('keeps what others wrote since, and what other Regions and accounts need', () =>
    inWorld({}, async (world) => {
      const others = ['arn:aws:logs:us-east-1:444455556666:*', sourceArnIn('eu-west-1')];
      const grown = (policy: Policy): Policy => ({
        ...policy,
        Statement: [
          ...othersIn(policy),
          unrelated,
          ...statementsIn(policy)
            .filter(({ Sid }) => Sid === 'FlowLogKeyRule')
            .map((each) => ({
              ...each,
              Condition: {
                StringEquals: { 'aws:SourceAccount': [accountId, '444455556666'] },
                ArnLike: { 'aws:SourceArn': [...others, sourceArnIn(region)] },
              },
            })),
        ],
      });
      await remediate(world);
      byHand(grown)(world);
      age(world);
      const ran = await takeBack(world);
      expect(ran.status).toBe('Success');
      expect([...admitted(world)].sort()).toEqual(others.sort());
      expect(canonical(othersIn(policyIn(world)))).toBe(
        canonical([...statementsIn(closed), unrelated]),
      );
    }));

  it('of what was planned and not written has nothing to do', () =>
    inWorld({}, async (world) => {
      await remediate(world, { approve: () => false });
      const ran = await takeBack(world);
      expect(saidIn(ran)).toMatch(/^nothing to do: /);
      policyUntouched(world);
    }));

  it('of an execution that nobody has heard of fails', () =>
    inWorld({}, async (world) => {
      failedWith(await takeBack(world), /^nothing was written: there is no execution execution-1/);
      nothingWritten(world);
    }));

  it('fails as well if Systems Manager takes a failed function for a success', () =>
    inWorld({}, async (world) => {
      const ran = await takeBack(world, { failuresPass: true });
      expect({ ran: stepsIn(ran), status: ran.status }).toEqual({
        ran: 'Plan Decide Stop',
        status: 'Failed',
      });
    }));
});

describe('what KMS shows soon after a put, and nobody put,', () => {
  it('is not taken for the policy while there may be a later one', () =>
    inWorld({}, async (world) => {
      await remediate(world);
      byHand(and(unrelated))(world);
      const ran = await takeBack(world, { milliseconds: 16_000 });
      failedWith(
        ran,
        /^nothing was written: the key policy is not the one that was put at .* run this again after/,
      );
      expect(callsIn(world, 'PutKeyPolicy')).toHaveLength(1);
      expect(leaseIn(world)).not.toHaveProperty('holder');
    }));

  it('is waited for where there is time, and is kept', () =>
    inWorld({}, async (world) => {
      await remediate(world, { pace: 5 });
      byHand(and(unrelated))(world);
      await new Promise((resolve) => setTimeout(resolve, 4_500));
      const ran = await takeBack(world, { pace: 5 });
      expect(saidIn(ran)).toMatch(/^took back/);
      expect(canonical(policyIn(world))).toBe(canonical(and(unrelated)(closed)));
    }));

  it('is the policy after that', () =>
    inWorld({}, async (world) => {
      await remediate(world);
      byHand(and(unrelated))(world);
      age(world);
      const ran = await takeBack(world, { milliseconds: 20_000 });
      expect(saidIn(ran)).toMatch(/^took back/);
      expect(canonical(policyIn(world))).toBe(canonical(and(unrelated)(closed)));
    }));
});
