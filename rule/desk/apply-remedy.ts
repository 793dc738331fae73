import { randomUUID } from 'node:crypto';
import { DEFAULT_TABLE_NAME } from '../mend/environment.ts';
import { failed, type Ending } from '../mend/ending.ts';
import { mend } from '../mend/mend.ts';
import type { MendContext } from '../mend/mend-context.ts';
import type { KeyRemedy } from '../mend/plan.ts';
import { confirm, notify } from './terminal.ts';

interface ApplyOptions {
  readonly makeContext: () => MendContext;
  /** The table with the execution, and so with the earlier policy. */
  readonly table?: string;
  /** True with --yes: put the policy without a question. */
  readonly yes?: boolean;
}

/** Puts the remedy for these flow logs of one key, after a yes. */
export async function applyRemedy(
  { remedy: { keyArn, grant, statement }, facts }: KeyRemedy,
  { makeContext, table = DEFAULT_TABLE_NAME, yes = false }: ApplyOptions,
): Promise<Ending> {
  if (!yes && !(await confirm(`Put this policy on key ${keyArn}? [y/N] `)))
    return failed('you did not say yes');
  notify('putting the policy and reading it back, some seconds...');
  const id = randomUUID();
  const flowLogIds = facts.map(({ flowLog }) => flowLog.id);
  const ending = await mend({ id, plan: { flowLogIds, keyArn, grant } }, makeContext());
  if (ending.kind !== 'changed') return ending;
  // The mender of an organization keeps the executions of its runbooks in the central account.
  const wayBack = `kept as execution ${id} in table ${table} of this account: the take-back document takes it back, except in an organization, where you take statement ${statement.Sid} out by hand`;
  return { ...ending, message: `${ending.message}; ${wayBack}` };
}
