import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { survey } from '../judge/survey.ts';
import type { Tools } from '../mend/mend.ts';
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
  | { readonly kind: 'show'; readonly look: Tools['look'] }
  | { readonly kind: 'apply'; readonly look: Tools['look']; readonly makeTools: () => Tools };

const MAX_TIME_PER_KEY_MS = 240_000;

export async function openMending(options: MendingOptions, question: Question): Promise<Mending> {
  const { snapshot, region, scope, apply, table } = options;
  if (snapshot !== undefined) return { kind: 'show', look: await lookIn(snapshot, question) };
  // Snapshots need no AWS SDK, so the SDK is loaded on demand.
  const { callerIdentity } = await import('../sources/aws/own-account.ts');
  const { makeClients } = await import('../sources/aws/clients.ts');
  const { ofOneAccount } = await import('../mend/reach.ts');
  const { PACE, TABLE, toolsOf } = await import('../mend/tools.ts');
  const place = await callerIdentity(region, 'give --region, or set AWS_REGION');
  const makeTools = (): Tools =>
    toolsOf({
      place,
      reach: ofOneAccount(place.accountId, makeClients()),
      table: table ?? TABLE,
      holder: `flow-log-key remedy on ${hostname()} (${randomUUID()})`,
      question,
      scope,
      pace: PACE,
      deadline: Date.now() + MAX_TIME_PER_KEY_MS,
    });
  const { look } = makeTools();
  return apply ? { kind: 'apply', look, makeTools } : { kind: 'show', look };
}

/** Looks flow logs up in snapshots. Throws an Error where a snapshot cannot be read. */
async function lookIn(files: readonly string[], question: Question): Promise<Tools['look']> {
  const { source, listings, problems } = await readSnapshots(files);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${problem.file}: ${problem.message}`);
  return async (ids) => {
    const found: Facts[] = [];
    for (const { flowLogs } of listings)
      for await (const result of survey(flowLogs(), source, question))
        if (result.kind === 'judged' && ids.includes(result.flowLog.id)) found.push(result.facts);
    return found;
  };
}
