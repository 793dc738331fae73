import { setTimeout as wait } from 'node:timers/promises';
import { errorText } from '../basics/text.ts';
import type { ShownExecution } from './shown-execution.ts';
import type { StepEvent } from './step-event.ts';

/** The runbooks of the deployment, the only askers of the mender. */
export interface Runbooks {
  readonly mendDocument: string;
  readonly takeBackDocument: string;
  /** The approvers of the deployment: one has to approve before the mender writes. With an empty list, nobody has to. */
  readonly approvers: readonly string[];
}

interface ProofOptions {
  readonly runbooks: Runbooks;
  /** Shows an execution of the account in the event. */
  readonly show: (id: string) => Promise<ShownExecution>;
  readonly paceMs: number;
}

/** Systems Manager may show a former state of an execution for some seconds: looks so often, with so many paces between. */
const LOOKS = 5;
const PACES_BETWEEN_LOOKS = 4;

/**
 * Proves that a runbook of the deployment asks, in the account of the event. An event proves nothing: the invoker may
 * write any account and any execution into the event. Rejects without a proof; no message tells more of an execution than
 * the event does, because the execution may be somebody else's.
 */
export async function proveAsker(
  event: StepEvent,
  { runbooks, show, paceMs }: ProofOptions,
): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    const doubt = await show(askingExecution(event)).then(
      (shown) => doubtAbout(shown, event, runbooks),
      (error: unknown) => `no such execution can be seen (${errorText(error)})`,
    );
    if (doubt === undefined) return;
    if (looks === LOOKS)
      throw new Error(`account ${event.accountId} does not prove that a runbook asks: ${doubt}`);
    await wait(PACES_BETWEEN_LOOKS * paceMs);
  }
}

const askingExecution = (event: StepEvent): string =>
  'askedBy' in event ? event.askedBy : event.executionId;

/** The first reason to doubt that this execution asks for this step; undefined without a doubt. */
function doubtAbout(
  { status, document, parameters, steps }: ShownExecution,
  event: StepEvent,
  { mendDocument, takeBackDocument, approvers }: Runbooks,
): string | undefined {
  const [expected, parameter, value] =
    'askedBy' in event
      ? [takeBackDocument, 'ExecutionId', event.executionId]
      : [mendDocument, 'FlowLogId', event.flowLogId];
  if (status !== 'InProgress') return 'the execution is not in progress';
  if (document !== expected) return `the execution is not one of document ${expected}`;
  const [given, ...more] = parameters[parameter] ?? [];
  if (given !== value || more.length > 0) return `the execution is for another ${parameter}`;
  if (approvers.length === 0 || !isWriting(event)) return undefined;
  const approvals = steps.filter(isApproval);
  if (approvals.length === 0)
    return 'nobody has approved the execution, and the deployment demands approval';
  return approvals.some(({ approvers: asked }) => areAllIn(asked, approvers))
    ? undefined
    : 'the execution asked others for approval than remediationApprovers names: start another';
}

const isWriting = ({ step }: StepEvent): boolean => step === 'mend' || step === 'take-back';

const isApproval = ({ action, status }: ShownExecution['steps'][number]): boolean =>
  action === 'aws:approve' && status === 'Success';

/** Whether nobody else could approve: the document of an account may be changed, and name others. */
const areAllIn = (asked: readonly string[], approvers: readonly string[]): boolean =>
  asked.length > 0 && asked.every((each) => approvers.includes(each));
