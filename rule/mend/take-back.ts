import { accountIn } from '../model/arn.ts';
import type { Grant } from '../remedy/grant.ts';
import { withdraw } from '../remedy/withdraw.ts';
import { changePolicy, type ChangeContext } from './change-policy.ts';
import { failed, nothingToDo, type Ending, type Failed, type Unwritten } from './ending.ts';
import { takenBackId, unknownExecution, type Executions } from './executions.ts';
import type { MendContext } from './mend-context.ts';
import type { MakeChange, PolicyChange } from './policy-change.ts';
import type { RememberedPut } from './remembered-put.ts';
import type { KeyPlan, OwnedExecution, StatementPut } from './stored-execution.ts';

/** The needs of a take-back: who asks, the executions, and the needs of a change. */
type TakeBackContext = ChangeContext & Pick<MendContext, 'executions' | 'place' | 'ownAccountId'>;

/** Takes the grant of an execution back out of a key policy, unless somebody has edited the statement since. */
export async function takeBack(executionId: string, context: TakeBackContext): Promise<Ending> {
  const { executions } = context;
  const found = await executions.findOfAnybody(executionId);
  if (found === undefined) return failed(unknownExecution(executionId));
  const refusal = refusalToTakeBack(executionId, found, context);
  if (refusal !== undefined) return refusal;
  const { plan, put } = found.execution;
  if (put === undefined)
    return nothingToDo(`nothing to do: execution ${executionId} put nothing into the key policy`);
  if ((await executions.findOfAnybody(takenBackId(executionId))) !== undefined)
    return nothingToDo(`nothing to do: execution ${executionId} was taken back before`);
  const makeChange: MakeChange = ({ document }, former) =>
    Promise.resolve(takeBackChange(document, { ...found, executionId, put, former, executions }));
  const ending = await changePolicy(plan.keyArn, makeChange, context);
  // Taken back once only: the same grant, put again since, belongs to another execution.
  if (ending.kind === 'changed')
    await executions.markTakenBack(executionId, found).catch(() => undefined);
  return ending;
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

interface PutByExecution extends OwnedExecution {
  readonly executionId: string;
  readonly put: StatementPut;
  readonly former: RememberedPut | undefined;
  readonly executions: Executions;
}

/** Takes out what the execution put last: the same may be gone, and put again by another execution. */
function takeBackChange(
  document: unknown,
  { executionId, execution: { plan }, put: { sid }, former, executions }: PutByExecution,
): PolicyChange | Unwritten {
  const statement = `statement ${sid} of key ${plan.keyArn}`;
  const grant = grantPutLast(plan.grant, { executionId, former });
  const left = withdraw(document, { sid, grant: grant ?? plan.grant });
  if (left.kind === 'gone')
    return nothingToDo(`nothing to do: what was put into statement ${sid} is not there any more`);
  if (grant === undefined)
    return nothingToDo(
      `nothing to do: another execution has put the same into ${statement} since: take back that execution`,
    );
  if (left.kind === 'edited')
    return failed(`${statement} was edited since: take out by hand what nobody needs`);
  return {
    kind: 'change',
    after: left.document,
    putBy: {},
    record: () => Promise.resolve(),
    withdrawRecord: () => Promise.resolve(),
    keep: (shown) => executions.keep(`${executionId}-taken-back`, shown),
    explainRefusal: ({ name, message }) => `KMS refused it (${name}: ${message})`,
    judge: (shown) =>
      withdraw(shown, { sid, grant }).kind === 'gone'
        ? {
            fine: true,
            message: `took back what execution ${executionId} had put into ${statement}: ${stoppedBy(plan)}`,
          }
        : { fine: false, message: `${statement} still has what execution ${executionId} put` },
  };
}

/** The part of a grant that no other execution has put since; undefined for none. */
function grantPutLast(
  grant: Grant,
  { executionId, former }: Pick<PutByExecution, 'executionId' | 'former'>,
): Grant | undefined {
  const isPutLast = (name: string): boolean => (former?.putBy[name] ?? executionId) === executionId;
  const { admitted } = grant;
  if (admitted.kind === 'organization')
    return isPutLast(admitted.organizationId) ? grant : undefined;
  const sourceArns = admitted.sourceArns.filter(isPutLast);
  return sourceArns.length === 0
    ? undefined
    : { ...grant, admitted: { kind: 'flow-logs', sourceArns } };
}

/** The flow logs that AWS may stop writing. */
const stoppedBy = ({ flowLogIds, grant: { admitted } }: KeyPlan): string =>
  admitted.kind === 'organization'
    ? `every flow log of organization ${admitted.organizationId} that needs this key may be blocked`
    : `flow log ${flowLogIds.join(', ')}, and others of the same account and Region, may be blocked again`;
