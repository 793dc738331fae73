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
import type { Check } from './check.ts';
import { learned, type Bucket, type Facts } from '../model/facts.ts';
import { keyReferenceOf } from '../model/key-reference.ts';
import type { Question } from '../model/question.ts';
import type { CheckCode, Finding, Outcome, Verdict } from '../model/verdict.ts';

const byCode: Record<CheckCode, Check> = {
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

/** Every reason a delivery can fail, in the order in which they are told. */
export const checks: readonly Check[] = Object.values(byCode);

const gravity: readonly Outcome[] = ['exempt', 'blocked', 'unknown', 'deliverable'];

/** Deliverable is never a default: a check has to say so. */
const nothingSaid: Finding = {
  check: 'destination',
  outcome: 'unknown',
  message: 'no check had anything to say about this flow log: please report it',
};

/** The key that the bucket names by ARN, also where nothing could be learned of it. */
function keyArnNamedBy(bucket: Bucket | undefined): string | null {
  const reference = keyReferenceOf(bucket);
  return reference?.kind === 'key-arn' ? reference.arn : null;
}

/** Judges one flow log by all that is known of it: exempt, then blocked, then unknown, then deliverable. */
export function decide(facts: Facts, question: Question): Verdict {
  const findings = checks.flatMap(({ code, look }): Finding[] => {
    const said = look(facts, question);
    return said === undefined ? [] : [{ check: code, ...said }];
  });
  const { check, outcome, message } =
    gravity
      .map((each) => findings.find((finding) => finding.outcome === each))
      .find((finding) => finding !== undefined) ?? nothingSaid;
  const { flowLog } = facts;
  return {
    flowLog,
    bucket:
      'kind' in flowLog.destination && flowLog.destination.kind === 's3'
        ? flowLog.destination.bucket
        : null,
    keyArn: learned(facts.key)?.arn ?? keyArnNamedBy(learned(facts.bucket)),
    outcome,
    reason: outcome === 'deliverable' ? null : check,
    message,
    findings,
  };
}
