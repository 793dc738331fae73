import { withTimeLimit } from '../../basics/time-limit.ts';
import type { Judged, NotJudged } from '../../judge/survey.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { Parameters } from '../../model/parameters.ts';
import { offerFor, statementIn } from '../../remedy/remedy.ts';
import { findingIdOf, generatorId, productArnOf } from './finding.ts';
import type { Place } from '../../model/place.ts';
import type { Counter, Session } from '../../sources/aws/clients.ts';

/** What became of the flow logs that were asked about. */
export interface Evaluated {
  readonly judged: readonly Judged[];
  readonly failures: readonly NotJudged[];
  /** The ids of all of them, whether they exist or not; undefined for every flow log there is. */
  readonly about: readonly string[] | undefined;
}

/** What Security Hub's findings depend on, beside what was judged. */
export interface Telling {
  readonly place: Place;
  readonly parameters: Parameters;
  readonly exemptions: readonly Exemption[];
  /** When the run began to look. */
  readonly asOf: Date;
  /** When it has to end: milliseconds since 1970. */
  readonly deadline: number;
  /** Told of each call. */
  readonly calls: Counter;
  /** Whose credentials report; the function's own unless told otherwise. */
  readonly reporter?: Session | undefined;
}

/** How long Security Hub may take at most, in milliseconds. */
const LONGEST = 60_000;

/**
 * Brings the findings in Security Hub up to what was judged; resolves with how many were imported. Rejects when
 * Security Hub refuses, takes too long, or does not take them all.
 */
export async function tellSecurityHub(evaluated: Evaluated, telling: Telling): Promise<number> {
  if (evaluated.about?.length === 0) return 0;
  const limit = Math.max(1, Math.min(LONGEST, telling.deadline - Date.now()));
  return withTimeLimit(
    (signal) => importDetail(evaluated, telling, signal),
    limit,
    `Security Hub takes longer than ${limit} ms`,
  );
}

async function importDetail(
  { judged, failures, about }: Evaluated,
  { place, parameters, exemptions, asOf, calls, reporter }: Telling,
  signal: AbortSignal,
): Promise<number> {
  // Loaded when it is needed: a cold start does without.
  const { makeSecurityHub, readFindings } = await import('./read.ts');
  const { findingsToImport, importFindings } = await import('./import.ts');
  const securityHub = makeSecurityHub(place.region, calls, reporter);
  const ids = about?.map((id) => findingIdOf(id, place));
  const wanted = { productArn: productArnOf(place), generatorId, ids };
  const existing = await readFindings(securityHub, wanted, signal);
  const question = { ...parameters, exemptions, now: asOf };
  const results = judged.map(({ flowLog, facts, verdict }) => ({
    flowLog,
    verdict,
    remedy: statementIn(offerFor(facts, question)),
  }));
  const notJudged = failures.map(({ flowLog }) => flowLog.id);
  const told = { results, unknownAs: parameters.unknownAs, notJudged, place, asOf };
  const findings = findingsToImport(told, existing);
  const notTaken = await importFindings(securityHub, findings, signal);
  const [first] = notTaken;
  if (first === undefined) return findings.length;
  const why = `${first.ErrorCode ?? ''} for ${first.Id ?? ''}`;
  throw new Error(
    `Security Hub did not take ${notTaken.length} of ${findings.length} findings: ${why}`,
  );
}
