import type { Facts } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { Problem } from '../model/problem.ts';
import type { Cause, Row, Run } from './run.ts';
import { checkCodes, type Verdict } from '../model/verdict.ts';
import { grantFor } from '../remedy/grant.ts';
import { merge } from '../remedy/merge.ts';
import { boundedCache, interning } from '../basics/memory.ts';
import { offerFor, type Remedy } from '../remedy/remedy.ts';

/** A flow log's verdict, with the facts that it was made of. */
interface Judged {
  readonly facts: Facts;
  readonly verdict: Verdict;
}

/** Verdicts as they come; a run once all are there. */
export interface Collection {
  readonly add: (judged: Judged) => void;
  readonly run: (problems: readonly Problem[]) => Run;
}

/** What is kept of a remedy: not the policy with it, which is as long as the key policy. */
type KeptRemedy = Pick<Remedy, 'keyArn' | 'before' | 'statement'>;

/** How many offers are kept. */
const OFFERS = 1000;

/**
 * Finds what would settle verdicts, and keeps no more of them than reports need: a million flow logs fit into memory,
 * as what is said of one is said in the same words of many.
 */
export function collecting(question: Question): Collection {
  const rows: Row[] = [];
  const policies = new Map<string, unknown>();
  const offers = boundedCache<KeptRemedy | null>(OFFERS);
  const one = interning();
  return {
    add({ facts, verdict }) {
      const offer = isFine(verdict) ? null : remedyFor(facts);
      if (offer !== null) policies.set(offer.keyArn, offer.before);
      const { flowLog } = facts;
      const { id, resourceId, capturedAt } = flowLog;
      rows.push({
        id,
        accountId: one(flowLog.accountId),
        region: one(flowLog.region),
        partition: one(flowLog.partition),
        resourceId,
        capturedAt,
        verdict: one(verdict),
        remedy: offer?.statement ?? null,
      });
    },
    run(problems) {
      const sorted = eachOnce(rows.sort(byPlace));
      return {
        rows: sorted,
        causes: causesOf(sorted, statementsByKey(sorted, policies, question)),
        problems,
      };
    },
  };

  function remedyFor(facts: Facts): KeptRemedy | null {
    // What settles one flow log settles all that differ from it only in their ids.
    const { accountId, region, partition, destination, hivePrefixes } = facts.flowLog;
    const name = JSON.stringify([accountId, region, partition, destination, hivePrefixes]);
    return offers(name, () => {
      const offer = offerFor(facts, question);
      if (offer.kind !== 'remedy') return null;
      const { keyArn, before, statement } = offer.remedy;
      return { keyArn, before, statement: one(statement) };
    });
  }
}

/** Puts verdicts in order, finds what would settle them, and groups those that fail for one cause. */
export function runOf(
  judged: readonly Judged[],
  problems: readonly Problem[],
  question: Question,
): Run {
  const collection = collecting(question);
  judged.forEach(collection.add);
  return collection.run(problems);
}

const isFine = ({ outcome }: Verdict): boolean => outcome === 'deliverable' || outcome === 'exempt';

const byPlace = (a: Row, b: Row): number =>
  compare(a.accountId, b.accountId) || compare(a.region, b.region) || compare(a.id, b.id);

/** Of rows of one flow log, which now follow each other, the newest: pages that come one by one may tell it twice. */
function eachOnce(sorted: readonly Row[]): readonly Row[] {
  const kept: Row[] = [];
  for (const row of sorted) {
    const last = kept.at(-1);
    if (last === undefined || byPlace(last, row) !== 0) kept.push(row);
    else if ((row.capturedAt ?? -Infinity) >= (last.capturedAt ?? -Infinity))
      kept[kept.length - 1] = row;
  }
  return kept;
}

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Blocked before unknown, in the order of the checks; a cause is a check, a key and a bucket. */
function causesOf(
  rows: readonly Row[],
  statements: ReadonlyMap<string, Cause['remedy']>,
): readonly Cause[] {
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    if (isFine(row.verdict)) continue;
    const { outcome, reason, keyArn, bucket } = row.verdict;
    const name = [outcome, reason, keyArn, bucket].join(' ');
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return [...groups.values()]
    .map((group): Cause => {
      const { reason, keyArn } = group[0].verdict;
      const mendable = group.some(({ remedy }) => remedy !== null);
      const remedy = mendable ? (statements.get(keyArn ?? '') ?? null) : null;
      return { check: reason ?? 'destination', rows: group, remedy };
    })
    .sort((a, b) => rank(a) - rank(b));
}

/**
 * The one statement for all flow logs of a key that a statement settles, by the key: also where they are of several
 * causes, for one statement put in place of another would take that away.
 */
function statementsByKey(
  rows: readonly Row[],
  policies: ReadonlyMap<string, unknown>,
  question: Question,
): ReadonlyMap<string, Cause['remedy']> {
  const byKey = new Map<string, Map<string, Row>>();
  for (const row of rows) {
    const { keyArn } = row.verdict;
    if (row.remedy === null || keyArn === null) continue;
    const ofKey = byKey.get(keyArn) ?? new Map<string, Row>();
    // One of each place will do: the statement is for all that are there.
    byKey.set(keyArn, ofKey.set(`${row.accountId} ${row.region}`, row));
  }
  return new Map(
    [...byKey].map(([keyArn, flowLogs]) => {
      const merged = merge(policies.get(keyArn), grantFor([...flowLogs.values()], question));
      return [keyArn, merged ? { statement: merged.statement, replaces: merged.replaces } : null];
    }),
  );
}

const rank = ({ check, rows }: Cause): number =>
  checkCodes.indexOf(check) + (rows[0]?.verdict.outcome === 'blocked' ? 0 : checkCodes.length);
