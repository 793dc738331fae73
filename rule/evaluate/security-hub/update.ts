import { withTimeLimit } from '../../basics/time-limit.ts';
import type { Judged, NotJudged } from '../../judge/survey.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { Parameters } from '../../model/parameters.ts';
import { offerFor, statementIn } from '../../remedy/remedy.ts';
import type { RuleRequest } from '../event.ts';
import { findingIdOf, generatorId, productArnOf } from './finding.ts';
import type { Place } from '../../model/place.ts';
import type { Counter, Session } from '../../sources/aws/clients.ts';

/** The answer to a request of AWS Config, flow log by flow log. */
export interface Evaluated {
  readonly judged: readonly Judged[];
  readonly failures: readonly NotJudged[];
  /** The ids of the flow logs in the request, existing or not. */
  readonly requestedIds: readonly string[] | 'all';
}

/** The ids of the flow logs in a request of AWS Config. */
export function requestedIdsOf(
  subject: RuleRequest['subject'],
  foundIds: ReadonlySet<string>,
): Evaluated['requestedIds'] {
  switch (subject.kind) {
    case 'everything':
      return 'all';
    case 'not-applicable':
      return subject.gone ? [subject.id] : [];
    case 'flow-log':
      return [subject.id];
    case 'nothing':
    case 'bucket':
    case 'key':
      return [...foundIds];
  }
}

export interface FindingsOptions {
  readonly place: Place;
  readonly parameters: Parameters;
  readonly exemptions: readonly Exemption[];
  /** The start of the run: a later finding of Security Hub stays as it is. */
  readonly startedAt: Date;
  /** The end of the run: milliseconds since 1970. */
  readonly deadline: number;
  /** Counts the calls. */
  readonly calls: Counter;
  /** The credentials to report with; the function's own by default. */
  readonly reporter?: Session | undefined;
}

const MAX_UPDATE_MS = 60_000;

/**
 * Brings the findings in Security Hub up to date with the verdicts; resolves with the number of imported findings.
 * Rejects when Security Hub refuses, takes too long, or does not take every finding.
 */
export async function updateFindings(
  evaluated: Evaluated,
  options: FindingsOptions,
): Promise<number> {
  if (evaluated.requestedIds.length === 0) return 0;
  const limit = Math.max(1, Math.min(MAX_UPDATE_MS, options.deadline - Date.now()));
  return withTimeLimit(
    (signal) => importNews(evaluated, options, signal),
    limit,
    `Security Hub takes longer than ${limit} ms`,
  );
}

async function importNews(
  { judged, failures, requestedIds }: Evaluated,
  { place, parameters, exemptions, startedAt, calls, reporter }: FindingsOptions,
  signal: AbortSignal,
): Promise<number> {
  // Loaded on demand: a cold start does without.
  const { makeSecurityHub, readFindings } = await import('./read.ts');
  const { findingsToImport, importFindings } = await import('./import.ts');
  const securityHub = makeSecurityHub(place.region, calls, reporter);
  const ids =
    requestedIds === 'all' ? requestedIds : requestedIds.map((id) => findingIdOf(id, place));
  const query = { productArn: productArnOf(place), generatorId, ids };
  const existing = await readFindings(securityHub, query, signal);
  const question = { ...parameters, exemptions, now: startedAt };
  const results = judged.map(({ flowLog, facts, verdict }) => ({
    flowLog,
    verdict,
    remedy: statementIn(offerFor(facts, question)),
  }));
  const notJudged = failures.map(({ flowLog }) => flowLog.id);
  const report = { results, unknownAs: parameters.unknownAs, notJudged, place, startedAt };
  const findings = findingsToImport(report, existing);
  const notTaken = await importFindings(securityHub, findings, signal);
  const [first] = notTaken;
  if (first === undefined) return findings.length;
  const why = `${first.ErrorCode ?? ''} for ${first.Id ?? ''}`;
  throw new Error(
    `Security Hub did not take ${notTaken.length} of ${findings.length} findings: ${why}`,
  );
}
