import { learned, type Facts } from '../model/facts.ts';
import { canonical } from '../policy/canonical.ts';
import { namesAdmittedBy } from '../remedy/grant.ts';
import { acceptedByKms, principalsIn } from '../remedy/obstacle.ts';
import { judgeWith, offerForAll, withPolicy, type Remedy } from '../remedy/remedy.ts';
import { changePolicy } from './change-policy.ts';
import { failed, type Ending, type Failed, type Unwritten } from './ending.ts';
import type { KeyPlan } from './stored-execution.ts';
import type { StoredPolicy } from './key-policy.ts';
import type { MendContext } from './mend-context.ts';
import { endingWithoutPut, flowLogIsGone, lastStatusInWords } from './plan.ts';
import type { PolicyChange } from './policy-change.ts';

/** A plan, and the id of the execution of the plan. */
interface PlannedMend {
  readonly id: string;
  readonly plan: KeyPlan;
}

/** Puts the planned statement into the key policy if the flow logs still need exactly this. Rejects if nobody may. */
export const mend = (planned: PlannedMend, context: MendContext): Promise<Ending> =>
  changePolicy(planned.plan.keyArn, (before) => mendingChange(before, planned, context), context);

/** The change to mend a policy, or the reason for no change. Judges everything anew: the plan may be old. */
async function mendingChange(
  before: StoredPolicy,
  planned: PlannedMend,
  context: MendContext,
): Promise<PolicyChange | Unwritten> {
  const { plan } = planned;
  const learnedNow = await context.learnFacts(plan.flowLogIds);
  const facts = learnedNow.map((each) => withPolicy(before.document, each));
  const ending = outdatedPlan(facts, plan) ?? endingWithoutStatement(facts, context);
  if (ending !== undefined) return ending;
  const offer = offerForAll(facts, context.question, context.scope);
  if (offer.kind === 'none') return failed(offer.message);
  if (canonical(offer.remedy.grant) !== canonical(plan.grant))
    return failed('what would be added is not what was planned any more: plan again');
  const accepted = acceptedByKms(offer);
  if (accepted.kind === 'none') return failed(accepted.message);
  return changeBy(accepted.remedy, { planned, facts, context });
}

/** The failure if a planned flow log is gone, or uses another key now. */
function outdatedPlan(
  facts: readonly Facts[],
  { flowLogIds, keyArn }: KeyPlan,
): Failed<'no'> | undefined {
  const gone = flowLogIds.find((id) => !facts.some(({ flowLog }) => flowLog.id === id));
  if (gone !== undefined) return flowLogIsGone(gone);
  const moved = facts.find(({ key }) => learned(key)?.arn !== keyArn);
  return (
    moved &&
    failed(`flow log ${moved.flowLog.id} does not depend on key ${keyArn} any more: plan again`)
  );
}

/** The ending if a flow log cannot be mended, or if no flow log needs a statement; undefined if a statement is needed. */
function endingWithoutStatement(
  facts: readonly Facts[],
  context: MendContext,
): Unwritten | undefined {
  const endings = facts.flatMap((each) => endingWithoutPut(each, context) ?? []);
  const failure = endings.find(({ kind }) => kind === 'failed');
  return failure ?? (endings.length === facts.length ? endings[0] : undefined);
}

interface ChangeOptions {
  readonly planned: PlannedMend;
  readonly facts: readonly Facts[];
  readonly context: MendContext;
}

function changeBy(
  remedy: Remedy,
  { planned: { id, plan }, facts, context }: ChangeOptions,
): PolicyChange {
  const { executions, question } = context;
  const { flowLogIds, keyArn } = plan;
  const { after, statement } = remedy;
  return {
    kind: 'change',
    after,
    putBy: Object.fromEntries(namesAdmittedBy(plan.grant).map((name) => [name, id])),
    record: (before, notice) =>
      executions.save(id, { plan, put: { ...notice, sid: statement.Sid } }, before.text),
    withdrawRecord: () => executions.save(id, { plan }).catch(() => undefined),
    keep: (shown) => executions.keep(id, shown),
    mayQuote: remedy.mayQuote,
    explainRefusal: (refusal, words) => mendRefusalInWords(refusal, words, remedy),
    judge(document) {
      const verdicts = facts.map((each) => judgeWith(document, each, question));
      const bad = verdicts.find(({ outcome }) => outcome !== 'deliverable');
      const delivery = `delivery of flow log ${flowLogIds.join(', ')}`;
      return bad === undefined
        ? {
            fine: true,
            message: `key policy admits ${delivery} (statement ${statement.Sid}, key ${keyArn})${lastStatusInWords(facts)}`,
          }
        : { fine: false, message: `key policy does not surely admit ${delivery}: ${bad.message}` };
    },
  };
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
function mendRefusalInWords(
  refusal: Error,
  words: string,
  { after, keyArn, mayQuote }: Remedy,
): string {
  const refused = `KMS refused the policy of key ${keyArn} (${words})`;
  if (refusal.name === 'AccessDeniedException')
    return `${refused}: name the key in remediationKeys, and let the key policy allow kms:PutKeyPolicy`;
  if (refusal.name !== 'MalformedPolicyDocumentException') return refused;
  if (/update the key policy in the future/i.test(refusal.message))
    return `${refused}: with it nobody could change the policy any more; add a statement for an administrator of the key`;
  const principals = principalsIn(after).filter((name) => !/^(\*|\d{12}|.*:root)$/.test(name));
  if (principals.length === 0) return refused;
  const named = mayQuote ? principals.join(', ') : 'principals of a statement of that policy';
  return `${refused}: a principal may not exist any more, look for ${named}`;
}
