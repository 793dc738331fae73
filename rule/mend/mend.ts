import { change, failed, LEASE, type Edit, type Ending } from './change.ts';
import { learned, type Facts } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import { errorText } from '../basics/text.ts';
import { canonical } from '../policy/canonical.ts';
import {
  judgeWith,
  acceptedByKms,
  offerFor,
  offerForAll,
  principalsIn,
  withPolicy,
  type Remedy,
  type Scope,
} from '../remedy/remedy.ts';
import type { Executions } from './executions.ts';
import type { KeyPolicy, Stored } from './key-policy.ts';
import type { Lease } from './lease.ts';

/** What mending works with. */
export interface Tools {
  /** Learns of these flow logs, with their buckets and keys, as they are now; without those that do not exist. */
  readonly look: (flowLogIds: readonly string[]) => Promise<readonly Facts[]>;
  /** Rejects, like the next, where nobody may mend the key. */
  readonly policyOf: (keyArn: string) => Promise<KeyPolicy>;
  readonly leaseOn: (keyArn: string, duration: number) => Promise<Lease>;
  readonly executions: Executions;
  readonly question: Question;
  readonly scope: Scope;
  /** Milliseconds between two reads of a policy. */
  readonly pace: number;
  /** When it has to end: milliseconds since 1970. */
  readonly deadline: number;
}

/** What is to be done about flow logs: a remedy for each key, and for the others how it ends with them. */
export interface Plan {
  readonly remedies: readonly { readonly remedy: Remedy; readonly all: readonly Facts[] }[];
  readonly endings: readonly Ended[];
}

/** How it ends with a flow log, and what was learned of it if it exists. */
interface Ended {
  readonly flowLogId: string;
  readonly facts: Facts | undefined;
  readonly ending: Ending;
}

/** Looks at flow logs, and for what mends them; writes nothing. */
export async function plan(
  flowLogIds: readonly string[],
  tools: Pick<Tools, 'look' | 'question' | 'scope'>,
): Promise<Plan> {
  const found = await tools.look(flowLogIds);
  const byKey = new Map<string, Facts[]>();
  const endings: Ended[] = [];
  for (const flowLogId of new Set(flowLogIds)) {
    const those = found.filter(({ flowLog }) => flowLog.id === flowLogId);
    if (those.length === 0) endings.push({ flowLogId, facts: undefined, ending: gone(flowLogId) });
    for (const facts of those) {
      const ending = endingWithout(facts, tools);
      const keyArn = learned(facts.key)?.arn;
      if (ending !== undefined) endings.push({ flowLogId, facts, ending });
      else if (keyArn !== undefined) byKey.set(keyArn, [...(byKey.get(keyArn) ?? []), facts]);
    }
  }
  const remedies = [...byKey.values()].flatMap((all) => {
    const offer = acceptedByKms(offerForAll(all, tools.question, tools.scope));
    if (offer.kind === 'remedy') return [{ remedy: offer.remedy, all }];
    for (const facts of all)
      endings.push({ flowLogId: facts.flowLog.id, facts, ending: failed(offer.message) });
    return [];
  });
  return { remedies, endings };
}

const gone = (flowLogId: string): Ending =>
  failed(`flow log ${flowLogId} does not exist in this account and Region (any more)`);

/** How it ends with a flow log for which no statement is put; undefined where one is. */
function endingWithout(
  facts: Facts,
  { question, scope }: Pick<Tools, 'question' | 'scope'>,
): Ending | undefined {
  const offer = offerFor(facts, question, scope);
  const { id } = facts.flowLog;
  if (offer.kind === 'remedy') return undefined;
  if (offer.kind === 'none')
    return failed(`no statement in the key policy mends flow log ${id}: ${offer.message}`);
  return {
    outcome: 'nothing-to-do',
    written: 'no',
    message: `nothing to do for flow log ${id}: ${offer.message}${observed([facts])}`,
  };
}

/** What AWS last saw of the delivery, as it was read: it lags, and nobody here has seen a log arrive. */
function observed(all: readonly Facts[]): string {
  const statuses = all.flatMap(({ flowLog: { observed: seen } }) =>
    seen.status === undefined
      ? []
      : [[seen.status, seen.error && `(${seen.error})`].join(' ').trim()],
  );
  if (statuses.length === 0) return '';
  const fine = statuses.every((status) => status === 'SUCCESS');
  const next = fine
    ? ''
    : ': that lags by some minutes; if it stays look at the bucket policy and resource control policies';
  return `; AWS last reported DeliverLogsStatus ${[...new Set(statuses)].join(', ')}${next}`;
}

/** What was planned, and under which id it is kept. */
export interface Planned {
  readonly id: string;
  readonly flowLogIds: readonly string[];
  readonly keyArn: string;
  readonly grant: Remedy['grant'];
}

/** What changing the policy of a key works with. Rejects where nobody may. */
export const under = async (keyArn: string, { policyOf, leaseOn, pace, deadline }: Tools) => ({
  policy: await policyOf(keyArn),
  lease: await leaseOn(keyArn, LEASE * pace),
  pace,
  deadline,
});

/** Puts what was planned into the key policy, if it still is what is lacking. Rejects where nobody may. */
export async function mend(planned: Planned, tools: Tools): Promise<Ending> {
  return change({
    ...(await under(planned.keyArn, tools)),
    edit: (before) => edit(before, planned, tools),
  });
}

async function edit(before: Stored, planned: Planned, tools: Tools): Promise<Edit | Ending> {
  const { id, flowLogIds, keyArn, grant } = planned;
  const { question, scope, executions } = tools;
  const all = (await tools.look(flowLogIds)).map((facts) => withPolicy(before.document, facts));
  const lost = flowLogIds.find((each) => !all.some(({ flowLog }) => flowLog.id === each));
  if (lost !== undefined) return gone(lost);
  const moved = all.find(({ key }) => learned(key)?.arn !== keyArn);
  if (moved !== undefined)
    return failed(
      `flow log ${moved.flowLog.id} does not depend on key ${keyArn} any more: plan again`,
    );
  const endings = all.flatMap((facts) => endingWithout(facts, tools) ?? []);
  const [ending] = endings.filter(({ outcome }) => outcome === 'failed').concat(endings);
  if (ending !== undefined && (ending.outcome === 'failed' || endings.length === all.length))
    return ending;
  const offer = offerForAll(all, question, scope);
  if (offer.kind === 'none') return failed(offer.message);
  if (canonical(offer.remedy.grant) !== canonical(grant))
    return failed('what would be added is not what was planned any more: plan again');
  const accepted = acceptedByKms(offer);
  if (accepted.kind === 'none') return failed(accepted.message);
  const { after, statement } = accepted.remedy;
  return {
    after,
    explain: (refusal) => explain(refusal, after, keyArn),
    keep: (stored, { at, fingerprint }) =>
      executions.keep(
        id,
        { flowLogIds, keyArn, grant, begun: { at, fingerprint, sid: statement.Sid } },
        stored.text,
      ),
    forget: () => executions.keep(id, { flowLogIds, keyArn, grant }).catch(() => undefined),
    judge(document) {
      const verdicts = all.map((facts) => judgeWith(document, facts, question));
      const bad = verdicts.find(({ outcome }) => outcome !== 'deliverable');
      const fine = bad === undefined;
      const which = `flow log ${flowLogIds.join(', ')}`;
      return {
        fine,
        message: fine
          ? `key policy admits delivery of ${which} (statement ${statement.Sid}, key ${keyArn})${observed(all)}`
          : `key policy does not surely admit delivery of ${which}: ${bad.message}`,
      };
    },
  };
}

/** Why KMS refuses the policy. https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
function explain(refusal: Error, after: unknown, keyArn: string): string {
  const said = `KMS refused the policy of key ${keyArn} (${errorText(refusal)})`;
  if (refusal.name === 'AccessDeniedException')
    return `${said}: name the key in remediationKeys, and let the key policy allow kms:PutKeyPolicy`;
  if (refusal.name !== 'MalformedPolicyDocumentException') return said;
  if (/update the key policy in the future/i.test(refusal.message))
    return `${said}: with it nobody could change the policy any more; add a statement for an administrator of the key`;
  const principals = principalsIn(after).filter((name) => !/^(\*|\d{12}|.*:root)$/.test(name));
  return principals.length === 0
    ? said
    : `${said}: a principal may not exist any more, look for ${principals.join(', ')}`;
}
