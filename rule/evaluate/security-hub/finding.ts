import type {
  AwsSecurityFinding,
  ComplianceStatus,
  Resource,
  SeverityLabel,
} from '@aws-sdk/client-securityhub';
import { partitionOf, regionIn } from '../../model/arn.ts';
import type { Place } from '../../model/place.ts';
import type { FlowLog } from '../../model/facts.ts';
import type { KeyStatement } from '../../model/key-statement.ts';
import { pageOf } from '../../model/check-page.ts';
import { gravestFinding, verdictLine, type Outcome, type Verdict } from '../../model/verdict.ts';
import { cutAtWord } from '../../basics/text.ts';

/** A flow log with the verdict, and with the statement for the key policy where a statement makes delivery sure. */
export interface Result {
  readonly flowLog: FlowLog;
  readonly verdict: Verdict;
  readonly remedy: KeyStatement | null;
}

/** The maker of the findings. Never change this id: Security Hub would take older findings for another maker's. */
export const generatorId = 'flow-log-key-rule';

/** The default product of each account: no integration has to be turned on. */
export const productArnOf = ({ accountId, region }: Place): string =>
  `arn:${partitionOf(region)}:securityhub:${region}:${accountId}:product/${accountId}/default`;

/** Each flow log has a single finding, updated in place. */
export const findingIdOf = (flowLogId: string, { accountId, region }: Place): string =>
  `${generatorId}/${accountId}/${region}/${flowLogId}`;

/** The words of Security Hub for each outcome. */
const ratings: Record<Outcome, { status: ComplianceStatus; severity: SeverityLabel }> = {
  blocked: { status: 'FAILED', severity: 'HIGH' },
  unknown: { status: 'WARNING', severity: 'MEDIUM' },
  deliverable: { status: 'PASSED', severity: 'INFORMATIONAL' },
  exempt: { status: 'NOT_AVAILABLE', severity: 'INFORMATIONAL' },
};

/** The beginning of a title by outcome, before the cause. */
const verbs: Record<Outcome, string> = {
  blocked: 'cannot be delivered',
  unknown: 'may not be delivered (unknown)',
  deliverable: 'can be delivered',
  exempt: 'is exempt',
};

/** The limits of Security Hub, in UTF-16 units. */
const MAX_LENGTHS = { title: 256, description: 1024, recommendation: 512 };

/** Times in the format of Security Hub, such as `2026-11-23T04:05:06.789Z`. */
interface Times {
  readonly createdAt: string;
  readonly updatedAt: string;
}

/**
 * A result in the words and limits of Security Hub.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
 */
export function findingOf(result: Result, times: Times): AwsSecurityFinding {
  const { flowLog, verdict, remedy } = result;
  const { outcome, reason } = verdict;
  const { status, severity } = ratings[outcome];
  const cause = gravestFinding(verdict)?.what ?? verdict.message;
  return {
    SchemaVersion: '2018-10-08',
    Id: findingIdOf(flowLog.id, flowLog),
    ProductArn: productArnOf(flowLog),
    GeneratorId: generatorId,
    AwsAccountId: flowLog.accountId,
    CreatedAt: times.createdAt,
    UpdatedAt: times.updatedAt,
    Title: cutAtWord(`VPC flow log ${flowLog.id} ${verbs[outcome]}: ${cause}`, MAX_LENGTHS.title),
    Description: cutAtWord(verdictLine(verdict), MAX_LENGTHS.description),
    FindingProviderFields: providerFields(severity),
    Resources: resourcesOf(result),
    Compliance: { Status: status },
    Remediation: { Recommendation: { Text: recommendation(verdict, remedy), Url: pageOf(reason) } },
    RecordState: 'ACTIVE',
  };
}

/** Archives the finding of a deleted or exempt flow log, or of an unknown verdict reported as NOT_APPLICABLE. */
export const archived = (finding: AwsSecurityFinding, updatedAt: string): AwsSecurityFinding => ({
  SchemaVersion: finding.SchemaVersion,
  Id: finding.Id,
  ProductArn: finding.ProductArn,
  GeneratorId: finding.GeneratorId,
  AwsAccountId: finding.AwsAccountId,
  CreatedAt: finding.CreatedAt,
  UpdatedAt: updatedAt,
  Title: finding.Title,
  Description: finding.Description,
  FindingProviderFields: providerFields('INFORMATIONAL'),
  Resources: finding.Resources,
  Compliance: finding.Compliance,
  Remediation: finding.Remediation,
  RecordState: 'ARCHIVED',
});

/** Severity and types as we rate them. Fields of the same names on the finding itself belong to users of Security Hub. */
const providerFields = (Label: SeverityLabel) => ({
  Severity: { Label },
  Types: ['Software and Configuration Checks/AWS Security Best Practices'],
});

/** Security Hub has no type for flow logs, so a flow log is `Other`. https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resources.html */
function resourcesOf({ flowLog, verdict: { bucket, keyArn } }: Result): Resource[] {
  const { id, accountId, region, partition, resourceId } = flowLog;
  const resources: Resource[] = [
    {
      Type: 'Other',
      Id: `arn:${partition}:ec2:${region}:${accountId}:vpc-flow-log/${id}`,
      Region: region,
      ...(resourceId === '' ? {} : { Details: { Other: { resourceId } } }),
    },
  ];
  if (bucket !== null)
    resources.push({ Type: 'AwsS3Bucket', Id: `arn:${partition}:s3:::${bucket}` });
  if (keyArn !== null) resources.push({ Type: 'AwsKmsKey', Id: keyArn, Region: regionIn(keyArn) });
  return resources;
}

/** Says the next step. A statement too long for Security Hub is left out, never cut. */
function recommendation(verdict: Verdict, remedy: KeyStatement | null): string {
  const next = gravestFinding(verdict)?.next ?? null;
  if (next === null) return 'Nothing is left to do.';
  if (remedy === null)
    return cutAtWord(
      `${next.slice(0, 1).toUpperCase()}${next.slice(1)}.`,
      MAX_LENGTHS.recommendation,
    );
  const text = `Add this statement to the key policy: ${JSON.stringify(remedy)}`;
  return text.length <= MAX_LENGTHS.recommendation
    ? text
    : `Add a statement to the key policy that allows ${remedy.Principal.Service} what the description names, as this page shows.`;
}
