import { setTimeout as wait } from 'node:timers/promises';
import { withdraw } from '../remedy/withdraw.ts';
import { failed, type Failed, type Written } from './ending.ts';
import { unknownExecution } from './executions.ts';
import type { KeyPlan, StatementPut } from './stored-execution.ts';
import { fingerprintOf, type StoredPolicy } from './key-policy.ts';
import type { MendContext } from './mend-context.ts';
import { AGREEING_READS, SETTLED_PACES } from './timing.ts';

/**
 * Looks in the key policy for the statement of a broken-off execution. The answer is always a failure: the automation
 * has failed before, and only a new execution verifies delivery.
 */
export async function inspectExecution(
  executionId: string,
  context: MendContext,
): Promise<Failed<Written>> {
  const execution = await context.executions.find(executionId);
  if (execution === undefined) return failed(unknownExecution(executionId));
  const { plan, put } = execution;
  if (put === undefined)
    return failed(`execution ${executionId} ended before it put anything: run it again`);
  const policy = await context.openPolicy(plan.keyArn);
  const reads: StoredPolicy[] = [];
  while (reads.length < AGREEING_READS) {
    if (reads.length > 0) await wait(context.paceMs);
    reads.push(await policy.read());
  }
  return writtenIn(reads, { plan, put, settledAt: put.at + SETTLED_PACES * context.paceMs });
}

interface AnnouncedPut {
  readonly plan: KeyPlan;
  readonly put: StatementPut;
  /** The shown policy counts after this time, in milliseconds since 1970. */
  readonly settledAt: number;
}

function writtenIn(
  reads: readonly StoredPolicy[],
  { plan: { keyArn, grant }, put: { sid, at, fingerprint }, settledAt }: AnnouncedPut,
): Failed<Written> {
  const statement = `statement ${sid} of key ${keyArn}`;
  if (reads.every(({ document }) => fingerprintOf(document) === fingerprint))
    return failed(
      `${statement} shows, with all that was to be put; run it again to have it verified`,
      'yes',
    );
  const without = reads.filter(
    ({ document }) => withdraw(document, { sid, grant }).kind === 'gone',
  );
  if (without.length === 0)
    return failed(
      `${statement} shows, and the policy was edited since; run it again to have it verified`,
      'yes',
    );
  const announced = `${statement} was about to be put at ${new Date(at).toISOString()}`;
  if (without.length < reads.length || Date.now() < settledAt)
    return failed(
      `${announced} and does not show in every read: look again after ${new Date(settledAt).toISOString()}`,
      'not known',
    );
  return failed(`${announced} and does not show: run it again`);
}
