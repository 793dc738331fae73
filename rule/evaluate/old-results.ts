import { resourceTypes } from '../model/resource-types.ts';
import {
  paginateGetComplianceDetailsByConfigRule,
  type ConfigServiceClient,
} from '@aws-sdk/client-config-service';

/**
 * The ids of the flow logs with a visible result of the rule, COMPLIANT or NON_COMPLIANT.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_GetComplianceDetailsByConfigRule.html
 */
export async function flowLogsWithResults(
  client: ConfigServiceClient,
  ruleName: string,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const pages = paginateGetComplianceDetailsByConfigRule(
    { client, pageSize: 100 },
    { ConfigRuleName: ruleName, ComplianceTypes: ['COMPLIANT', 'NON_COMPLIANT'] },
  );
  for await (const { EvaluationResults } of pages)
    for (const { EvaluationResultIdentifier } of EvaluationResults ?? []) {
      const { ResourceType, ResourceId } =
        EvaluationResultIdentifier?.EvaluationResultQualifier ?? {};
      if (ResourceType === resourceTypes.flowLog && ResourceId !== undefined) ids.add(ResourceId);
    }
  return ids;
}
