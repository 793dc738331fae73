import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { judgeRecorded } from '../judge/judge-recorded.ts';
import { accessToOwnAccount } from '../mend/access.ts';
import { DEFAULT_PACE_MS, DEFAULT_TABLE_NAME } from '../mend/environment.ts';
import { makeMendContext, type MendContext } from '../mend/mend-context.ts';
import type { Facts } from '../model/facts.ts';
import type { Problem } from '../model/problem.ts';
import type { Question } from '../model/question.ts';
import type { Scope } from '../remedy/remedy.ts';
import { makeClients } from '../sources/aws/clients.ts';
import { callerIdentity } from '../sources/aws/own-account.ts';
import { onlyRegion } from './options.ts';
import { readSnapshots } from '../sources/recorded/snapshot.ts';

/** The options for finding flow logs, and for mending. */
export interface MendingOptions {
  readonly snapshot?: readonly string[];
  readonly regions?: readonly string[];
  readonly scope: Scope;
  readonly apply?: boolean;
  readonly table?: string;
}

/** The way to the facts of flow logs. */
interface Reading extends Pick<MendContext, 'learnFacts'> {
  readonly whyNotFound?: (flowLogId: string) => string;
  /** Unreadable files and items. */
  readonly problems: readonly Problem[];
}

/** The way to the facts of flow logs; with --apply also to the key policies. */
type Mending =
  | (Reading & { readonly kind: 'show' })
  | (Reading & {
      readonly kind: 'apply';
      /** Makes a context with a deadline that begins now: each key has time of its own. */
      readonly makeContext: () => MendContext;
    });

const MAX_TIME_PER_KEY_MS = 240_000;

export async function openMending(options: MendingOptions, question: Question): Promise<Mending> {
  const { snapshot, regions, scope, apply, table } = options;
  if (snapshot !== undefined) return { kind: 'show', ...(await readingOf(snapshot, question)) };
  const place = await callerIdentity(onlyRegion(regions), 'give --region, or set AWS_REGION');
  const makeContext = (): MendContext =>
    makeMendContext({
      place,
      access: accessToOwnAccount(place.accountId, makeClients()),
      table: table ?? DEFAULT_TABLE_NAME,
      holder: `flow-log-key remedy on ${hostname()} (${randomUUID()})`,
      question,
      scope,
      paceMs: DEFAULT_PACE_MS,
      deadline: Date.now() + MAX_TIME_PER_KEY_MS,
    });
  const reading = { learnFacts: makeContext().learnFacts, problems: [] };
  return apply ? { kind: 'apply', ...reading, makeContext } : { kind: 'show', ...reading };
}

/** Looks flow logs up in snapshots. */
async function readingOf(files: readonly string[], question: Question): Promise<Reading> {
  const { problems, ...recorded } = await readSnapshots(files);
  const learnFacts: Reading['learnFacts'] = (ids) => {
    const found: Facts[] = [];
    for (const result of judgeRecorded(recorded, question))
      if (result.kind === 'judged' && ids.includes(result.flowLog.id)) found.push(result.facts);
    return Promise.resolve(found);
  };
  const whyNotFound = (id: string): string =>
    `flow log ${id} is not in these files, or its item cannot be read: add the snapshot of its account and Region`;
  return { learnFacts, whyNotFound, problems };
}
