import { randomUUID } from 'node:crypto';
import { failed, type Ending } from '../mend/change.ts';
import { mend, type Tools } from '../mend/mend.ts';
import type { Facts } from '../model/facts.ts';
import type { Remedy } from '../remedy/remedy.ts';
import { confirm, notify } from './terminal.ts';

interface ApplyOptions {
  /** Makes tools with a deadline that begins now: each key has time of its own. */
  readonly makeTools: () => Tools;
  /** True with --yes: put the policy without a question. */
  readonly yes?: boolean;
}

/** Puts the remedy for these flow logs of one key, after a yes. */
export async function applyRemedy(
  { keyArn, grant }: Remedy,
  all: readonly Facts[],
  { makeTools, yes = false }: ApplyOptions,
): Promise<Ending> {
  if (!yes && !(await confirm(`Put this policy on key ${keyArn}? [y/N] `)))
    return failed('you did not say yes');
  notify('putting the policy and reading it back, some seconds...');
  const id = randomUUID();
  const flowLogIds = all.map(({ flowLog }) => flowLog.id);
  const ending = await mend({ id, flowLogIds, keyArn, grant }, makeTools());
  if (ending.outcome !== 'changed') return ending;
  const wayBack = `kept as execution ${id}, with which the take-back document takes it back`;
  return { ...ending, message: `${ending.message}; ${wayBack}` };
}
