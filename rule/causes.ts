import type { Facts, FlowLog } from './model/facts.ts';
import type { Question } from './model/question.ts';
import type { Cause, Problem, Result, Run } from './model/result.ts';
import { checkCodes, type Verdict } from './model/verdict.ts';
import { grantFor, merge } from './own-statement.ts';
import { remedyFor, type Remedy } from './remedy.ts';

/** Puts verdicts in order, finds what would settle them, and groups those that fail for one cause. */
export function runOf(
  judged: readonly { readonly facts: Facts; readonly verdict: Verdict }[],
  problems: readonly Problem[],
  question: Question,
): Run {
  const offers = new Map<string, Remedy | null>();
  const settled = judged
    .map(({ facts, verdict }): Settled => {
      if (verdict.outcome === 'deliverable' || verdict.outcome === 'exempt')
        return { verdict, remedy: null, offered: null };
      // What settles one flow log settles all that differ from it only in their ids.
      const { accountId, region, partition, destination, hivePrefixes } = facts.flowLog;
      const name = JSON.stringify([accountId, region, partition, destination, hivePrefixes]);
      const offered = offers.get(name) ?? remedyFor(facts, question);
      offers.set(name, offered);
      return { verdict, remedy: offered?.statement ?? null, offered };
    })
    .sort((a, b) => compare(place(a), place(b)));
  const results = settled.map(({ verdict, remedy }) => ({ verdict, remedy }));
  return { results, causes: causesOf(settled, question), problems };
}

/** A result, with all that is offered for it. */
interface Settled extends Result {
  readonly offered: Remedy | null;
}

const place = ({ verdict: { flowLog } }: Result): string =>
  [flowLog.accountId, flowLog.region, flowLog.id].join(' ');

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Blocked before unknown, in the order of the checks; a cause is a check, a key and a bucket. */
function causesOf(results: readonly Settled[], question: Question): readonly Cause[] {
  const groups = new Map<string, [Settled, ...Settled[]]>();
  for (const result of results) {
    const { outcome, reason, keyArn, bucket } = result.verdict;
    if (outcome !== 'blocked' && outcome !== 'unknown') continue;
    const name = [outcome, reason, keyArn, bucket].join(' ');
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [result]);
    else group.push(result);
  }
  const ofKey = statementsByKey(results, question);
  return [...groups.values()]
    .map((group): Cause => {
      const results = group.map(({ verdict, remedy }) => ({ verdict, remedy }));
      const check = group[0].verdict.reason ?? 'destination';
      const [mendable] = group.flatMap(({ offered }) => offered ?? []);
      return { check, results, remedy: (mendable && ofKey.get(mendable.keyArn)) ?? null };
    })
    .sort((a, b) => rank(a) - rank(b));
}

/**
 * The one statement for all flow logs of a key that a statement settles, by the key: also where they are of several
 * causes, for one statement put in place of another would take that away.
 */
function statementsByKey(
  results: readonly Settled[],
  question: Question,
): ReadonlyMap<string, Cause['remedy'] | undefined> {
  const byKey = new Map<string, { policy: unknown; flowLogs: FlowLog[] }>();
  for (const { verdict, offered } of results) {
    if (offered === null) continue;
    const ofKey = byKey.get(offered.keyArn) ?? { policy: offered.before, flowLogs: [] };
    ofKey.flowLogs.push(verdict.flowLog);
    byKey.set(offered.keyArn, ofKey);
  }
  return new Map(
    [...byKey].map(([keyArn, { policy, flowLogs }]) => {
      const merged = merge(policy, grantFor(flowLogs, question));
      return [keyArn, merged && { statement: merged.statement, replaces: merged.replaces }];
    }),
  );
}

const rank = ({ check, results }: Cause): number =>
  checkCodes.indexOf(check) + (results[0]?.verdict.outcome === 'blocked' ? 0 : checkCodes.length);
