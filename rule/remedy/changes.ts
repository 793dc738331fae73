import { groupBy } from '../basics/lists.ts';
import type { Outcome } from '../model/verdict.ts';
import type { Row } from './run.ts';

/** Flow logs whose outcome changes in the same way with proposed key policies. */
export interface OutcomeChange {
  readonly from: Outcome;
  readonly to: Outcome;
  readonly rows: readonly [Row, ...Row[]];
}

/** The changes of a run with proposed key policies, the gravest first; undefined for any other run. */
export function outcomeChanges(rows: readonly Row[]): readonly OutcomeChange[] | undefined {
  if (!rows.some(({ presentOutcome }) => presentOutcome !== undefined)) return undefined;
  const changed = rows.filter(
    ({ presentOutcome, verdict }) =>
      presentOutcome !== undefined && presentOutcome !== verdict.outcome,
  );
  const groups = groupBy(
    changed,
    ({ presentOutcome, verdict }) => `${presentOutcome} ${verdict.outcome}`,
  );
  const changes = [...groups.values()].map((group): OutcomeChange => ({
    from: group[0].presentOutcome ?? group[0].verdict.outcome,
    to: group[0].verdict.outcome,
    rows: group,
  }));
  return changes.sort((a, b) => rankOf(b) - rankOf(a));
}

/** Whether the outcome is worse than with the key policies as they are; true where nobody proposes a policy. */
export const isForTheWorse = ({ presentOutcome, verdict }: Row): boolean =>
  presentOutcome === undefined || badness(verdict.outcome) > badness(presentOutcome);

const mildestFirst: readonly Outcome[] = ['exempt', 'deliverable', 'unknown', 'blocked'];

const badness = (outcome: Outcome): number => mildestFirst.indexOf(outcome);

/** Changes for the worse rank before changes for the better. */
const rankOf = ({ from, to }: OutcomeChange): number => badness(to) * 2 - badness(from);
