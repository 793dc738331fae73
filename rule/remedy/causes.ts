import { groupBy } from '../basics/lists.ts';
import { checkCodes } from '../model/verdict.ts';
import type { Question } from '../model/question.ts';
import { grantFor } from './grant.ts';
import { merge } from './merge.ts';
import { isFailing, type Cause, type FailingRow, type Row, type StatementForKey } from './run.ts';

/** The statement for each key; null where the key policy takes no statement. */
type StatementsByKey = ReadonlyMap<string, StatementForKey | null>;

/** Groups failing rows by cause: blocked before unknown, then in the order of the checks. */
export function causesOf(rows: readonly Row[], statements: StatementsByKey): readonly Cause[] {
  const groups = groupBy(rows.filter(isFailingRow), ({ verdict }) =>
    [verdict.outcome, verdict.reason, verdict.keyArn, verdict.bucket].join(' '),
  );
  return [...groups.values()]
    .map((group) => causeOf(group, statements))
    .sort((a, b) => rank(a) - rank(b));
}

const isFailingRow = (row: Row): row is FailingRow => isFailing(row.verdict);

function causeOf(rows: Cause['rows'], statements: StatementsByKey): Cause {
  const { outcome, reason: check, keyArn, bucket } = rows[0].verdict;
  const isMendable = rows.some(({ remedy }) => remedy !== null);
  const remedy = isMendable ? (statements.get(keyArn ?? '') ?? null) : null;
  return { check, outcome, keyArn, bucket, rows, remedy };
}

const rank = ({ check, outcome }: Cause): number =>
  checkCodes.indexOf(check) + (outcome === 'blocked' ? 0 : checkCodes.length);

/**
 * Makes one statement for each key, for all flow logs that a statement settles. Causes of one key share the
 * statement: a second statement of the same Sid would replace the first.
 */
export function statementsByKey(
  rows: readonly Row[],
  policies: ReadonlyMap<string, unknown>,
  question: Question,
): StatementsByKey {
  const byKey = new Map<string, Map<string, Row>>();
  for (const row of rows) {
    const { keyArn } = row.verdict;
    if (row.remedy === null || keyArn === null) continue;
    const byPlace = byKey.get(keyArn) ?? new Map<string, Row>();
    // A statement names places, so one flow log of each place is enough.
    byKey.set(keyArn, byPlace.set(`${row.accountId} ${row.region}`, row));
  }
  return new Map(
    [...byKey].map(([keyArn, byPlace]) => {
      const merged = merge(policies.get(keyArn), grantFor([...byPlace.values()], question));
      return [keyArn, merged ? { statement: merged.statement, replaces: merged.replaces } : null];
    }),
  );
}
