import {
  mendRunbook,
  type Runbook,
  takeBackRunbook,
} from '../../infra/remediation/runbook-content.ts';

const props = {
  functionName: 'mender',
  roleArn: 'arn:aws:iam::111122223333:role/automation',
};
const approvers = ['arn:aws:iam::111122223333:role/approvers'];
const topic = 'arn:aws:sns:us-east-1:111122223333:Automation-approvals';
const unasked = mendRunbook({ ...props, approvers: [], approvalTopicArn: undefined });
const asked = mendRunbook({ ...props, approvers, approvalTopicArn: topic });
const takeBack = takeBackRunbook({ ...props, approvers: [], approvalTopicArn: undefined });
const takeBackAsked = takeBackRunbook({ ...props, approvers, approvalTopicArn: topic });

/** The answer of each step, or `fails`. */
type Answers = Readonly<Record<string, string>>;
interface Choice {
  readonly NextStep: string;
  readonly Variable: string;
  readonly StartsWith?: string;
  readonly Contains?: string;
}

/** The next step after a branch, by the rules in the documentation of AWS. */
function chosen(inputs: Readonly<Record<string, unknown>>, answers: Answers): string {
  const { Choices, Default } = inputs as { Choices: readonly Choice[]; Default: string };
  const found = Choices.find(({ Variable, StartsWith, Contains }) => {
    const step = /^\{\{ (\w+)\.Payload \}\}$/.exec(Variable)?.[1] ?? '';
    const payload = answers[step];
    if (payload === undefined) throw new Error(`${Variable} has no value`);
    return StartsWith !== undefined
      ? payload.startsWith(StartsWith)
      : payload.includes(Contains ?? '');
  });
  return found?.NextStep ?? Default;
}

/** The steps and the end of an execution, by the rules of the page linked at `Step`. */
function run(runbook: Runbook, answers: Answers): string {
  const order = runbook.mainSteps.map(({ name }) => name);
  const ran: string[] = [];
  let status = 'Success';
  let next: string | undefined = order[0];
  while (next !== undefined) {
    const step = runbook.mainSteps.find(({ name }) => name === next);
    if (step === undefined || ran.includes(next)) throw new Error(`cannot go to ${next}`);
    ran.push(step.name);
    const fails = answers[step.name] === 'fails' || step.action === 'aws:executeScript';
    if (fails) status = 'Failed';
    if (step.isEnd === true) next = undefined;
    else if (fails) next = /^step:(.*)/.exec(step.onFailure ?? 'Abort')?.[1];
    else if (step.action === 'aws:branch') next = chosen(step.inputs, answers);
    else next = step.nextStep ?? order[order.indexOf(step.name) + 1];
  }
  return `${ran.join(' ')}: ${status}`;
}

const remedy = '{"outcome":"remedy","message":"key policy lacks a statement","diff":"+ x"}';
const nothing = '{"outcome":"nothing-to-do","message":"the key policy admits delivery"}';
const mended = '{"outcome":"mended","message":"added a statement"}';
const refused = '{"outcome":"refused","message":"nothing was written: nobody may mend"}';
const planned = '{"outcome":"take-back","message":"would take out statement Sid"}';
const threw = '{"errorType":"Error","errorMessage":"key policy was not written","trace":[]}';
const quoting = JSON.stringify({
  outcome: 'remedy',
  diff: '{"errorMessage": {"outcome":"nothing-to-do"}}',
});

/** Answers without the words of a success. */
const unreadable: readonly string[] = [
  '',
  'null',
  '{}',
  '"ok"',
  '{"outcome":"',
  '{"outcome":"mend',
  '{"outcome":"mended-not"}',
  '{ "outcome": "nothing-to-do" }',
  '{"message":"{\\"outcome\\":\\"mended\\"}"}',
  threw,
];

describe('the runbook that mends', () => {
  it.each<[string, Runbook, Answers, string]>([
    [
      'mends what Plan found',
      unasked,
      { Plan: remedy, Mend: mended },
      'Plan Decide Mend Check Done: Success',
    ],
    [
      'asks first where there are approvers',
      asked,
      { Plan: remedy, Mend: mended },
      'Plan Decide Approve Mend Check Done: Success',
    ],
    [
      'ends well before anybody is asked when there is nothing to do',
      asked,
      { Plan: nothing },
      'Plan Decide Done: Success',
    ],
    [
      'ends as failed when Plan fails, and writes nothing',
      asked,
      { Plan: 'fails' },
      'Plan: Failed',
    ],
    [
      'ends as failed when Plan refuses, and asks nobody',
      asked,
      { Plan: refused },
      'Plan Decide Stop: Failed',
    ],
    [
      'writes nothing when the approval is denied',
      asked,
      { Plan: remedy, Approve: 'fails' },
      'Plan Decide Approve: Failed',
    ],
    [
      'looks when Mend fails, and still ends as failed',
      unasked,
      { Plan: remedy, Mend: 'fails', Look: 'fails' },
      'Plan Decide Mend Look: Failed',
    ],
    [
      'ends as failed even if Look has nothing to complain of',
      unasked,
      { Plan: remedy, Mend: 'fails', Look: mended },
      'Plan Decide Mend Look Stop: Failed',
    ],
    [
      'ends well if the key policy was mended meanwhile',
      unasked,
      { Plan: remedy, Mend: nothing },
      'Plan Decide Mend Check Done: Success',
    ],
    [
      'is not misled by the words of a diff',
      unasked,
      { Plan: quoting, Mend: mended },
      'Plan Decide Mend Check Done: Success',
    ],
    ...unreadable.flatMap((answer): [string, Runbook, Answers, string][] => [
      [`asks nobody when Plan says ${answer}`, asked, { Plan: answer }, 'Plan Decide Stop: Failed'],
      [
        `looks when Mend says ${answer}`,
        unasked,
        { Plan: remedy, Mend: answer, Look: answer },
        'Plan Decide Mend Check Look Stop: Failed',
      ],
    ]),
    [
      'ends as failed when an error of Plan passes for an answer',
      asked,
      { Plan: threw },
      'Plan Decide Stop: Failed',
    ],
    [
      'looks when an error of Mend passes for an answer',
      unasked,
      { Plan: remedy, Mend: threw, Look: threw },
      'Plan Decide Mend Check Look Stop: Failed',
    ],
  ])('%s', (_, runbook, answers, expected) => {
    expect(run(runbook, answers)).toBe(expected);
  });

  it('tells the function which step, whose flow log and which execution', () => {
    const inputs = ['Plan', 'Mend', 'Look'].map(
      (name) => unasked.mainSteps.find((step) => step.name === name)?.inputs,
    );
    expect(inputs).toEqual(
      ['plan', 'mend', 'look'].map((step) => ({
        FunctionName: 'mender',
        InputPayload: {
          step,
          accountId: '{{ global:ACCOUNT_ID }}',
          flowLogId: '{{ FlowLogId }}',
          executionId: '{{ automation:EXECUTION_ID }}',
        },
      })),
    );
  });

  it('asks one of the approvers, and tells the topic where there is one', () => {
    const inputs = (runbook: Runbook) =>
      runbook.mainSteps.find(({ action }) => action === 'aws:approve')?.inputs;
    expect(inputs(asked)).toMatchObject({
      Approvers: approvers,
      MinRequiredApprovals: 1,
      NotificationArn: topic,
    });
    expect(
      inputs(mendRunbook({ ...props, approvers, approvalTopicArn: undefined })),
    ).not.toHaveProperty('NotificationArn');
    expect(inputs(unasked)).toBeUndefined();
  });

  it.each([
    ['fl-0123456789abcdef0', true],
    ['fl-01234567', true],
    ['fl-0123456', false],
    ['i-0123456789abcdef0', false],
    ['fl-0123456789abcdef0"}', false],
  ])('takes %s for a flow log: %s', (id, fits) => {
    const { allowedPattern } = unasked.parameters.FlowLogId as { allowedPattern: string };
    expect(new RegExp(allowedPattern).test(id)).toBe(fits);
  });
});

describe('the runbook that takes back', () => {
  it.each([
    ['ends well', '{"outcome":"taken-back"}', 'Plan Decide TakeBack Check Done: Success'],
    [
      'ends well when nothing is there any more',
      nothing,
      'Plan Decide TakeBack Check Done: Success',
    ],
    ['ends as failed when the function fails', 'fails', 'Plan Decide TakeBack: Failed'],
    ...[...unreadable, mended, remedy].map((answer) => [
      `ends as failed when the answer is ${answer}`,
      answer,
      'Plan Decide TakeBack Check Stop: Failed',
    ]),
  ])('%s', (_, TakeBack = '', expected = '') => {
    expect(run(takeBack, { Plan: planned, TakeBack })).toBe(expected);
  });

  it.each([
    ['ends well when there is nothing to take back', nothing, 'Plan Decide Done: Success'],
    ['ends as failed when the plan fails', 'fails', 'Plan: Failed'],
    ...[...unreadable, mended, remedy].map((answer) => [
      `ends as failed when the plan is ${answer}`,
      answer,
      'Plan Decide Stop: Failed',
    ]),
  ])('%s', (_, Plan = '', expected = '') => {
    expect(run(takeBackAsked, { Plan })).toBe(expected);
  });

  it('says what it would stop, then asks the approvers of the runbook that mends', () => {
    expect(takeBackAsked.mainSteps[2]).toMatchObject({
      action: 'aws:approve',
      inputs: { Approvers: approvers, NotificationArn: topic },
    });
    expect(run(takeBackAsked, { Plan: planned, Approve: 'fails' })).toBe(
      'Plan Decide Approve: Failed',
    );
    expect(run(takeBackAsked, { Plan: planned, TakeBack: '{"outcome":"taken-back"}' })).toBe(
      'Plan Decide Approve TakeBack Check Done: Success',
    );
  });

  it('names the execution whose statement goes, and who asks', () => {
    const steps = takeBack.mainSteps.filter(({ action }) => action === 'aws:invokeLambdaFunction');
    expect(steps.map(({ inputs }) => inputs)).toEqual(
      ['plan-take-back', 'take-back'].map((step) => ({
        FunctionName: 'mender',
        InputPayload: {
          step,
          accountId: '{{ global:ACCOUNT_ID }}',
          executionId: '{{ ExecutionId }}',
          askedBy: '{{ automation:EXECUTION_ID }}',
        },
      })),
    );
  });
});

describe('both runbooks', () => {
  it.each([
    ['mend', asked],
    ['take back', takeBack],
  ])('%s: assume the role that AWS Config passes, or their own', (_, runbook) => {
    expect(runbook.assumeRole).toBe('{{ AutomationAssumeRole }}');
    expect(runbook.parameters.AutomationAssumeRole).toMatchObject({ default: props.roleArn });
  });

  it.each([
    ['mend', asked],
    ['take back', takeBack],
  ])('%s: give no function longer than Systems Manager waits', (_, runbook) => {
    for (const { action, timeoutSeconds } of runbook.mainSteps)
      if (action === 'aws:invokeLambdaFunction') expect(timeoutSeconds).toBe(300);
  });
});
