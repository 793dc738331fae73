import { printable } from '../../../basics/text.ts';
import { pageOf } from '../../../model/check-page.ts';
import { gravestFinding, type CheckCode, type Verdict } from '../../../model/verdict.ts';
import type { Cause, Row, Run } from '../../../remedy/run.ts';
import { languageFor } from '../../../remedy/write-statement.ts';
import { numbering } from './numbering.ts';
import type {
  DeliveryLink,
  PageData,
  PageFlowLog,
  PageGroup,
  PagePlace,
  PageStatement,
} from './page-data.ts';
import { pageStatement } from './page-statement.ts';

/** The data of the page without the flow logs, which follow each on its own. */
export interface Groups {
  readonly shared: Omit<PageData, 'flowLogs'>;
  readonly flowLogOf: (row: Row) => PageFlowLog;
}

/** Groups flow logs by outcome, reason, key and bucket. */
export function pageGroupsOf({ rows, causes, language = 'json' }: Run): Groups {
  const places = numbering<PagePlace>();
  const groups = numbering<Verdict[]>();
  const statements = numbering<PageStatement>();
  const groupNumbers = new Map<Verdict, number>();
  for (const { verdict } of rows) {
    if (groupNumbers.has(verdict)) continue;
    const number = groups.numberOf(groupName(verdict, verdict.reason), []);
    groupNumbers.set(verdict, number);
    groups.values[number]?.push(verdict);
  }
  const remedies = new Map(causes.map((cause) => [groupName(cause, cause.check), cause.remedy]));
  const groupOf = (verdicts: readonly Verdict[]): readonly PageGroup[] =>
    verdicts.slice(0, 1).map((verdict) => {
      const remedy = remedies.get(groupName(verdict, verdict.reason)) ?? null;
      const statement = remedy && pageStatement(remedy, languageFor(verdict.keyArn, language));
      const number = statement && statements.numberOf(statement.text, statement);
      return { ...pageGroup(verdict, verdicts), statement: number };
    });
  const pageGroups = groups.values.flatMap(groupOf);
  const shared = {
    groups: pageGroups,
    statements: statements.values,
    checkPages: Object.fromEntries(
      pageGroups.flatMap(({ check }) => (check === null ? [] : [[check, pageOf(check)]])),
    ),
    places: places.values,
  };
  return { shared, flowLogOf };

  function flowLogOf({ id, accountId, region, resourceId, source, verdict }: Row): PageFlowLog {
    const place = [printable(accountId), printable(region)] as const;
    const flowLog = [
      printable(id),
      groupNumbers.get(verdict) ?? 0,
      places.numberOf(place.join(' '), place),
      printable(resourceId),
    ] as const;
    if (source === null) return flowLog;
    return [...flowLog, printable(`${source.file}:${source.line}:${source.column}`)];
  }
}

const groupName = (
  { outcome, keyArn, bucket }: Pick<Cause | Verdict, 'outcome' | 'keyArn' | 'bucket'>,
  reason: CheckCode | null,
): string => JSON.stringify([outcome, reason, keyArn, bucket]);

function pageGroup(verdict: Verdict, alike: readonly Verdict[]): Omit<PageGroup, 'statement'> {
  const { outcome, reason, bucket, keyArn, message, findings, advice } = verdict;
  const gravest = gravestFinding(verdict);
  const more = findings.filter((each) => each !== gravest && each.next !== null);
  const others = new Set(alike.map((each) => each.message)).size - 1;
  const notes = [
    ...more.map(({ check, what, next }) => `Also ${check}: ${what}; next: ${next ?? ''}`),
    ...advice,
    ...(others > 0 ? [`${others} more messages like this, each in --format json`] : []),
  ];
  return {
    outcome,
    check: reason,
    bucket: bucket && printable(bucket),
    keyArn: keyArn && printable(keyArn),
    link: reason === null ? null : failingLink[reason],
    what: printable(gravest?.what ?? message),
    next: printable(gravest?.next ?? ''),
    notes: notes.map(printable),
  };
}

/** The link that fails by a check. */
const failingLink: Record<CheckCode, DeliveryLink> = {
  destination: 'to-bucket',
  exemption: 'to-bucket',
  bucket: 'to-bucket',
  'customer-key': 'to-key',
  'aws-managed-key': 'to-key',
  'key-by-arn': 'to-key',
  key: 'to-key',
  'key-region': 'to-key',
  'key-state': 'to-key',
  'key-usage': 'to-key',
  'key-policy': 'to-key',
  'bucket-policy': 'to-bucket',
  'delivery-status': 'to-bucket',
};
