import type { Executed } from './automation.ts';
import type { ShownAutomation, ShownAutomationStep } from './automation-stand-in.ts';
import {
  admitted,
  asCentral,
  callsOf,
  failedWith,
  inOffice,
  mended,
  neighbour,
  nothingPut,
  SECRET,
  tookBack,
  withRole,
  type Given,
  type Office,
  ofCentral,
} from './office.ts';
import { approver, documents, invoke, saidIn, sourceArnIn, stepsIn, wordsIn } from './mender.ts';
import {
  archive,
  bucketOf,
  central,
  executionReader,
  flowLogId,
  keyArn,
  keyOf,
  member,
  region,
  security,
} from './organization-world.ts';

/** Invokes the function with an event that nobody but a runbook should send. */
async function forge(office: Office, event: object, more: object = {}): Promise<string> {
  const { payload, failed } = await invoke(office, event, { ...asCentral, ...more });
  expect({ payload, failed }).toMatchObject({ failed: true });
  expect(payload).not.toContain(SECRET);
  return wordsIn(payload);
}

const approved: ShownAutomationStep = {
  StepName: 'Approve',
  Action: 'aws:approve',
  StepStatus: 'Success',
  Inputs: { Approvers: JSON.stringify([approver]) },
};

/** An execution that runs now, and has the approval. */
const running: ShownAutomation = {
  AutomationExecutionId: 'execution-1',
  DocumentName: documents.mend,
  DocumentVersion: '1',
  AutomationExecutionStatus: 'InProgress',
  Parameters: { FlowLogId: [flowLogId], AutomationAssumeRole: ['arn:aws:iam::1:role/r'] },
  StepExecutions: [{ StepName: 'Plan', Action: 'aws:invokeLambdaFunction', StepStatus: 'Success' }],
};

/** Shows an execution in an account, as if this ran there. */
const showIn = (office: Office, accountId: string, change: Partial<ShownAutomation> = {}): void => {
  const shown = { ...running, ...change };
  office.automationsOf(accountId).executions.set(shown.AutomationExecutionId, shown);
};

const unproven = /does not prove that a runbook asks: /;
const event = { accountId: member, flowLogId, executionId: 'execution-1' };

describe('an account in an event proves nothing:', () => {
  it.each([
    ['without its execution', {}],
    ['with an execution of its own', { askedBy: 'execution-of-neighbour' }],
    ['with the execution that is to be taken back', { askedBy: 'execution-1' }],
  ])('nobody takes back for another account %s', (_, more) =>
    inOffice({}, async (office) => {
      await mended(office);
      showIn(office, neighbour, {
        AutomationExecutionId: 'execution-of-neighbour',
        DocumentName: documents.takeBack,
        Parameters: { ExecutionId: ['execution-1'] },
      });
      const forged = { accountId: member, executionId: event.executionId };
      expect(await forge(office, { step: 'take-back', ...forged, ...more })).toMatch(
        /^nothing was written: /,
      );
      expect(admitted(office)).toEqual([sourceArnIn(region)]);
    }),
  );

  it('nobody is shown the policy of a key by naming the account of the key', () =>
    inOffice(ofCentral, async (office) => {
      showIn(office, neighbour, { AutomationExecutionId: 'execution-of-neighbour' });
      const forged = { ...event, accountId: central, executionId: 'execution-of-neighbour' };
      expect(await forge(office, { step: 'plan', ...forged })).toMatch(unproven);
      expect(office.policies.historyOf(keyOf(central))).toHaveLength(1);
    }));

  it('nobody mends past the runbook, and its approval', () =>
    inOffice({}, async (office) => {
      for (const step of ['plan', 'mend', 'look'])
        expect(await forge(office, { step, ...event })).toMatch(unproven);
      nothingPut(office);
    }));
});

describe('no step is done for an execution', () => {
  it.each<[string, Partial<ShownAutomation>, RegExp]>([
    ['that has ended', { AutomationExecutionStatus: 'Success' }, /not in progress$/],
    ['that is being cancelled', { AutomationExecutionStatus: 'Cancelling' }, /not in progress$/],
    ['that waits', { AutomationExecutionStatus: 'Waiting' }, /not in progress$/],
    [
      'of another document',
      { DocumentName: 'secret-document' },
      /not one of document flow-log-key/,
    ],
    [
      'of the runbook that takes back',
      { DocumentName: documents.takeBack, Parameters: { ExecutionId: ['execution-1'] } },
      /not one of document flow-log-key/,
    ],
    [
      'for another flow log',
      { Parameters: { FlowLogId: ['fl-00000000000secret'] } },
      /is for another FlowLogId$/,
    ],
    [
      'for several flow logs',
      { Parameters: { FlowLogId: [flowLogId, 'fl-00000000000secret'] } },
      /is for another FlowLogId$/,
    ],
    ['without a flow log', { Parameters: {} }, /is for another FlowLogId$/],
  ])('%s, and no more is told of it', (_, shown, words) =>
    inOffice({}, async (office) => {
      showIn(office, member, { ...shown, StepExecutions: [approved] });
      for (const step of ['plan', 'mend', 'look']) {
        const said = await forge(office, { step, ...event });
        expect(said).toMatch(unproven);
        expect(said).toMatch(words);
        expect(said).not.toContain('secret');
      }
      nothingPut(office);
    }),
  );

  it('that another account runs', () =>
    inOffice({}, async (office) => {
      showIn(office, neighbour);
      expect(await forge(office, { step: 'plan', ...event })).toMatch(unproven);
      nothingPut(office);
    }));

  it('where the account shows its executions to nobody, and says what to deploy', () =>
    inOffice(withRole(`${member}/${executionReader}`, undefined), async (office) => {
      showIn(office, member);
      expect(await forge(office, { step: 'plan', ...event })).toMatch(
        /^nothing was written: the asking account is not proven: role flow-log-key-rule-execution-reader of account 111122223333 cannot be assumed \(AccessDenied\): deploy it there/,
      );
      nothingPut(office);
    }));

  it('where the role may not look', () =>
    inOffice(withRole(`${member}/${executionReader}`, []), async (office) => {
      showIn(office, member);
      expect(await forge(office, { step: 'plan', ...event })).toMatch(
        /no such execution can be seen \(AccessDeniedException: /,
      );
      nothingPut(office);
    }));
});

describe('where the deployment demands approval', () => {
  const demanding = { approval: 'required' } as const;
  const steps = (...last: readonly ShownAutomationStep[]): Partial<ShownAutomation> => ({
    StepExecutions: [...running.StepExecutions, ...last],
  });

  it.each<[string, Partial<ShownAutomation>]>([
    ['an older document without the step', steps()],
    ['an approval that waits', steps({ ...approved, StepStatus: 'Waiting' })],
    ['an approval that was denied', steps({ ...approved, StepStatus: 'Failed' })],
    ['another step of that name', steps({ ...approved, Action: 'aws:sleep' })],
  ])('nothing is put by %s', (_, shown) =>
    inOffice({}, async (office) => {
      showIn(office, member, shown);
      const plan = await invoke(office, { step: 'plan', ...event }, { ...asCentral, ...demanding });
      expect(plan.failed).toBe(false);
      expect(await forge(office, { step: 'mend', ...event }, demanding)).toMatch(
        /nobody has approved the execution, and the deployment demands approval$/,
      );
      nothingPut(office);
    }),
  );

  const asking = (Approvers: string): Partial<ShownAutomation> =>
    steps({ ...approved, Inputs: { Approvers } });
  it.each<[string, Partial<ShownAutomation>]>([
    ['somebody else', asking(`["arn:aws:iam::${member}:role/administrator"]`)],
    ['an approver or somebody else', asking(JSON.stringify([approver, `${approver}2`]))],
    ['nobody', asking('[]')],
    ['a text that is no list', asking(JSON.stringify(approver))],
    ['a step that shows nobody', steps({ ...approved, Inputs: {} })],
  ])('nothing is put after an approval of %s', (_, shown) =>
    inOffice({}, async (office) => {
      showIn(office, member, shown);
      await invoke(office, { step: 'plan', ...event }, { ...asCentral, ...demanding });
      expect(await forge(office, { step: 'mend', ...event }, demanding)).toMatch(
        /asked others for approval than remediationApprovers names: start another$/,
      );
      nothingPut(office);
    }),
  );

  it('a changed document cannot choose the approvers', () =>
    inOffice({}, async (office) => {
      const asked = `arn:aws:iam::${member}:role/administrator`;
      const ran = await mended(office, { approve: () => true, asked });
      expect(ran.steps.find(({ name }) => name === 'Mend')?.message).toMatch(
        /nothing was written: .*asked others for approval/,
      );
      expect(ran.status).toBe('Failed');
      nothingPut(office);
    }));

  it('nothing else is planned after the approval', () => {
    const buckets = { 'central-logs': bucketOf(keyArn) };
    const change: Given['change'] = (organization) => ({
      ...organization,
      accounts: organization.accounts.map((each) =>
        each.accountId === archive ? { ...each, buckets } : each,
      ),
    });
    return inOffice({ change }, async (office) => {
      const ask = async (step: string) =>
        wordsIn((await invoke(office, { step, ...event }, { ...asCentral, ...demanding })).payload);
      showIn(office, member, { StepExecutions: [...running.StepExecutions, approved] });
      expect(await ask('plan')).toContain(`in the policy of key ${keyArn}`);
      expect(await ask('plan')).toContain(`in the policy of key ${keyArn}`);
      buckets['central-logs'] = bucketOf(keyOf(central));
      expect(await ask('plan')).toMatch(
        /^nothing was written: execution execution-1 has another plan, or was carried out: start another$/,
      );
      expect(await ask('mend')).toMatch(/^nothing was written: .* does not depend on key /);
      expect(callsOf(office, 'PutKeyPolicy')).toEqual([]);
    });
  });

  it('nothing is taken back without approval either', () =>
    inOffice({}, async (office) => {
      await mended(office);
      const back = await tookBack(office, demanding);
      failedWith(back, /^nothing was written: .*nobody has approved/);
      expect(admitted(office)).toEqual([sourceArnIn(region)]);
    }));

  it('what was approved is mended, and taken back', () =>
    inOffice({}, async (office) => {
      const approve = () => true;
      expect(stepsIn(await mended(office, { approve }))).toBe(
        'Plan Decide Approve Mend Check Done',
      );
      const back: Executed = await tookBack(office, { approve });
      expect({ steps: stepsIn(back), said: saidIn(back) }).toEqual({
        steps: 'Plan Decide Approve TakeBack Check Done',
        said: expect.stringMatching(/^took back /) as unknown,
      });
    }));

  it('a denial leaves the policy as it is', () =>
    inOffice({}, async (office) => {
      await mended(office);
      const back = await tookBack(office, { approve: () => false });
      expect([stepsIn(back), back.status]).toEqual(['Plan Decide Approve', 'Failed']);
      expect(admitted(office)).toEqual([sourceArnIn(region)]);
    }));
});

it('Systems Manager may show an execution some seconds late', () =>
  inOffice({}, async (office) => {
    showIn(office, member, { AutomationExecutionStatus: 'Pending' });
    const asked = invoke(office, { step: 'plan', ...event }, { ...asCentral, pace: 100 });
    const { calls } = office.aws.of(member);
    const until = Date.now() + 20_000;
    while (
      Date.now() < until &&
      !calls.some(({ operation }) => operation.startsWith('GetAutomation'))
    )
      await new Promise((resolve) => setTimeout(resolve, 2));
    showIn(office, member);
    expect(await asked).toMatchObject({ failed: false });
  }));

it('an execution that was taken back is not mended again, even while it runs', () =>
  inOffice({}, async (office) => {
    await mended(office);
    await tookBack(office);
    showIn(office, member);
    expect(await forge(office, { step: 'mend', ...event })).toMatch(
      /^nothing was written: execution execution-1 was taken back, start another$/,
    );
    expect(admitted(office)).toEqual([]);
  }));

it('who waits for a lease is not told who holds it', () =>
  inOffice({}, async (office) => {
    office.tables[security]?.itemsIn(region).set(`lease/${keyArn}`, {
      id: { S: `lease/${keyArn}` },
      holder: { S: `execution 0a1b2c3d of account ${neighbour} (request)` },
      heldUntil: { N: String(Date.now() + 800_000) },
    });
    showIn(office, member);
    const { failed } = await invoke(office, { step: 'plan', ...event }, asCentral);
    expect(failed).toBe(false);
    const said = await forge(office, { step: 'mend', ...event }, { milliseconds: 14_000 });
    expect(said).toMatch(
      /^nothing was written: another mend is at work on the key policy, at most/,
    );
    expect(said).not.toMatch(/0a1b2c3d|222233334444/);
  }));
