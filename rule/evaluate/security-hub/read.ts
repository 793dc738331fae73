import {
  paginateGetFindings,
  SecurityHubClient,
  type AwsSecurityFinding,
  type StringFilter,
} from '@aws-sdk/client-securityhub';
import { clientConfig, type Counter, type Session } from '../../sources/aws/clients.ts';

/** A client of Security Hub that tells `logger` of its calls, with these credentials or those that the SDK finds. */
export const makeSecurityHub = (
  region: string,
  logger: Counter,
  credentials: Session | undefined,
): SecurityHubClient =>
  new SecurityHubClient({ ...clientConfig, region, logger, ...(credentials && { credentials }) });

/** Whose findings are wanted. */
export interface Wanted {
  /** Names the account and the Region: an administrator's or aggregating Security Hub also has those of others. */
  readonly productArn: string;
  readonly generatorId: string;
  /** All of them unless told otherwise. */
  readonly ids: readonly string[] | undefined;
}

/** How many values GetFindings takes for one filter. */
const VALUES = 20;

/**
 * Reads active findings: by their ids where these are told. Rejects when Security Hub is off or refuses.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_GetFindings.html
 */
export async function readFindings(
  client: SecurityHubClient,
  { productArn, generatorId, ids }: Wanted,
  abortSignal: AbortSignal,
): Promise<readonly AwsSecurityFinding[]> {
  const Filters = {
    ProductArn: equal(productArn),
    GeneratorId: equal(generatorId),
    RecordState: equal('ACTIVE'),
  };
  const filters =
    ids === undefined
      ? [Filters]
      : inGroups(ids, VALUES).map((group) => ({ ...Filters, Id: equal(...group) }));
  const findings: AwsSecurityFinding[] = [];
  for (const each of filters) {
    const pages = paginateGetFindings(
      { client, pageSize: 100 },
      { Filters: each },
      { abortSignal },
    );
    for await (const { Findings = [] } of pages) findings.push(...Findings);
  }
  return findings;
}

const equal = (...values: readonly string[]): StringFilter[] =>
  values.map((Value) => ({ Value, Comparison: 'EQUALS' }));

const inGroups = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, nth) =>
    items.slice(nth * size, (nth + 1) * size),
  );
