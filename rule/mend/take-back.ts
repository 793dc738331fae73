import { accountIn } from '../model/arn.ts';
import { changePolicy, type ChangeContext } from './change-policy.ts';
import { failed, nothingToDo, type Ending, type Failed, type Unwritten } from './ending.ts';
import { takenBackId, unknownExecution } from './executions.ts';
import type { MendContext } from './mend-context.ts';
import type { MakeChange } from './policy-change.ts';
import type { OwnedExecution, StatementPut } from './stored-execution.ts';
import { stoppedBy, takeBackChange } from './take-back-change.ts';

/** The needs of a take-back: who asks, the executions, and the needs of a change. */
type TakeBackContext = ChangeContext & Pick<MendContext, 'executions' | 'place' | 'ownAccountId'>;

/** A take-back, ready for an approval. */
export interface PlannedTakeBack {
  readonly kind: 'take-back';
  readonly message: string;
}

/** Says what a take-back would take out, and which flow logs AWS may then stop writing. Writes nothing. */
export async function planTakeBack(
  executionId: string,
  context: TakeBackContext,
): Promise<PlannedTakeBack | Unwritten> {
  const known = await findPut(executionId, context);
  if (known.kind !== 'put') return known;
  const { plan } = known.execution;
  // Rejects if nobody may mend the key: then nobody needs to be asked for an approval.
  await context.openPolicy(plan.keyArn);
  const message = `would take what execution ${executionId} put last out of statement ${known.put.sid} of key ${plan.keyArn}: ${stoppedBy(plan)}`;
  return { kind: 'take-back', message };
}

/** Takes the grant of an execution back out of a key policy, unless somebody has edited the statement since. */
export async function takeBack(executionId: string, context: TakeBackContext): Promise<Ending> {
  const { executions } = context;
  const known = await findPut(executionId, context);
  if (known.kind !== 'put') return known;
  const { keyArn } = known.execution.plan;
  const mayQuote = accountIn(keyArn) === context.place.accountId;
  const work = { ...known, executionId, executions, mayQuote };
  const makeChange: MakeChange = ({ document }, former) =>
    Promise.resolve(takeBackChange(document, { ...work, former }));
  const ending = await changePolicy(keyArn, makeChange, context);
  // Taken back once only: the same grant, put again since, belongs to another execution.
  if (ending.kind === 'changed')
    await executions.markTakenBack(executionId, known).catch(() => undefined);
  return ending;
}

/** A put that was not taken back yet. */
interface KnownPut extends OwnedExecution {
  readonly kind: 'put';
  readonly put: StatementPut;
}

/** Finds the put of an execution, if the asking account may take back the put. */
async function findPut(
  executionId: string,
  context: TakeBackContext,
): Promise<KnownPut | Unwritten> {
  const { executions } = context;
  const found = await executions.findOfAnybody(executionId);
  if (found === undefined) return failed(unknownExecution(executionId));
  const refusal = refusalToTakeBack(executionId, found, context);
  if (refusal !== undefined) return refusal;
  const { put } = found.execution;
  if (put === undefined)
    return nothingToDo(`nothing to do: execution ${executionId} put nothing into the key policy`);
  if ((await executions.findOfAnybody(takenBackId(executionId))) !== undefined)
    return nothingToDo(`nothing to do: execution ${executionId} was taken back before`);
  return { kind: 'put', ...found, put };
}

/**
 * The account of the flow logs and the account of the key may take back. A statement for the whole organization serves
 * everybody: only the account of the key and the central account may take the statement back.
 */
function refusalToTakeBack(
  executionId: string,
  { execution: { plan }, owner }: OwnedExecution,
  { place: { accountId }, ownAccountId }: TakeBackContext,
): Failed<'no'> | undefined {
  const isForAll = plan.grant.admitted.kind === 'organization';
  if (accountId === accountIn(plan.keyArn) || (isForAll && accountId === ownAccountId))
    return undefined;
  if (accountId !== owner) return failed(unknownExecution(executionId));
  return isForAll
    ? failed(
        `the statement in the policy of key ${plan.keyArn} is for the whole organization: take it back from the account of the key, or from the central account`,
      )
    : undefined;
}
