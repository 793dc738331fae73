import type { Facts, FlowLog } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { Verdict } from '../model/verdict.ts';
import type { SourceLine } from '../model/world.ts';
import { explainFacts, type ExplainedFact, type FactOrigins } from './explained-facts.ts';
import { explainRequests, type ExplainedRequest } from './explained-requests.ts';
import { worldGroups } from './world-groups.ts';
import type { JudgedInWorlds } from './worlds.ts';

/** The way of a flow log to the verdict. */
export interface Explanation {
  readonly flowLog: Pick<FlowLog, 'id' | 'accountId' | 'region' | 'resourceId'>;
  readonly source: SourceLine | null;
  readonly verdict: Verdict;
  /** One entry for all worlds that lead to the same findings. A flow log that exists has one world. */
  readonly worlds: readonly ExplainedWorlds[];
}

/** Worlds with the same findings, explained by the first. */
export interface ExplainedWorlds {
  /** The values that set these worlds apart, in words; empty where all worlds agree. */
  readonly where: readonly string[];
  readonly count: number;
  readonly verdict: Verdict;
  readonly facts: readonly ExplainedFact[];
  readonly requests: readonly ExplainedRequest[];
}

interface Explaining {
  readonly question: Question;
  readonly origins: FactOrigins;
}

/** Explains the verdict on a flow log that exists. */
export function explainJudged(
  { facts, verdict }: { readonly facts: Facts; readonly verdict: Verdict },
  explaining: Explaining,
): Explanation {
  const world = { where: [], count: 1, verdict, ...factsAndRequests(facts, explaining) };
  return { flowLog: facts.flowLog, source: null, verdict, worlds: [world] };
}

/** Explains the verdict on a planned flow log, world by world where worlds differ. */
export function explainInWorlds(
  { facts, verdict, worlds }: JudgedInWorlds,
  source: SourceLine | null,
  explaining: Explaining,
): Explanation {
  const groups = worldGroups(worlds).map(({ where, count, first }) => ({
    where,
    count,
    verdict: first.verdict,
    ...factsAndRequests(first.facts, explaining),
  }));
  return { flowLog: facts.flowLog, source, verdict, worlds: groups };
}

const factsAndRequests = (facts: Facts, { question, origins }: Explaining) => ({
  facts: explainFacts(facts, origins),
  requests: explainRequests(facts, question),
});
