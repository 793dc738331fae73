import { boundedCache, cacheOf, makeNumbering } from '../basics/memory.ts';
import { learned, type Facts, type FlowLog } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { Verdict } from '../model/verdict.ts';
import { decide } from './decide.ts';
import { seenFacts } from './seen-facts.ts';

/** Bounds the memory: an organization may have thousands of accounts, each with a few destinations. */
const MAX_VERDICTS = 10_000;

type Verdicts = (name: string, make: () => Verdict) => Verdict;

const verdictsFor = cacheOf<Question, Verdicts>(() => boundedCache(MAX_VERDICTS));

/** Judges a flow log; flow logs that look alike to the checks share one verdict. */
export const decideOnce = (facts: Facts, question: Question): Verdict =>
  verdictsFor(question)(likenessOf(facts, question), () => decide(facts, question));

/** A name for everything that the checks see: facts with one name have the same verdict and remedy. */
export function likenessOf(facts: Facts, question: Question): string {
  const { flowLog, bucket, key, grants, organization } = seenFacts(facts, question);
  const names: unknown[] = [bucket, key, grants, organization].map(nameOfFact);
  for (const value of Object.values(flowLog) as FlowLog[keyof FlowLog][])
    names.push(typeof value === 'object' ? equalNumber(value) : value);
  return JSON.stringify(names);
}

/** A bucket or key is one object for all flow logs; two gaps with the same words are alike. */
function nameOfFact(fact: Exclude<Facts[keyof Facts], FlowLog>): string | number | undefined {
  if (fact === undefined) return undefined;
  return learned(fact) === undefined ? `gap ${equalNumber(fact)}` : numberOf(fact);
}

const equalNumber = makeNumbering();

let numbered = 0;

/** A number for each object. */
const numberOf = cacheOf<object, number>(() => ++numbered);
