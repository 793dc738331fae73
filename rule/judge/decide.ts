import { awsManagedKey } from './checks/aws-managed-key.ts';
import { bucket } from './checks/bucket.ts';
import { bucketPolicy } from './checks/bucket-policy.ts';
import { customerKey } from './checks/customer-key.ts';
import { deliveryStatus } from './checks/delivery-status.ts';
import { destination } from './checks/destination.ts';
import { exemption } from './checks/exemption.ts';
import { key } from './checks/key.ts';
import { keyByArn } from './checks/key-by-arn.ts';
import { keyPolicy } from './checks/key-policy.ts';
import { keyRegion } from './checks/key-region.ts';
import { keyState } from './checks/key-state.ts';
import { keyUsage } from './checks/key-usage.ts';
import { bucketNameOf, learned, type Facts } from '../model/facts.ts';
import { isAliasArn } from '../model/arn.ts';
import { keyReferenceOf } from '../model/key-reference.ts';
import type { Question } from '../model/question.ts';
import type { Check, CheckAnswer, CheckCode, Outcome, Verdict, Where } from '../model/verdict.ts';
import { findingAt } from './finding-of.ts';
import { hasOrganizationDoubt } from './organization-doubt.ts';
import { seenFacts } from './seen-facts.ts';

const byCode: { readonly [C in CheckCode]: Check<C> } = {
  destination,
  exemption,
  bucket,
  'customer-key': customerKey,
  'aws-managed-key': awsManagedKey,
  'key-by-arn': keyByArn,
  key,
  'key-region': keyRegion,
  'key-state': keyState,
  'key-usage': keyUsage,
  'key-policy': keyPolicy,
  'bucket-policy': bucketPolicy,
  'delivery-status': deliveryStatus,
};

/** Every check, in the order of the codes. */
export const checks: readonly Check[] = Object.values(byCode);

/** The gravest outcome first. */
const gravity: readonly Outcome[] = ['exempt', 'blocked', 'unknown', 'deliverable'];

/** Facts about a flow log, with the answers of all checks that say anything about the facts. */
export interface CheckedFacts {
  readonly facts: Facts;
  readonly answers: readonly (CheckAnswer & { readonly check: CheckCode })[];
}

export function checkFacts(facts: Facts, question: Question): CheckedFacts {
  const seen = seenFacts(facts, question);
  const answers = checks.flatMap(({ code, look }) => {
    const answer = look(seen, question);
    return answer === undefined ? [] : [{ check: code, ...answer }];
  });
  return { facts, answers };
}

/** Judges one flow log by its facts. */
export const decide = (facts: Facts, question: Question): Verdict =>
  verdictOn(checkFacts(facts, question));

/**
 * The gravest finding becomes the verdict; among equally grave findings the first check counts. Deliverable is never a
 * default: a check must say so. Throws an Error where no check answers.
 */
export function verdictOn({ facts, answers }: CheckedFacts): Verdict {
  const where = whereIn(facts);
  const findings = answers.map((answer) => findingAt(answer.check, answer, where));
  const gravest = gravity
    .map((outcome) => findings.find((finding) => finding.outcome === outcome))
    .find((finding) => finding !== undefined);
  if (gravest === undefined)
    throw new Error(`no check answers for flow log ${facts.flowLog.id}: please report it`);
  const { check, outcome, message } = gravest;
  return {
    bucket: where.bucket,
    keyArn: isAliasArn(where.key ?? '') ? null : where.key,
    ...(outcome === 'deliverable' ? { outcome, reason: null } : { outcome, reason: check }),
    message,
    findings,
    advice: answers.flatMap(({ advice = [] }) => advice),
  };
}

/** Whether nothing but a lack of grants blocks: then the grants of the key may change the verdict. */
export const asksForGrants = ({ answers }: CheckedFacts): boolean =>
  answers.some(({ outcome }) => outcome === 'blocked') && answers.every(isOpen);

/** Whether the organization of the flow log's account may change the verdict, or settle a remedy. */
export const asksForOrganization = (
  { facts, answers }: CheckedFacts,
  question: Question,
): boolean => answers.every(isOpen) && hasOrganizationDoubt(facts, question);

/** Whether another fact or statement may still change a verdict with this answer. */
const isOpen = ({ outcome, asks }: CheckAnswer): boolean =>
  outcome !== 'exempt' && (outcome !== 'blocked' || asks === 'grants');

/** The ARN in the bucket's default encryption is known even where the key cannot be read. */
function whereIn({ flowLog, bucket, key }: Facts): Where {
  const reference = keyReferenceOf(learned(bucket));
  const named =
    reference?.kind === 'key-arn' || reference?.kind === 'alias-arn' ? reference.arn : null;
  return { bucket: bucketNameOf(flowLog) ?? null, key: learned(key)?.arn ?? named };
}
