import { recordedAt, type FactOrigins } from '../judge/explained-facts.ts';
import { explainJudged, type Explanation } from '../judge/explanation-of.ts';
import type { FlowLog } from '../model/facts.ts';
import type { Problem } from '../model/problem.ts';
import type { Question } from '../model/question.ts';
import { chosenInput } from './chosen-input.ts';
import type { Asking } from './judge-existing.ts';
import { judgeListings } from './judge-listings.ts';
import { openInput, type InputOptions } from './open-input.ts';
import { watchWaits } from './say-waits.ts';

/** Explanations, and the reasons why others lack. */
export interface Explained {
  readonly explanations: readonly Explanation[];
  readonly problems: readonly Problem[];
  readonly remarks: readonly string[];
  /** The message for a flow log that is not there. */
  readonly whyNotThere: (id: string) => string;
}

/** A question, and the ids of the flow logs to explain. */
export interface AskingToExplain extends Pick<Asking, 'question' | 'remark'> {
  readonly wanted: ReadonlySet<string>;
}

/** Judges and explains the wanted flow logs that exist. */
export async function explainExisting(
  options: InputOptions,
  { wanted, question, remark }: AskingToExplain,
): Promise<Explained> {
  const problems: Problem[] = [];
  const fail = (problem: Problem): void => void problems.push(problem);
  const watch = watchWaits(remark);
  const { remarks, ...input } = await watch(
    openInput(options, fail, watch),
    'the account, its Regions and their flow logs',
  );
  const toJudge = chosenInput(input, ({ id }) => wanted.has(id), watch);
  const newest = new Map<string, { capturedAt: number; explanation: Explanation }>();
  await judgeListings(toJudge, question, {
    take(result) {
      if (result.kind !== 'judged') return;
      const { id, accountId, region, capturedAt = -Infinity } = result.flowLog;
      const name = `${accountId} ${region} ${id}`;
      // The pages of a listing may repeat a flow log.
      if ((newest.get(name)?.capturedAt ?? -Infinity) > capturedAt) return;
      const origins = originsOf(result.flowLog, options, question);
      newest.set(name, { capturedAt, explanation: explainJudged(result, { question, origins }) });
    },
    fail,
  });
  return {
    explanations: [...newest.values()].map(({ explanation }) => explanation),
    problems,
    remarks: remarks?.() ?? [],
    whyNotThere: (id) => `flow log ${id} ${whereNot(options)}`,
  };
}

function originsOf(
  { capturedAt }: FlowLog,
  { live }: InputOptions,
  { now }: Question,
): FactOrigins {
  const askedAt = now.toISOString();
  return {
    flowLog: live ? { kind: 'asked', askedAt } : recordedAt(capturedAt),
    askedAt,
    lineOf: () => null,
  };
}

function whereNot({ snapshot, aggregator, regions }: InputOptions): string {
  if (snapshot !== undefined)
    return 'is not in these files, or its item cannot be read: add the snapshot of its account and Region';
  if (aggregator !== undefined)
    return `is not in aggregator ${aggregator}: let AWS Config record AWS::EC2::FlowLog in its account and Region`;
  return regions === undefined
    ? 'is not in this account and Region: give --regions, or credentials of its account'
    : 'is not in these Regions of this account: give --regions all, or credentials of its account';
}
