import { inGroups } from '../../basics/batches.ts';
import {
  paginateGetFindings,
  SecurityHubClient,
  type AwsSecurityFinding,
  type StringFilter,
} from '@aws-sdk/client-securityhub';
import { clientConfig, type Counter, type Session } from '../../sources/aws/clients.ts';

/** Makes a client of Security Hub with these credentials, or with the SDK's default ones; `logger` hears of each call. */
export const makeSecurityHub = (
  region: string,
  logger: Counter,
  credentials: Session | undefined,
): SecurityHubClient =>
  new SecurityHubClient({ ...clientConfig, region, logger, ...(credentials && { credentials }) });

export interface FindingsQuery {
  /** Narrows to one account and Region: the Security Hub of an administrator or aggregator also has other findings. */
  readonly productArn: string;
  readonly generatorId: string;
  readonly ids: readonly string[] | 'all';
}

/** The limit of GetFindings. */
const MAX_VALUES_PER_FILTER = 20;

/**
 * Reads the active findings of a maker, all or some. Rejects when Security Hub is off or refuses.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_GetFindings.html
 */
export async function readFindings(
  client: SecurityHubClient,
  { productArn, generatorId, ids }: FindingsQuery,
  abortSignal: AbortSignal,
): Promise<readonly AwsSecurityFinding[]> {
  const Filters = {
    ProductArn: equal(productArn),
    GeneratorId: equal(generatorId),
    RecordState: equal('ACTIVE'),
  };
  const filters =
    ids === 'all'
      ? [Filters]
      : inGroups(ids, MAX_VALUES_PER_FILTER).map((group) => ({ ...Filters, Id: equal(...group) }));
  const findings: AwsSecurityFinding[] = [];
  for (const each of filters) {
    const pages = paginateGetFindings(
      { client, pageSize: 100 },
      { Filters: each },
      { abortSignal },
    );
    for await (const { Findings } of pages) {
      if (Findings === undefined)
        throw new Error('Security Hub answered without findings: run again');
      findings.push(...Findings);
    }
  }
  return findings;
}

const equal = (...values: readonly string[]): StringFilter[] =>
  values.map((Value) => ({ Value, Comparison: 'EQUALS' }));
