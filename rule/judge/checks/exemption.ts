import { isExpired, type Exemption } from '../../model/exemption.ts';
import { bucketNameOf, learned, type Facts, type FlowLog } from '../../model/facts.ts';
import type { Check } from '../../model/verdict.ts';
import { newBudget } from '../../policy/budget.ts';
import { arnGlob, glob, literal, type Glob } from '../../policy/glob.ts';
import { match } from '../../policy/match.ts';

/** An exemption excuses a flow log until a day, whatever other checks find. The longest exemption counts. */
export const exemption: Check<'exemption'> = {
  code: 'exemption',
  title: 'An exemption names the flow log (only with `Exemptions`)',
  look(facts, { exemptions, now }) {
    const [first, ...more] = exemptions.filter(
      (exemption) => !isExpired(exemption, now) && exempts(exemption, facts),
    );
    if (first === undefined) return undefined;
    const longest = more.reduce((a, b) => (b.expires > a.expires ? b : a), first);
    return {
      outcome: 'exempt',
      what: `exempt until ${longest.expires} (owner: ${longest.owner}): ${longest.reason}`,
      next: null,
    };
  },
};

/** True only if every part of the pattern surely matches: an unknown fact matches no pattern. */
function exempts({ pattern }: Exemption, { flowLog, key }: Facts): boolean {
  const { tag } = pattern;
  const answers = [
    pattern.flowLog && matches(glob(pattern.flowLog), flowLog.id),
    pattern.bucket && matches(glob(pattern.bucket), bucketNameOf(flowLog)),
    pattern.key && matches(arnGlob(glob(pattern.key)), learned(key)?.arn),
    pattern.account && pattern.account === flowLog.accountId,
    tag && matches(glob(tag.value), tagValue(flowLog, tag.name)),
  ].filter((answer) => answer !== undefined);
  return answers.length > 0 && answers.every((answer) => answer === true);
}

const matches = (pattern: Glob | undefined, text: string | undefined): boolean =>
  pattern !== undefined &&
  text !== undefined &&
  match(pattern, literal(text), newBudget()) === true;

const tagValue = ({ tags }: FlowLog, name: string): string | undefined =>
  Object.hasOwn(tags, name) ? tags[name] : undefined;
