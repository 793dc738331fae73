import { NobodyMayMend } from './access.ts';
import { errorText } from '../basics/text.ts';
import { accountIn } from '../model/arn.ts';
import type { KeyStatement } from '../model/key-statement.ts';
import { statementOf } from '../remedy/grant.ts';
import { failed, type Ending, type NothingToDo, type Unwritten } from './ending.ts';
import { takenBackId } from './executions.ts';
import { inspectExecution } from './inspect-execution.ts';
import { mend } from './mend.ts';
import type { MendContext } from './mend-context.ts';
import { planMend, policyDiff } from './plan.ts';
import type { FlowLogStep, StepEvent } from './step-event.ts';
import { planTakeBack, takeBack, type PlannedTakeBack } from './take-back.ts';

/** The answer of a step to the automation. The automation chooses the next step by `outcome`, which comes first. */
export interface StepAnswer extends ShownChange {
  readonly outcome: 'remedy' | 'nothing-to-do' | 'mended' | 'take-back' | 'taken-back' | 'refused';
  readonly message: string;
}

/** The planned change, for approvers. The policy of another account's key is not for all readers of the answer. */
interface ShownChange {
  /** The change of the policy, if the key is in the asking account. */
  readonly diff?: string;
  /** The new statement alone, if the key is in another account. */
  readonly adds?: KeyStatement;
}

/** A remedy, ready for an approval. */
interface PlannedRemedy {
  readonly kind: 'remedy';
  readonly message: string;
  readonly change: ShownChange;
}

type Planned = PlannedRemedy | PlannedTakeBack;

/** A plan without a put, for good reasons: the runbook ends as failed, but the mender does not, so no alarm rings. */
interface Refused {
  readonly kind: 'refused';
  readonly message: string;
}

/** Does a step and answers the automation. Rejects for a failure: the message says if the policy was written. */
export async function answerStep(
  event: StepEvent,
  context: Promise<MendContext>,
): Promise<StepAnswer> {
  const end = await context
    .then((opened) => endOf(event, opened))
    // Plan, mend and take-back never reject after a put. Look asks about the put of an earlier step.
    .catch((error: unknown) =>
      failed(errorText(error), event.step === 'look' ? 'not known' : 'no'),
    );
  const { kind, message } = end;
  switch (kind) {
    case 'failed':
      throw new Error(message);
    case 'changed':
      return { outcome: event.step === 'mend' ? 'mended' : 'taken-back', message };
    case 'nothing-to-do':
    case 'refused':
    case 'take-back':
      return { outcome: kind, message };
    case 'remedy':
      return { outcome: kind, message, ...end.change };
  }
}

function endOf(event: StepEvent, context: MendContext): Promise<Ending | Planned | Refused> {
  switch (event.step) {
    case 'plan':
      return orRefused(planStep(event, context));
    case 'mend':
      return mendStep(event, context);
    case 'look':
      return inspectExecution(event.executionId, context);
    case 'plan-take-back':
      return orRefused(planTakeBack(event.executionId, context));
    case 'take-back':
      return takeBack(event.executionId, context);
  }
}

/** Tells a refusal from a fault: a plan that AWS does not let the mender make is a fault. */
async function orRefused(
  planning: Promise<Unwritten | Planned>,
): Promise<NothingToDo | Planned | Refused> {
  const end = await planning.catch((error: unknown) => {
    if (error instanceof NobodyMayMend) return failed(error.message);
    throw error;
  });
  return end.kind === 'failed' ? { kind: 'refused', message: end.message } : end;
}

async function planStep(
  { accountId, flowLogId, executionId }: FlowLogStep,
  context: MendContext,
): Promise<Unwritten | PlannedRemedy> {
  const { remedies, endings } = await planMend([flowLogId], context);
  const remedy = remedies[0]?.remedy;
  if (remedy === undefined)
    return endings[0]?.ending ?? failed(`nothing is known of flow log ${flowLogId}`);
  const { keyArn, grant, statement, replaces } = remedy;
  // Rejects if nobody may mend the key: then nobody needs to be asked for an approval.
  await context.openPolicy(keyArn);
  const plan = { flowLogIds: [flowLogId], keyArn, grant };
  // Somebody may have approved the first plan: an execution never gets another.
  if (!(await context.executions.savePlan(executionId, plan)))
    return failed(`execution ${executionId} has another plan, or was carried out: start another`);
  return {
    kind: 'remedy',
    message: `statement ${statement.Sid} ${replaces ? 'grows' : 'is added'} in the policy of key ${keyArn} for flow log ${flowLogId}`,
    change:
      accountIn(keyArn) === accountId
        ? { diff: policyDiff(remedy) }
        : { adds: statementOf(grant, statement.Sid) },
  };
}

async function mendStep(
  { flowLogId, executionId }: FlowLogStep,
  context: MendContext,
): Promise<Ending> {
  const { executions } = context;
  const plan = (await executions.find(executionId))?.plan;
  if (!plan?.flowLogIds.includes(flowLogId))
    return failed(`execution ${executionId} has no plan for flow log ${flowLogId}`);
  if ((await executions.find(takenBackId(executionId))) !== undefined)
    return failed(`execution ${executionId} was taken back, start another`);
  const ending = await mend({ id: executionId, plan }, context);
  return ending.kind === 'failed' && ending.written === 'no'
    ? ending
    : { ...ending, message: `${ending.message}${reminder}` };
}

/** The owner of a key in code often does not hear about a mend. */
const reminder =
  '; if Terraform, CDK or CloudFormation owns the key, put the statement there too, or the next deployment takes it away (flow-log-key statement writes it)';
