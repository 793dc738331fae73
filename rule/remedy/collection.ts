import { boundedCache, makeIntern } from '../basics/memory.ts';
import { likenessOf } from '../judge/decide-once.ts';
import type { Judged } from '../judge/survey.ts';
import type { Facts } from '../model/facts.ts';
import type { Problem } from '../model/problem.ts';
import type { Question } from '../model/question.ts';
import type { SourceLine } from '../model/world.ts';
import { offerFor, type Remedy } from './remedy.ts';
import { causesOf, statementsByKey } from './causes.ts';
import { compareRows, isFailing, type Row, type Run } from './run.ts';

/** A judged flow log. A planned one has a place in a file, and the facts of several worlds for one remedy to settle. */
export interface Collected extends Pick<Judged, 'facts' | 'verdict'>, Pick<Row, 'presentOutcome'> {
  readonly source?: SourceLine | null;
  readonly toSettle?: readonly Facts[];
}

/** Takes verdicts one by one, then makes the run. */
export interface Collection {
  readonly add: (judged: Collected) => void;
  readonly run: (problems: readonly Problem[]) => Run;
}

/** A remedy without the new policy: the policies of a thousand remedies may take 32 MB. */
type ShortRemedy = Pick<Remedy, 'keyArn' | 'before' | 'statement'>;

const MAX_CACHED_REMEDIES = 1000;

/** Keeps few fields of each verdict, and equal values once: a million flow logs have to fit into memory. */
export function collectionFor(question: Question): Collection {
  const rows: Row[] = [];
  const policies = new Map<string, unknown>();
  const remedies = boundedCache<ShortRemedy | null>(MAX_CACHED_REMEDIES);
  const intern = makeIntern();
  return {
    add({ facts, verdict, presentOutcome, source = null, toSettle = [facts] }) {
      const { id, accountId, region, partition, resourceId, capturedAt } = facts.flowLog;
      const offers = isFailing(verdict) ? toSettle.map(remedyFor) : [];
      const remedy = offers.every((offer) => offer !== null) ? (offers[0] ?? null) : null;
      if (remedy !== null) policies.set(remedy.keyArn, remedy.before);
      rows.push({
        id,
        accountId,
        region,
        partition,
        resourceId,
        capturedAt,
        source,
        verdict: intern(verdict),
        ...(presentOutcome === undefined ? {} : { presentOutcome }),
        remedy: remedy?.statement ?? null,
      });
    },
    run(problems) {
      const sorted = newestRows(rows.sort(compareRows));
      const causes = causesOf(sorted, statementsByKey(sorted, policies, question));
      return { rows: sorted, causes, problems };
    },
  };

  /** Flow logs that look alike to the checks share a remedy. */
  function remedyFor(facts: Facts): ShortRemedy | null {
    return remedies(likenessOf(facts, question), () => {
      const offer = offerFor(facts, question);
      if (offer.kind !== 'remedy') return null;
      const { keyArn, before, statement } = offer.remedy;
      return { keyArn, before, statement: intern(statement) };
    });
  }
}

/** Keeps the newest row of each flow log: the pages of a listing may repeat a flow log. */
function newestRows(sorted: readonly Row[]): readonly Row[] {
  const kept: Row[] = [];
  for (const row of sorted) {
    const last = kept.at(-1);
    if (last === undefined || compareRows(last, row) !== 0) kept.push(row);
    else if ((row.capturedAt ?? -Infinity) >= (last.capturedAt ?? -Infinity))
      kept[kept.length - 1] = row;
  }
  return kept;
}
