import { isExpired, type Exemption } from '../../model/exemption.ts';
import { bucketNameOf, learned, type Facts, type FlowLog } from '../../model/facts.ts';
import { arnGlob, glob, literal, type Glob } from '../../policy/glob.ts';
import { match } from '../../policy/match.ts';
import type { Check } from '../../model/verdict.ts';

/** Somebody decided to do without this flow log for a while, whatever the other checks say of it. */
export const exemption: Check<'exemption'> = {
  code: 'exemption',
  title: 'An exemption names the flow log (only with `Exemptions`)',
  look(facts, { exemptions, now }) {
    const [first, ...more] = exemptions.filter(
      (each) => !isExpired(each, now) && isNamed(facts, each),
    );
    if (first === undefined) return undefined;
    const last = more.reduce((best, each) => (each.expires > best.expires ? each : best), first);
    return {
      outcome: 'exempt',
      message: `exempt until ${last.expires} (owner: ${last.owner}): ${last.reason}`,
    };
  },
};

/** Whether all that the pattern gives surely holds; what is not known does not. */
function isNamed({ flowLog, key }: Facts, { pattern }: Exemption): boolean {
  const { tag } = pattern;
  const answers = [
    pattern.flowLog && fits(glob(pattern.flowLog), flowLog.id),
    pattern.bucket && fits(glob(pattern.bucket), bucketNameOf(flowLog)),
    pattern.key && fits(arnGlob(glob(pattern.key)), learned(key)?.arn),
    pattern.account && pattern.account === flowLog.accountId,
    tag && fits(glob(tag.value), tagOf(flowLog, tag.name)),
  ].filter((answer) => answer !== undefined);
  return answers.length > 0 && answers.every((answer) => answer === true);
}

const fits = (pattern: Glob | undefined, text: string | undefined): boolean =>
  pattern !== undefined && text !== undefined && match(pattern, literal(text)) === true;

const tagOf = ({ tags }: FlowLog, name: string): string | undefined =>
  Object.hasOwn(tags, name) ? tags[name] : undefined;
