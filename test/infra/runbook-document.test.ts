import { manual, resourcesOf, templates } from './organization-templates.ts';
import { problemsOf } from './runbook-document.ts';

/** A document, or a part of one. */
type Part = Record<string, unknown>;

const approving = {
  ...manual,
  remediationApprovers: 'arn:aws:iam::111122223333:role/approvers',
  remediationApprovalTopicArn: 'arn:aws:sns:us-east-1:111122223333:Automation-approvals',
};

/** The documents in the template of a member, by name. */
const documents = (
  given: Readonly<Record<string, unknown>>,
): readonly (readonly [string, Part])[] =>
  resourcesOf(templates(given).member, 'AWS::SSM::Document').map(({ Properties }) => [
    Properties.Name as string,
    Properties.Content as Part,
  ]);

const found = [
  ...documents(manual).map(([name, content]) => [`${name} without approvers`, content] as const),
  ...documents(approving).map(([name, content]) => [`${name} with approvers`, content] as const),
];

describe('a runbook', () => {
  it('is made for mending and for taking back', () => {
    expect(found.map(([name]) => name)).toEqual(
      ['without', 'with'].flatMap((kind) =>
        ['mend', 'take-back'].map(
          (each) => `flow-log-key-allows-delivery-${each} ${kind} approvers`,
        ),
      ),
    );
  });

  it.each(found)('%s is a document that Systems Manager can run', (_, content) => {
    expect(problemsOf(content)).toEqual([]);
  });

  /** The paths to every member, but not into the payload for our own function. */
  const membersOf = (
    value: unknown,
    path: readonly string[] = [],
  ): readonly (readonly string[])[] =>
    typeof value !== 'object' || value === null || path.at(-1) === 'InputPayload'
      ? []
      : Object.entries(value).flatMap(([name, inside]) => [
          ...(Array.isArray(value) ? [] : [[...path, name]]),
          ...membersOf(inside, [...path, name]),
        ]);

  /** A copy in which one member has another name. */
  function misspelt(content: Part, path: readonly string[]): Part {
    const copy = structuredClone(content);
    const last = path.at(-1) ?? '';
    const parent = path.slice(0, -1).reduce((at, name) => at[name] as Part, copy);
    const { [last]: value, ...others } = parent;
    for (const name of Object.keys(parent)) Reflect.deleteProperty(parent, name);
    Object.assign(parent, others, { [`${last}p`]: value });
    return copy;
  }

  it.each(found)('%s has no member that could be misspelt unseen', (_, content) => {
    const unseen = membersOf(content).filter(
      (path) => problemsOf(misspelt(content, path)).length === 0,
    );
    expect(unseen).toEqual([]);
  });
});

describe('a document', () => {
  const sleep = (name: string, more: Part = {}): Part => ({
    name,
    action: 'aws:sleep',
    inputs: { Duration: 'PT1S' },
    ...more,
  });
  const ask = (more: Part = {}): Part => ({
    name: 'Ask',
    action: 'aws:invokeLambdaFunction',
    inputs: { FunctionName: 'f', InputPayload: { id: '{{ Id }}' } },
    ...more,
  });
  const decide = (choice: Part): Part => ({
    name: 'Decide',
    action: 'aws:branch',
    inputs: {
      Choices: [{ NextStep: 'Done', Variable: '{{ Ask.Payload }}', ...choice }],
      Default: 'Done',
    },
  });
  const done = sleep('Done', { isEnd: true });
  const runbook = (mainSteps: readonly Part[], more: Part = {}): Part => ({
    schemaVersion: '0.3',
    parameters: { Id: { type: 'String' } },
    mainSteps,
    outputs: ['Ask.Payload'],
    ...more,
  });

  it.each<readonly [string, Part, readonly unknown[]]>([
    ['in order', runbook([ask(), decide({ Contains: 'x' }), done]), []],
    [
      'that ends twice',
      runbook([ask({ nextStep: 'Done', isEnd: true }), done]),
      ['Done never runs', 'Ask ends, and has a next step'],
    ],
    [
      'with a next step that is not there',
      runbook([ask({ nextStep: 'Don' }), done]),
      ['no step Don', 'Done never runs'],
    ],
    [
      'that goes on after a failure to a step that is not there',
      runbook([ask({ onFailure: 'step:Lok' }), done]),
      ['no step Lok'],
    ],
    ['that goes on after the last step', runbook([ask()]), ['no step (a step after the last)']],
    ['with two steps of one name', runbook([ask(), done, done]), ['two steps Done']],
    [
      'with a choice of two operators',
      runbook([ask(), decide({ Contains: 'x', StartsWith: 'y' }), done]),
      [expect.stringContaining('a choice has one operator')],
    ],
    [
      'with a choice without operator',
      runbook([ask(), decide({}), done]),
      [expect.stringContaining('a choice has one operator')],
    ],
    [
      'with an output that no step has',
      runbook([ask(), done], { outputs: ['Ask.Answer', 'Done.Payload'] }),
      ['no output Ask.Answer', 'no output Done.Payload'],
    ],
    [
      'with a parameter that is not there',
      runbook([ask({ inputs: { FunctionName: '{{ Name }}' } }), done]),
      ['Ask: nothing is named Name'],
    ],
    [
      'that asks for the answer of a later step',
      runbook([{ ...decide({ Contains: 'x' }) }, ask(), done]),
      ['Ask never runs', 'Decide: nothing is named Ask.Payload'],
    ],
    [
      'that takes a role of no parameter',
      runbook([ask(), done], { assumeRole: '{{ Role }}' }),
      ['nothing is named Role'],
    ],
    [
      'with an action that nobody checked',
      runbook([{ name: 'Ask', action: 'aws:invokeLambda', inputs: {} }]),
      [expect.stringMatching(/^mainSteps\.0\.action: Invalid type/)],
    ],
    [
      'with a function that runs longer than Systems Manager waits',
      runbook([ask({ timeoutSeconds: 301 }), done]),
      [expect.stringMatching(/^mainSteps\.0\.timeoutSeconds: Invalid value/)],
    ],
    [
      'of another version',
      runbook([ask(), done], { schemaVersion: '2.2' }),
      [expect.stringMatching(/^schemaVersion: Invalid type/)],
    ],
  ])('%s', (_, content, problems) => {
    expect(problemsOf(content)).toEqual(problems);
  });
});
