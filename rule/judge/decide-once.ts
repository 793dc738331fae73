import { boundedCache, cacheOf } from '../basics/memory.ts';
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
  const { flowLog, ...others } = seenFacts(facts, question);
  let name = '';
  for (const value of Object.values(flowLog) as FlowLog[keyof FlowLog][])
    name += `${nameOfValue(value)}\n`;
  // A bucket or key is one object for all flow logs; two gaps with the same words are alike.
  for (const [kind, fact] of Object.entries(others))
    name += `${kind} ${learned(fact) === undefined ? nameOfValue(fact) : numberOf(fact)}\n`;
  return name;
}

/** A text gets its length, as a text may hold any character; an object is shared by many flow logs. */
const nameOfValue = (value: FlowLog[keyof FlowLog] | object): string => {
  if (typeof value === 'object') return textOfObject(value);
  return typeof value === 'string' ? `${value.length}:${value}` : String(value);
};

const textOfObject = cacheOf((object: object): string => JSON.stringify(object));

let numbered = 0;

/** A number for each object. */
const numberOf = cacheOf<object, number>(() => ++numbered);
