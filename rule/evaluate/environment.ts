import * as v from 'valibot';

/** The environment variables of the function, as the operator chose their values at deployment. */
const evaluateVariables = v.object({
  /** `true` where the operator wants a detailed finding in Security Hub for each flow log. */
  DETAILED_FINDINGS: v.pipe(
    v.optional(v.string()),
    v.transform((value) => value === 'true'),
  ),
  /** The name of the deployed rule. The alarms of each rule watch the metrics of this service. */
  POWERTOOLS_SERVICE_NAME: v.optional(v.string(), 'flow-log-key-rule'),
  /** The role that reports in every account. Not set: the function answers for the account of the function alone. */
  REPORTER_ROLE_NAME: v.optional(v.string()),
  /** The table of the last scheduled run in each place. Not set: no verdict counts as new. */
  RUNS_TABLE_NAME: v.optional(v.string()),
});

/** The environment of the function as infra writes it. */
export type EvaluateEnvironment = Readonly<v.InferInput<typeof evaluateVariables>>;

/** The environment of the function, read once when the process starts. */
export const environment = v.parse(evaluateVariables, process.env);
