import { resourceTypes } from '../model/resource-types.ts';
import {
  paginateGetComplianceDetailsByConfigRule,
  type ConfigServiceClient,
} from '@aws-sdk/client-config-service';
import { errorText } from '../basics/text.ts';
import { withTimeLimit } from '../basics/time-limit.ts';
import { unknown, type Unknown } from '../model/facts.ts';
import { isRefusal } from '../sources/aws/refusal.ts';

/** The longest time for looking up earlier results, and the largest part of the time that is left. */
const MAX_LOOKUP_MS = 60_000;
const LARGEST_PART = 1 / 3;

export interface ResultsQuery {
  readonly config: ConfigServiceClient;
  readonly ruleName: string;
  readonly compliances: readonly ('COMPLIANT' | 'NON_COMPLIANT')[];
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

/** The compliance of flow logs with a result of the rule, by id. */
export type ResultsById = ReadonlyMap<string, string | undefined>;

/**
 * The flow logs with a result of the rule, or unknown where AWS Config does not say in time: verdicts do not
 * wait for earlier results.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_GetComplianceDetailsByConfigRule.html
 */
export async function flowLogsWithResults(query: ResultsQuery): Promise<ResultsById | Unknown> {
  const left = query.deadline - Date.now();
  const limit = Math.max(1, Math.min(MAX_LOOKUP_MS, left * LARGEST_PART));
  try {
    const late = `no answer within ${Math.round(limit)} ms`;
    return await withTimeLimit((signal) => resultsIn(query, signal), limit, late);
  } catch (error) {
    const next = isRefusal(error) ? ': allow config:GetComplianceDetailsByConfigRule' : '';
    return unknown(`earlier results cannot be looked up (${errorText(error)})${next}`);
  }
}

async function resultsIn(
  { config, ruleName, compliances }: ResultsQuery,
  abortSignal: AbortSignal,
): Promise<ResultsById> {
  const results = new Map<string, string | undefined>();
  const pages = paginateGetComplianceDetailsByConfigRule(
    { client: config, pageSize: 100 },
    { ConfigRuleName: ruleName, ComplianceTypes: [...compliances] },
    { abortSignal },
  );
  for await (const { EvaluationResults } of pages) {
    if (EvaluationResults === undefined)
      throw new Error('AWS Config answered without results of the rule: run again');
    for (const { EvaluationResultIdentifier, ComplianceType } of EvaluationResults) {
      const { ResourceType, ResourceId } =
        EvaluationResultIdentifier?.EvaluationResultQualifier ?? {};
      if (ResourceType === resourceTypes.flowLog && ResourceId !== undefined)
        results.set(ResourceId, ComplianceType);
    }
  }
  return results;
}
