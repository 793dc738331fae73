import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { survey } from '../judge/survey.ts';
import type { MendContext } from '../mend/mend-context.ts';
import type { Facts } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import type { Scope } from '../remedy/remedy.ts';
import { readSnapshots } from '../sources/recorded/snapshot.ts';

/** The options for finding flow logs, and for mending. */
export interface MendingOptions {
  readonly snapshot?: readonly string[];
  readonly region?: string;
  readonly scope: Scope;
  readonly apply?: boolean;
  readonly table?: string;
}

/** The way to the facts of flow logs; with --apply also to the key policies. */
type Mending =
  | { readonly kind: 'show'; readonly learnFacts: MendContext['learnFacts'] }
  | {
      readonly kind: 'apply';
      readonly learnFacts: MendContext['learnFacts'];
      /** Makes a context with a deadline that begins now: each key has time of its own. */
      readonly makeContext: () => MendContext;
    };

const MAX_TIME_PER_KEY_MS = 240_000;

export async function openMending(options: MendingOptions, question: Question): Promise<Mending> {
  const { snapshot, region, scope, apply, table } = options;
  if (snapshot !== undefined)
    return { kind: 'show', learnFacts: await factsInSnapshots(snapshot, question) };
  // Snapshots need no AWS SDK, so the SDK is loaded on demand.
  const { callerIdentity } = await import('../sources/aws/own-account.ts');
  const { makeClients } = await import('../sources/aws/clients.ts');
  const { accessToOwnAccount } = await import('../mend/access.ts');
  const { DEFAULT_PACE_MS, DEFAULT_TABLE_NAME } = await import('../mend/environment.ts');
  const { makeMendContext } = await import('../mend/mend-context.ts');
  const place = await callerIdentity(region, 'give --region, or set AWS_REGION');
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
  const { learnFacts } = makeContext();
  return apply ? { kind: 'apply', learnFacts, makeContext } : { kind: 'show', learnFacts };
}

/** Looks flow logs up in snapshots. Throws an Error where a snapshot cannot be read. */
async function factsInSnapshots(
  files: readonly string[],
  question: Question,
): Promise<MendContext['learnFacts']> {
  const { source, listings, problems } = await readSnapshots(files);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${problem.file}: ${problem.message}`);
  return async (ids) => {
    const found: Facts[] = [];
    for (const { flowLogs } of listings)
      for await (const result of survey(flowLogs(), { source, question }))
        if (result.kind === 'judged' && ids.includes(result.flowLog.id)) found.push(result.facts);
    return found;
  };
}
