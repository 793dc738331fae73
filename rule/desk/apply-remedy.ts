import { randomUUID } from 'node:crypto';
import { failed, type Ending } from '../mend/ending.ts';
import { mend } from '../mend/mend.ts';
import type { MendContext } from '../mend/mend-context.ts';
import type { KeyRemedy } from '../mend/plan.ts';
import { confirm, notify } from './terminal.ts';

interface ApplyOptions {
  readonly makeContext: () => MendContext;
  /** True with --yes: put the policy without a question. */
  readonly yes?: boolean;
}

/** Puts the remedy for these flow logs of one key, after a yes. */
export async function applyRemedy(
  { remedy: { keyArn, grant }, facts }: KeyRemedy,
  { makeContext, yes = false }: ApplyOptions,
): Promise<Ending> {
  if (!yes && !(await confirm(`Put this policy on key ${keyArn}? [y/N] `)))
    return failed('you did not say yes');
  notify('putting the policy and reading it back, some seconds...');
  const id = randomUUID();
  const flowLogIds = facts.map(({ flowLog }) => flowLog.id);
  const ending = await mend({ id, plan: { flowLogIds, keyArn, grant } }, makeContext());
  if (ending.kind !== 'changed') return ending;
  const wayBack = `kept as execution ${id}, with which the take-back document takes it back`;
  return { ...ending, message: `${ending.message}; ${wayBack}` };
}
