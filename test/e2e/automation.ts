import type { Runbook } from '../../infra/remediation/runbook-content.ts';
import type { Step } from '../../infra/remediation/runbook-steps.ts';
import type { ShownAutomation } from './automation-stand-in.ts';

/** What a function ended with: the text of its answer, or of its error. */
export interface Invoked {
  readonly payload: string;
  readonly failed: boolean;
}

export interface Execution {
  readonly id: string;
  /** The name of the document with the runbook. */
  readonly document: string;
  /** Where Systems Manager shows the execution, before each step and at the end. */
  readonly show?: (shown: ShownAutomation) => void;
  /** Where it runs. */
  readonly accountId: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Functions by name, which have this many milliseconds. */
  readonly functions: Readonly<
    Record<string, (input: object, milliseconds: number) => Promise<Invoked>>
  >;
  /** Whether the approvers approve; nobody can be asked without. */
  readonly approve?: () => boolean;
  /** Whether the step succeeds even if its function failed: AWS does not say that it does not. */
  readonly failuresPass?: boolean;
}

/** A step that ran. */
export interface Ran {
  readonly name: string;
  readonly status: 'Success' | 'Failed';
  readonly outputs: Readonly<Record<string, string>>;
  /** Why it failed. */
  readonly message?: string;
}

export interface Executed {
  readonly status: 'Success' | 'Failed';
  readonly steps: readonly Ran[];
  /** Of the last step that failed. */
  readonly message: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Runs a runbook as Systems Manager Automation does, as far as ours go. Throws for what it does not know. */
export async function execute(runbook: Runbook, execution: Execution): Promise<Executed> {
  onlyKnown(runbook, 'schemaVersion description assumeRole parameters mainSteps outputs');
  const started = { ...execution, parameters: parametersOf(runbook, execution.parameters) };
  const order = runbook.mainSteps.map(({ name }) => name);
  if (new Set(order).size < order.length) throw new Error('two steps have the same name');
  resolved(runbook.assumeRole, valuesOf(started, []));
  const steps: Ran[] = [];
  const show = (AutomationExecutionStatus: string): void =>
    execution.show?.(shown(runbook, started, { steps, AutomationExecutionStatus }));
  let status: Executed['status'] = 'Success';
  for (let next = order[0]; next !== undefined;) {
    const step = runbook.mainSteps.find(({ name }) => name === next);
    if (step === undefined) throw new Error(`there is no step ${next}`);
    if (steps.length > order.length) throw new Error(`goes in circles: ${next}`);
    show('InProgress');
    const { to, ...ran } = await run(step, started, steps);
    steps.push(ran);
    // What fails ends the execution as failed even where it goes on, unless the step is said not to matter.
    if (ran.status === 'Failed' && step.isCritical !== false) status = 'Failed';
    const following = to ?? step.nextStep ?? order[order.indexOf(next) + 1];
    next =
      step.isEnd === true ? undefined : ran.status === 'Failed' ? afterFailure(step) : following;
  }
  show(status);
  const values = valuesOf(started, steps);
  return {
    status,
    steps,
    message: steps.findLast((each) => each.status === 'Failed')?.message,
    outputs: Object.fromEntries(
      runbook.outputs.flatMap((name) => {
        const value = values.get(name);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
}

/** What Systems Manager shows; steps that did not run yet are pending. */
const shown = (
  { mainSteps }: Runbook,
  { id, document, parameters }: Execution,
  {
    steps,
    AutomationExecutionStatus,
  }: { steps: readonly Ran[]; AutomationExecutionStatus: string },
): ShownAutomation => ({
  AutomationExecutionId: id,
  DocumentName: document,
  DocumentVersion: '1',
  AutomationExecutionStatus,
  Parameters: Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, [value]]),
  ),
  StepExecutions: mainSteps.map(({ name, action, inputs }) => ({
    StepName: name,
    Action: action,
    StepStatus: steps.findLast((each) => each.name === name)?.status ?? 'Pending',
    Inputs: Object.fromEntries(
      Object.entries(inputs).map(([input, value]) => [input, JSON.stringify(value)]),
    ),
  })),
});

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html */
function afterFailure({ onFailure = 'Abort' }: Step): string | undefined {
  if (onFailure === 'Abort') return undefined;
  const [, step] = /^step:(\w+)$/.exec(onFailure) ?? [];
  if (step === undefined) throw new Error(`onFailure ${onFailure} is not known`);
  return step;
}

/** What was given, or else the default; Systems Manager refuses to start with anything else. */
function parametersOf(runbook: Runbook, given: Execution['parameters']): Execution['parameters'] {
  const unknown = Object.keys(given).find((name) => !(name in runbook.parameters));
  if (unknown !== undefined) throw new Error(`there is no parameter ${unknown}`);
  return Object.fromEntries(
    Object.entries(runbook.parameters).map(([name, parameter]) => {
      onlyKnown(parameter, 'type description default allowedPattern');
      const { default: otherwise, allowedPattern = '' } = parameter as Record<string, string>;
      const value = given[name] ?? otherwise;
      if (value === undefined || !new RegExp(allowedPattern).test(value))
        throw new Error(`parameter ${name} cannot be ${value ?? 'left out'}`);
      return [name, value];
    }),
  );
}

type Values = ReadonlyMap<string, string>;

/** What may stand between braces. */
const valuesOf = ({ id, accountId, parameters }: Execution, steps: readonly Ran[]): Values =>
  new Map([
    ['automation:EXECUTION_ID', id],
    ['global:ACCOUNT_ID', accountId],
    ...Object.entries(parameters),
    ...steps.flatMap(({ name, outputs }) =>
      Object.entries(outputs).map(([output, value]): [string, string] => [
        `${name}.${output}`,
        value,
      ]),
    ),
  ]);

/** The same with what the braces stand for. */
function resolved<T>(value: T, values: Values): T {
  const text = JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'string'
      ? each.replace(/\{\{ ?([\w:.]+) ?\}\}/g, (_braces, name: string) => {
          const found = values.get(name);
          if (found === undefined) throw new Error(`{{ ${name} }} has no value`);
          return found;
        })
      : each,
  );
  return JSON.parse(text) as T;
}

// Steps --------------------------------------------------------------------------------------------------------------

/** How an action ended, with the step that it goes to where it chose one. */
interface Acted extends Pick<Ran, 'status' | 'outputs' | 'message'> {
  readonly to?: string;
}

const well: Acted = { status: 'Success', outputs: {} };

async function run(
  step: Step,
  execution: Execution,
  before: readonly Ran[],
): Promise<Ran & Pick<Acted, 'to'>> {
  onlyKnown(step, 'name action inputs timeoutSeconds onFailure isCritical nextStep isEnd');
  const action = actions[step.action];
  if (action === undefined) throw new Error(`action ${step.action} is not known`);
  const inputs = resolved(step.inputs, valuesOf(execution, before));
  return { name: step.name, ...(await action({ ...step, inputs }, execution)) };
}

const actions: Record<string, (step: Step, execution: Execution) => Acted | Promise<Acted>> = {
  'aws:invokeLambdaFunction': invoke,
  'aws:branch': ({ inputs }) => branch(inputs),
  'aws:approve': ({ inputs }, execution) => approve(inputs, execution),
  'aws:sleep': ({ inputs }) => sleep(inputs),
  'aws:executeScript': ({ inputs }) => runScript(inputs),
};

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-lamb.html */
async function invoke(step: Step, { functions, failuresPass = false }: Execution): Promise<Acted> {
  const { FunctionName, InputPayload } = onlyKnown(step.inputs, 'FunctionName InputPayload');
  const called = functions[String(FunctionName)];
  if (called === undefined) throw new Error(`there is no function ${String(FunctionName)}`);
  const seconds = Math.min(step.timeoutSeconds ?? 300, 300);
  const { payload, failed } = await called(InputPayload as object, seconds * 1000);
  const outputs = { StatusCode: '200', Payload: payload };
  if (!failed) return { status: 'Success', outputs };
  const thrown = { ...outputs, FunctionError: 'Unhandled' };
  if (failuresPass) return { status: 'Success', outputs: thrown };
  return { status: 'Failed', outputs: thrown, message: payload };
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-branch.html */
function branch(inputs: Step['inputs']): Acted {
  const { Choices, Default } = onlyKnown(inputs, 'Choices Default');
  for (const choice of Choices as Record<string, string>[]) {
    const { NextStep, Variable, StartsWith, Contains } = onlyKnown(
      choice,
      'NextStep Variable StartsWith Contains',
    ) as Record<string, string | undefined>;
    if (NextStep === undefined || Variable === undefined || (StartsWith ?? Contains) === undefined)
      throw new Error('a choice lacks something');
    if (StartsWith !== undefined && Contains !== undefined)
      throw new Error('a choice has two operators');
    if (
      StartsWith === undefined ? Variable.includes(Contains ?? '') : Variable.startsWith(StartsWith)
    )
      return { ...well, to: NextStep };
  }
  return { ...well, to: String(Default) };
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html */
function approve(inputs: Step['inputs'], { approve: answer }: Execution): Acted {
  const { Approvers, MinRequiredApprovals } = onlyKnown(
    inputs,
    'NotificationArn Message MinRequiredApprovals Approvers',
  );
  const asked = (Approvers as readonly string[]).length;
  if (answer === undefined || asked === 0 || MinRequiredApprovals !== 1)
    throw new Error('nobody can approve');
  return answer()
    ? { status: 'Success', outputs: { ApprovalStatus: 'Approved' } }
    : { status: 'Failed', outputs: { ApprovalStatus: 'Rejected' }, message: 'Approval denied' };
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-sleep.html */
function sleep(inputs: Step['inputs']): Acted {
  const { Duration } = onlyKnown(inputs, 'Duration');
  if (!/^PT\d+S$/.test(String(Duration))) throw new Error(`cannot sleep ${String(Duration)}`);
  return well;
}

/** Knows scripts that raise an exception, and nothing else of Python. */
function runScript(inputs: Step['inputs']): Acted {
  const { Handler, Script } = onlyKnown(inputs, 'Runtime Handler Script');
  const [, name, message] =
    /^def (\w+)\(events, context\):\n {4}raise Exception\('([^'\\]*)'\)\n$/.exec(String(Script)) ??
    [];
  if (name === undefined || name !== Handler) throw new Error('this script is not known');
  return { status: 'Failed', outputs: {}, message: message ?? '' };
}

/** The value, which has no other names than these. */
function onlyKnown<T extends object>(value: T, names: string): T {
  const other = Object.keys(value).find((name) => !names.split(' ').includes(name));
  if (other !== undefined) throw new Error(`${other} is not known`);
  return value;
}
