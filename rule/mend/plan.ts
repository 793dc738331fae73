import { createTwoFilesPatch } from 'diff';
import { errorText } from '../basics/text.ts';
import { learned, type Facts } from '../model/facts.ts';
import { acceptedByKms } from '../remedy/obstacle.ts';
import { offerFor, offerForAll, type Remedy } from '../remedy/remedy.ts';
import { failed, nothingToDo, type Failed, type Unwritten } from './ending.ts';
import { foreignKeyRefusal } from './foreign-key.ts';
import type { MendContext } from './mend-context.ts';
import { sparedKeyRefusal } from './spared-key.ts';

/** The plan for some flow logs: a remedy for each key, and an ending for each flow log without a remedy. */
export interface MendPlan {
  readonly remedies: readonly KeyRemedy[];
  readonly endings: readonly FlowLogEnding[];
}

/** The remedy for a key, and the facts of the flow logs behind the remedy. */
export interface KeyRemedy {
  readonly remedy: Remedy;
  readonly facts: readonly Facts[];
}

export interface FlowLogEnding {
  /** Undefined for a missing flow log. */
  readonly facts: Facts | undefined;
  readonly ending: Unwritten;
}

/** The choices of the operator that a plan depends on. */
type PlanChoices = Pick<MendContext, 'question' | 'scope' | 'foreignKeys' | 'sparedKeyArn'>;

interface PlanContext extends PlanChoices, Pick<MendContext, 'learnFacts'> {
  /** Not every source knows that a flow log is gone. */
  readonly whyNotFound?: (flowLogId: string) => string;
}

/** Looks at flow logs and finds the remedies. Writes nothing. */
export async function planMend(
  flowLogIds: readonly string[],
  context: PlanContext,
): Promise<MendPlan> {
  const { learnFacts, whyNotFound = whyGone } = context;
  const found = await learnFacts(flowLogIds);
  const endings: FlowLogEnding[] = [];
  const factsByKey = new Map<string, readonly Facts[]>();
  for (const id of new Set(flowLogIds)) {
    const matches = found.filter(({ flowLog }) => flowLog.id === id);
    if (matches.length === 0) endings.push({ facts: undefined, ending: failed(whyNotFound(id)) });
    for (const facts of matches) {
      const ending = namingKey(facts, () => endingWithoutPut(facts, context));
      const keyArn = learned(facts.key)?.arn;
      if (ending !== undefined) endings.push({ facts, ending });
      else if (keyArn !== undefined)
        factsByKey.set(keyArn, [...(factsByKey.get(keyArn) ?? []), facts]);
    }
  }
  const remedies: KeyRemedy[] = [];
  for (const facts of factsByKey.values()) {
    const offer = namingKey(facts[0], () =>
      acceptedByKms(offerForAll(facts, context.question, context.scope)),
    );
    if (offer.kind === 'remedy') remedies.push({ remedy: offer.remedy, facts });
    else for (const each of facts) endings.push({ facts: each, ending: failed(offer.message) });
  }
  return { remedies, endings };
}

/** Names the key in an error about its policy. Only a policy of tens of thousands of levels makes such an error. */
function namingKey<T>(facts: Facts | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const arn = facts && learned(facts.key)?.arn;
    if (arn === undefined) throw error;
    throw new Error(`policy of key ${arn}: ${errorText(error)}; edit it by hand`, { cause: error });
  }
}

const whyGone = (id: string): string =>
  `flow log ${id} does not exist in this account and Region (any more)`;

export const flowLogIsGone = (id: string): Failed<'no'> => failed(whyGone(id));

/** The ending for a flow log without a put; undefined if a statement mends the flow log. */
export function endingWithoutPut(
  facts: Facts,
  { question, scope, foreignKeys, sparedKeyArn }: PlanChoices,
): Unwritten | undefined {
  const offer = offerFor(facts, question, scope);
  const { id } = facts.flowLog;
  if (offer.kind === 'remedy')
    return sparedKeyRefusal(facts, sparedKeyArn) ?? foreignKeyRefusal(facts, foreignKeys);
  if (offer.kind === 'none')
    return failed(`no statement in the key policy mends flow log ${id}: ${offer.message}`);
  return nothingToDo(
    `nothing to do for flow log ${id}: ${offer.message}${lastStatusInWords([facts])}`,
  );
}

/** Quotes the last delivery status from AWS. The status lags, so nobody has seen a delivery under the new policy. */
export function lastStatusInWords(all: readonly Facts[]): string {
  const statuses = all.flatMap(({ flowLog: { observed } }) =>
    observed.status === undefined
      ? []
      : [[observed.status, observed.error && `(${observed.error})`].join(' ').trim()],
  );
  if (statuses.length === 0) return '';
  const next = statuses.every((status) => status === 'SUCCESS')
    ? ''
    : ': that lags by some minutes; if it stays look at the bucket policy and resource control policies';
  return `; AWS last reported DeliverLogsStatus ${[...new Set(statuses)].join(', ')}${next}`;
}

/** The change of a key policy as a unified diff, each value on a line of its own. */
export const policyDiff = ({ before, after }: Pick<Remedy, 'before' | 'after'>): string =>
  createTwoFilesPatch('key policy', 'key policy, mended', linesOf(before), linesOf(after)).replace(
    /^=+\n/,
    '',
  );

const linesOf = (policy: unknown): string => `${JSON.stringify(policy, null, 2)}\n`;
