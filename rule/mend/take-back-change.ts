import type { Grant } from '../remedy/grant.ts';
import { withdraw } from '../remedy/withdraw.ts';
import { failed, nothingToDo, type Unwritten } from './ending.ts';
import type { Executions } from './executions.ts';
import type { PolicyChange } from './policy-change.ts';
import type { RememberedPut } from './remembered-put.ts';
import type { KeyPlan, OwnedExecution, StatementPut } from './stored-execution.ts';

interface PutByExecution extends OwnedExecution {
  readonly executionId: string;
  readonly put: StatementPut;
  readonly former: RememberedPut | undefined;
  readonly executions: Executions;
  /** False if messages must not quote the policy. */
  readonly mayQuote: boolean;
}

/** Takes out what the execution put last: the same may be gone, and put again by another execution. */
export function takeBackChange(
  document: unknown,
  { executionId, execution: { plan }, put: { sid }, ...work }: PutByExecution,
): PolicyChange | Unwritten {
  const { former, executions, mayQuote } = work;
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
    mayQuote,
    explainRefusal: (_, words) => `KMS refused the policy of key ${plan.keyArn} (${words})`,
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
export const stoppedBy = ({ flowLogIds, grant: { admitted } }: KeyPlan): string =>
  admitted.kind === 'organization'
    ? `every flow log of organization ${admitted.organizationId} that needs this key may be blocked`
    : `flow log ${flowLogIds.join(', ')}, and others of the same account and Region, may be blocked again`;
