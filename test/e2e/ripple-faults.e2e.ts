import { FAULT_RUNS, runsWithFaults, shortWaits, withFaults } from './http-faults.ts';
import {
  aliasMoved,
  bucketEdit,
  central,
  dependents,
  inWorld,
  keyEdit,
  sandbox,
  workload,
} from './ripples.ts';

/** The clock of the ripple runs twenty times faster than the time of HTTP. */
const env = { ...shortWaits, FLOW_LOG_KEY_REQUEST_MS: '300' };

const dependentsOf: Readonly<Record<string, readonly string[]>> = {
  [keyEdit]: dependents,
  [bucketEdit]: [`${sandbox}/us-east-1`],
  [aliasMoved]: [`${workload}/eu-west-1`, `${central}/us-east-1`],
};
const allDependents = new Set(Object.values(dependentsOf).flat());

const RUN_MS = 120_000;

describe('while three of ten calls of the ripple end badly', () => {
  it(
    `each dependent rule is started after each edit in ${FAULT_RUNS} runs, or the edit is a dead letter`,
    () =>
      runsWithFaults('ripple', (seed, random, counts) =>
        inWorld(
          { env, around: (listener) => withFaults(listener, random, counts) },
          async ({ clock, queue, starts }) => {
            const sent: { readonly edit: string; readonly at: number }[] = [];
            for (const edit of [keyEdit, bucketEdit, aliasMoved, keyEdit]) {
              queue.send(edit);
              sent.push({ edit, at: clock.now() });
              await clock.pass(random() * 60_000);
            }
            await queue.empty();
            const wrong = starts.filter(({ rule }) => !allDependents.has(rule));
            expect({ seed, wrong }).toEqual({ seed, wrong: [] });
            const missing = sent.map(({ edit, at }) => ({
              edit,
              rules: (dependentsOf[edit] ?? []).filter(
                (rule) => !starts.some((start) => start.rule === rule && start.at >= at),
              ),
            }));
            const silent = missing.filter(
              ({ edit, rules }) => rules.length > 0 && !queue.dead.includes(edit),
            );
            expect({ seed, silent }).toEqual({ seed, silent: [] });
            return {
              edits: sent.length,
              batches: queue.batches.length,
              starts: starts.length,
              deadLetters: queue.dead.length,
              missingAndTold: missing.flatMap(({ rules }) => rules).length,
            };
          },
        ),
      ),
    FAULT_RUNS * RUN_MS,
  );
});
