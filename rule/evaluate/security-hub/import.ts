import { inGroups, sendBatch } from '../../basics/batches.ts';
import {
  BatchImportFindingsCommand,
  type AwsSecurityFinding,
  type ImportFindingsError,
  type SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { complianceOf, type UnknownAs } from '../../model/compliance.ts';
import { archived, findingIdOf, findingOf, type Result } from './finding.ts';
import type { Place } from '../../model/place.ts';

/** The results of a run, as reported to AWS Config. */
export interface RunReport {
  readonly results: readonly Result[];
  readonly unknownAs: UnknownAs;
  /** The ids of flow logs without a verdict: an older finding stays. */
  readonly notJudged: readonly string[];
  readonly place: Place;
  /** The start of the run. A later finding in Security Hub stays untouched. */
  readonly startedAt: Date;
}

/** A failed finding is imported again after this time: Security Hub deletes a finding 90 days after the last update. */
const REFRESH_AFTER_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * The findings to import, given every existing finding about the requested flow logs: a new or changed finding for each
 * flow log with a failure now or before, and an archived finding for each flow log without a result any more.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
 */
export function findingsToImport(
  { results, unknownAs, notJudged, place, startedAt }: RunReport,
  existing: readonly AwsSecurityFinding[],
): readonly AwsSecurityFinding[] {
  const updatedAt = startedAt.toISOString();
  const before = new Map(existing.map((finding) => [finding.Id, finding]));
  const kept = new Set(notJudged.map((id) => findingIdOf(id, place)));
  const findings: AwsSecurityFinding[] = [];
  for (const result of results) {
    const compliance = complianceOf(result.verdict.outcome, unknownAs);
    if (compliance === 'NOT_APPLICABLE') continue;
    const old = before.get(findingIdOf(result.flowLog.id, place));
    if (old === undefined && compliance === 'COMPLIANT') continue;
    const finding = findingOf(result, { createdAt: old?.CreatedAt ?? updatedAt, updatedAt });
    kept.add(finding.Id ?? '');
    if (old === undefined || isNews(finding, old)) findings.push(finding);
  }
  const gone = existing.filter(({ Id = '' }) => !kept.has(Id));
  return [...findings, ...gone.map((finding) => archived(finding, updatedAt))].filter(
    ({ Id }) => !isLater(before.get(Id), startedAt),
  );
}

/** True where more than the time is new, or where Security Hub would soon delete the old finding for age. */
function isNews(finding: AwsSecurityFinding, old: AwsSecurityFinding): boolean {
  if (ownFields(finding) !== ownFields(old)) return true;
  const age = Date.parse(finding.UpdatedAt ?? '') - Date.parse(old.UpdatedAt ?? '');
  return finding.Compliance?.Status !== 'PASSED' && age > REFRESH_AFTER_MS;
}

/** The fields from this rule; Security Hub and users add other fields. Severity follows from the status. */
const ownFields = ({
  Title,
  Description,
  Compliance,
  Remediation,
  Resources,
}: AwsSecurityFinding) =>
  JSON.stringify([
    Title,
    Description,
    Compliance?.Status,
    Remediation?.Recommendation?.Text,
    Remediation?.Recommendation?.Url,
    Resources?.map(({ Id }) => Id).sort(),
  ]);

/** True where another run updated the finding after this run started. */
const isLater = (old: AwsSecurityFinding | undefined, startedAt: Date): boolean =>
  Date.parse(old?.UpdatedAt ?? '') >= startedAt.getTime();

/** The limit of BatchImportFindings. */
const MAX_FINDINGS_PER_CALL = 100;

/**
 * Imports findings in hundreds. Resolves with the errors of the findings not taken after every retry.
 * Rejects when Security Hub is off or refuses the call. A finding is far below the limits of 240 KB, and 6 MB for a call.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
 * https://docs.aws.amazon.com/securityhub/latest/partnerguide/guidelines-batchimportfindings.html
 */
export async function importFindings(
  client: SecurityHubClient,
  findings: readonly AwsSecurityFinding[],
  abortSignal: AbortSignal,
): Promise<readonly ImportFindingsError[]> {
  const notTaken: ImportFindingsError[] = [];
  for (const group of inGroups(findings, MAX_FINDINGS_PER_CALL)) {
    let failed: readonly ImportFindingsError[] = [];
    const send = async (items: readonly AwsSecurityFinding[]) => {
      const command = new BatchImportFindingsCommand({ Findings: [...items] });
      ({ FailedFindings: failed = [] } = await client.send(command, { abortSignal }));
      const ids = new Set(failed.map(({ Id }) => Id));
      return items.filter(({ Id }) => ids.has(Id));
    };
    await sendBatch({ items: group, send, abortSignal });
    notTaken.push(...failed);
  }
  return notTaken;
}
