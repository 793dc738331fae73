import type { Facts } from './model/facts.ts';
import type { Question } from './model/question.ts';
import type { Cause, KeyStatement, Problem, Result, Run } from './model/result.ts';
import { checkCodes, type Verdict } from './model/verdict.ts';
import { remedyFor, statementFor } from './remedy.ts';

/** Puts verdicts in order, finds what would settle them, and groups those that fail for one cause. */
export function runOf(
  judged: readonly { readonly facts: Facts; readonly verdict: Verdict }[],
  problems: readonly Problem[],
  question: Question,
): Run {
  const remedies = new Map<string, KeyStatement | null>();
  const results = judged
    .map(({ facts, verdict }): Result => {
      if (verdict.outcome === 'deliverable' || verdict.outcome === 'exempt')
        return { verdict, remedy: null };
      // What settles one flow log settles all that differ from it only in their ids.
      const { accountId, region, partition, destination, hivePrefixes } = facts.flowLog;
      const name = JSON.stringify([accountId, region, partition, destination, hivePrefixes]);
      const remedy = remedies.has(name) ? remedies.get(name) : remedyFor(facts, question);
      remedies.set(name, remedy ?? null);
      return { verdict, remedy: remedy ?? null };
    })
    .sort((a, b) => compare(place(a), place(b)));
  return { results, causes: causesOf(results, question), problems };
}

const place = ({ verdict: { flowLog } }: Result): string =>
  [flowLog.accountId, flowLog.region, flowLog.id].join(' ');

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Blocked before unknown, in the order of the checks; a cause is a check, a key and a bucket. */
function causesOf(results: readonly Result[], question: Question): readonly Cause[] {
  const groups = new Map<string, [Result, ...Result[]]>();
  for (const result of results) {
    const { outcome, reason, keyArn, bucket } = result.verdict;
    if (outcome !== 'blocked' && outcome !== 'unknown') continue;
    const name = [outcome, reason, keyArn, bucket].join(' ');
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [result]);
    else group.push(result);
  }
  return [...groups.values()]
    .map((group): Cause => {
      const mendable = group.filter(({ remedy }) => remedy !== null);
      const flowLogs = mendable.map(({ verdict }) => verdict.flowLog);
      return {
        check: group[0].verdict.reason ?? 'destination',
        results: group,
        remedy: flowLogs.length === 0 ? null : statementFor(flowLogs, question),
      };
    })
    .sort((a, b) => rank(a) - rank(b));
}

const rank = ({ check, results }: Cause): number =>
  checkCodes.indexOf(check) + (results[0]?.verdict.outcome === 'blocked' ? 0 : checkCodes.length);
