import { withdraw } from '../remedy/withdraw.ts';
import { changePolicy } from './change-policy.ts';
import { failed, nothingToDo, type Ending, type Unwritten } from './ending.ts';
import { takenBackId, unknownExecution } from './executions.ts';
import type { KeyPlan, StatementPut } from './stored-execution.ts';
import type { StoredPolicy } from './key-policy.ts';
import type { MendContext } from './mend-context.ts';
import type { PolicyChange } from './policy-change.ts';

/** Takes the grant of an execution back out of a key policy, unless somebody has edited the statement since. */
export async function takeBack(executionId: string, context: MendContext): Promise<Ending> {
  const { executions } = context;
  const execution = await executions.find(executionId);
  if (execution === undefined) return failed(unknownExecution(executionId));
  const { plan, put } = execution;
  if (put === undefined)
    return nothingToDo(`nothing to do: execution ${executionId} put nothing into the key policy`);
  const recordId = takenBackId(executionId);
  if ((await executions.find(recordId)) !== undefined)
    return nothingToDo(`nothing to do: execution ${executionId} was taken back before`);
  const makeChange = ({ document }: StoredPolicy) =>
    Promise.resolve(takeBackChange(document, { executionId, plan, put }));
  const ending = await changePolicy(plan.keyArn, makeChange, context);
  // Taken back once only: the same grant, put again since, belongs to another execution.
  if (ending.kind === 'changed') await executions.save(recordId, { plan }).catch(() => undefined);
  return ending;
}

interface PutByExecution {
  readonly executionId: string;
  readonly plan: KeyPlan;
  readonly put: StatementPut;
}

function takeBackChange(
  document: unknown,
  { executionId, plan, put: { sid } }: PutByExecution,
): PolicyChange | Unwritten {
  const { flowLogIds, keyArn, grant } = plan;
  const statement = `statement ${sid} of key ${keyArn}`;
  const left = withdraw(document, { sid, grant });
  if (left.kind === 'gone')
    return nothingToDo(`nothing to do: what was put into statement ${sid} is not there any more`);
  if (left.kind === 'edited')
    return failed(`${statement} was edited since: take out by hand what nobody needs`);
  return {
    kind: 'change',
    after: left.document,
    record: () => Promise.resolve(),
    withdrawRecord: () => Promise.resolve(),
    explainRefusal: ({ name, message }) => `KMS refused it (${name}: ${message})`,
    judge: (shown) =>
      withdraw(shown, { sid, grant }).kind === 'gone'
        ? {
            fine: true,
            message: `took back what execution ${executionId} had put into ${statement}: flow log ${flowLogIds.join(', ')}, and others of the same account and Region, may be blocked again`,
          }
        : { fine: false, message: `${statement} still has what execution ${executionId} put` },
  };
}
