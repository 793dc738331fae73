import { setTimeout as wait } from 'node:timers/promises';
import { change, failed, fingerprintOf, SETTLED, type Edit, type Ending } from './change.ts';
import { under, type Tools } from './mend.ts';
import { withdraw } from '../remedy/withdraw.ts';
import type { Execution } from './executions.ts';
import type { Stored } from './key-policy.ts';

/** Takes back what an execution put into a key policy, unless that was edited since. */
export async function takeBack(executionId: string, tools: Tools): Promise<Ending> {
  const execution = await tools.executions.find(executionId);
  if (execution === undefined) return failed(unheardOf(executionId));
  const { begun, grant, keyArn, flowLogIds } = execution;
  if (begun === undefined)
    return nothing(`execution ${executionId} put nothing into the key policy`);
  const takenBack = `${executionId}-taken-back`;
  if ((await tools.executions.find(takenBack)) !== undefined)
    return nothing(`execution ${executionId} was taken back before`);
  const { sid } = begun;
  const edit = ({ document }: Stored): Edit | Ending => {
    const left = withdraw(document, { sid, grant });
    if (left.kind === 'gone')
      return nothing(`what was put into statement ${sid} is not there any more`);
    if (left.kind === 'edited')
      return failed(
        `statement ${sid} of key ${keyArn} was edited since: take out by hand what nobody needs`,
      );
    return {
      after: left.document,
      keep: () => Promise.resolve(),
      forget: () => Promise.resolve(),
      explain: (refusal) => `KMS refused it (${refusal.name}: ${refusal.message})`,
      judge: (shown) => {
        const fine = withdraw(shown, { sid, grant }).kind === 'gone';
        const there = `statement ${sid} of key ${keyArn} still has what execution ${executionId} put`;
        const back = `took back what execution ${executionId} had put into statement ${sid} of key ${keyArn}: flow log ${flowLogIds.join(', ')}, and others of the same account and Region, may be blocked again`;
        return { fine, message: fine ? back : there };
      },
    };
  };
  const ending = await change({
    ...(await under(keyArn, tools)),
    edit: (before) => Promise.resolve(edit(before)),
  });
  // Whoever has granted the same since has done so under an execution of their own.
  if (ending.outcome === 'changed')
    await tools.executions.keep(takenBack, { flowLogIds, keyArn, grant }).catch(() => undefined);
  return ending;
}

const unheardOf = (executionId: string): string =>
  `there is no execution ${executionId} in this account and Region: it planned nothing, or elsewhere`;

const nothing = (why: string): Ending => ({
  outcome: 'nothing-to-do',
  written: 'no',
  message: `nothing to do: ${why}`,
});

/** How many reads have to agree. */
const AGREEING = 3;

/** What an execution really wrote that did not end by itself: says so, and is a failure whatever it says. */
export async function stateAfter(executionId: string, tools: Tools): Promise<Ending> {
  const execution = await tools.executions.find(executionId);
  if (execution === undefined) return failed(unheardOf(executionId));
  if (execution.begun === undefined)
    return failed(`execution ${executionId} ended before it put anything: run it again`);
  const policy = await tools.policyOf(execution.keyArn);
  const reads: Stored[] = [];
  while (reads.length < AGREEING) {
    if (reads.length > 0) await wait(tools.pace);
    reads.push(await policy.read());
  }
  return stateIn(reads, { ...execution, begun: execution.begun }, tools.pace);
}

function stateIn(
  reads: readonly Stored[],
  { keyArn, grant, begun }: Execution & { readonly begun: NonNullable<Execution['begun']> },
  pace: number,
): Ending {
  const { sid, at, fingerprint } = begun;
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
  const until = at + SETTLED * pace;
  const since = `was about to be put at ${new Date(at).toISOString()}`;
  if (without.length < reads.length || Date.now() < until)
    return failed(
      `${statement} ${since} and does not show in every read: look again after ${new Date(until).toISOString()}`,
      'not known',
    );
  return failed(`${statement} ${since} and does not show: run it again`);
}
