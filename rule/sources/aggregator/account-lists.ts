import * as v from 'valibot';
import { atOnce } from '../../basics/wait-limits.ts';
import type { ResourceType } from '../../model/resource-types.ts';
import { MAX_RESULTS_PER_PAGE, readRow, resultsOf, type Aggregator } from './select.ts';

const countRow = v.object({ 'COUNT(*)': v.number() });

const groupRow = v.object({
  ...countRow.entries,
  accountId: v.pipe(v.string(), v.regex(/^\d{12}$/, 'is no account')),
});

/** Fewer pages are read by one query: lists would save less time than their further queries take. */
const MIN_PAGES = 40;
const MIN_PAGES_PER_LIST = 10;

/** A list that ends early makes room for another. */
const MAX_LISTS = 2 * atOnce.lists;

/**
 * The accounts with items of a type, in lists with about as many items each. No lists where all items are on few pages, and
 * where the accounts are not surely known: a single query then reads everything. The counts by account must add up to a
 * count without groups, or an account may be left out in silence.
 */
export async function accountLists(
  aggregator: Aggregator,
  type: ResourceType,
): Promise<readonly (readonly string[])[]> {
  try {
    const total = await countOfAll(aggregator, type);
    const pages = Math.ceil(total / MAX_RESULTS_PER_PAGE);
    if (pages < MIN_PAGES) return [];
    const counts = await countsByAccount(aggregator, type);
    if (counts.reduce((sum, [, count]) => sum + count, 0) !== total) return [];
    return balanced(counts, Math.min(MAX_LISTS, Math.floor(pages / MIN_PAGES_PER_LIST)));
  } catch {
    return [];
  }
}

/** Rejects where the aggregator does not count. */
async function countOfAll(aggregator: Aggregator, type: ResourceType): Promise<number> {
  const expression = `SELECT COUNT(*) WHERE resourceType = '${type}'`;
  for await (const [row = ''] of resultsOf(aggregator, expression))
    return readRow(countRow, row)['COUNT(*)'];
  throw new Error('no count');
}

type Count = readonly [accountId: string, count: number];

/** Rejects where a row names no account, or has no count. */
async function countsByAccount(
  aggregator: Aggregator,
  type: ResourceType,
): Promise<readonly Count[]> {
  const expression = `SELECT accountId, COUNT(*) WHERE resourceType = '${type}' GROUP BY accountId`;
  const counts: Count[] = [];
  for await (const rows of resultsOf(aggregator, expression))
    for (const row of rows) {
      const { accountId, 'COUNT(*)': count } = readRow(groupRow, row);
      counts.push([accountId, count]);
    }
  return counts;
}

/** Puts the largest first, each into the list that is the shortest so far. */
function balanced(counts: readonly Count[], listCount: number): readonly (readonly string[])[] {
  const lists = Array.from({ length: listCount }, () => ({ accounts: [] as string[], count: 0 }));
  for (const [accountId, count] of [...counts].sort(([, a], [, b]) => b - a)) {
    const shortest = lists.reduce((found, each) => (each.count < found.count ? each : found));
    shortest.accounts.push(accountId);
    shortest.count += count;
  }
  return lists.map(({ accounts }) => accounts).filter((accounts) => accounts.length > 0);
}
