import type { Facts } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { Source } from '../model/source.ts';
import type { Outcome, Verdict } from '../model/verdict.ts';
import { verdictOn } from './decide.ts';
import { decideOnce } from './decide-once.ts';
import { completeFacts } from './gather-facts.ts';
import type { ProposedPolicies } from './proposed-policies.ts';
import type { Judged } from './survey.ts';

/** A judgement with proposed key policies in place. */
export interface JudgedAgain extends Pick<Judged, 'facts' | 'verdict'> {
  /** The outcome with the key policies as they are. */
  readonly presentOutcome: Outcome;
}

/** Proposed key policies, and the question. */
export interface Again {
  readonly proposed: ProposedPolicies;
  /** The source of facts that few verdicts need. */
  readonly source: Pick<Source, 'grants' | 'organization'>;
  readonly question: Question;
}

/** Judges a flow log a second time, with proposed key policies in place. All other facts stay as they were read. */
export async function judgeAgain(judged: Judged, again: Again): Promise<JudgedAgain> {
  const { proposed, source, question } = again;
  const presentOutcome = judged.verdict.outcome;
  const changed = proposed.applyTo(judged.facts);
  if (changed === judged.facts) return { facts: changed, verdict: judged.verdict, presentOutcome };
  const facts = isRefusedByKey(judged.verdict) ? withoutObservation(changed) : changed;
  if (source.grants === undefined && source.organization === undefined)
    return {
      facts,
      verdict: compared(decideOnce(facts, question), presentOutcome),
      presentOutcome,
    };
  const checked = await completeFacts(facts, { source, question });
  const verdict = compared(verdictOn(checked), presentOutcome);
  return { facts: checked.facts, verdict, presentOutcome };
}

/** Whether the present key policy may explain a failed delivery. */
const isRefusedByKey = ({ findings }: Verdict): boolean =>
  findings.some(({ check, outcome }) => check === 'key-policy' && outcome !== 'deliverable');

/** AWS observed the delivery under the present key policy. */
const withoutObservation = ({ flowLog, ...others }: Facts): Facts => ({
  ...others,
  flowLog: { ...flowLog, observed: { status: undefined, error: undefined } },
});

/** The verdict, with a remark if the outcome is another than the present outcome. */
export const compared = (verdict: Verdict, presentOutcome: Outcome): Verdict =>
  verdict.outcome === presentOutcome
    ? verdict
    : { ...verdict, advice: [...verdict.advice, `${presentOutcome} with the present key policy`] };
