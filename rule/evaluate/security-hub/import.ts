import { sendBatch } from '../../basics/batches.ts';
import {
  BatchImportFindingsCommand,
  type AwsSecurityFinding,
  type ImportFindingsError,
  type SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { complianceOf, type UnknownAs } from '../../model/compliance.ts';
import { archived, findingIdOf, findingOf, type Result } from './finding.ts';
import type { Place } from '../../model/place.ts';

/** What AWS Config was told of flow logs. */
export interface Told {
  readonly results: readonly Result[];
  readonly unknownAs: UnknownAs;
  /** The ids of flow logs that could not be judged: what was said of them stands. */
  readonly notJudged: readonly string[];
  readonly place: Place;
  /** When the run began to look. What Security Hub has from later is not touched. */
  readonly asOf: Date;
}

/** Security Hub forgets what is not updated for 90 days; what fails for so long, in milliseconds, is told again. */
const REFRESH = 30 * 24 * 60 * 60 * 1000;

/**
 * What Security Hub does not have yet, given all the findings that it has about what was asked: of flow logs that fail
 * or failed before; of those that have no result any more, that they do not matter.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
 */
export function findingsToImport(
  { results, unknownAs, notJudged, place, asOf }: Told,
  existing: readonly AwsSecurityFinding[],
): readonly AwsSecurityFinding[] {
  const updatedAt = asOf.toISOString();
  const before = new Map(existing.map((finding) => [finding.Id, finding]));
  const stands = new Set(notJudged.map((id) => findingIdOf(id, place)));
  const findings: AwsSecurityFinding[] = [];
  for (const result of results) {
    const compliance = complianceOf(result.verdict.outcome, unknownAs);
    if (compliance === 'NOT_APPLICABLE') continue;
    const old = before.get(findingIdOf(result.flowLog.id, place));
    if (old === undefined && compliance === 'COMPLIANT') continue;
    const finding = findingOf(result, { createdAt: old?.CreatedAt ?? updatedAt, updatedAt });
    stands.add(finding.Id ?? '');
    if (old === undefined || isNews(finding, old)) findings.push(finding);
  }
  const gone = existing.filter(({ Id = '' }) => !stands.has(Id));
  return [...findings, ...gone.map((finding) => archived(finding, updatedAt))].filter(
    ({ Id }) => !isLater(before.get(Id), asOf),
  );
}

/** Whether Security Hub lacks something, other than the time: or will soon, as time goes by. */
function isNews(finding: AwsSecurityFinding, old: AwsSecurityFinding): boolean {
  if (essence(finding) !== essence(old)) return true;
  const age = Date.parse(finding.UpdatedAt ?? '') - Date.parse(old.UpdatedAt ?? '');
  return finding.Compliance?.Status !== 'PASSED' && age > REFRESH;
}

/** What we say; Security Hub and its users add to it. The severity follows from the status. */
const essence = ({ Title, Description, Compliance, Remediation, Resources }: AwsSecurityFinding) =>
  JSON.stringify([
    Title,
    Description,
    Compliance?.Status,
    Remediation?.Recommendation?.Text,
    Resources?.map(({ Id }) => Id).sort(),
  ]);

/** Another run has told it since. */
const isLater = (old: AwsSecurityFinding | undefined, asOf: Date): boolean =>
  Date.parse(old?.UpdatedAt ?? '') >= asOf.getTime();

/** What BatchImportFindings takes in one call. */
const BATCH = 100;

/**
 * Imports findings, in hundreds, and resolves with those that Security Hub does not take however often it is told.
 * Rejects when it is off, or refuses the call. A finding is well below its limits of 240 KB, and 6 MB for a call.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
 * https://docs.aws.amazon.com/securityhub/latest/partnerguide/guidelines-batchimportfindings.html
 */
export async function importFindings(
  client: SecurityHubClient,
  findings: readonly AwsSecurityFinding[],
  abortSignal: AbortSignal,
): Promise<readonly ImportFindingsError[]> {
  const notTaken: ImportFindingsError[] = [];
  for (let start = 0; start < findings.length; start += BATCH) {
    let failed: readonly ImportFindingsError[] = [];
    const send = async (items: readonly AwsSecurityFinding[]) => {
      const command = new BatchImportFindingsCommand({ Findings: [...items] });
      ({ FailedFindings: failed = [] } = await client.send(command, { abortSignal }));
      const ids = new Set(failed.map(({ Id }) => Id));
      return items.filter(({ Id }) => ids.has(Id));
    };
    await sendBatch({ items: findings.slice(start, start + BATCH), send, abortSignal });
    notTaken.push(...failed);
  }
  return notTaken;
}
