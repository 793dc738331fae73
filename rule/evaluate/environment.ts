import * as v from 'valibot';

const schema = v.object({
  /** `true` where the operator wants detailed findings in Security Hub. */
  DETAILED_FINDINGS: v.pipe(
    v.optional(v.string()),
    v.transform((value) => value === 'true'),
  ),
  /** The name of the deployed rule: the alarms of two rules watch different metrics. */
  POWERTOOLS_SERVICE_NAME: v.optional(v.string(), 'flow-log-key-rule'),
  /** The role that reports in every account, where the function answers for an organization. */
  REPORTER_ROLE_NAME: v.optional(v.string()),
});

/** The environment of the function as infra writes it. */
export type EvaluateEnvironment = Readonly<Partial<Record<keyof typeof schema.entries, string>>>;

/** The environment of the function, read once when the process starts. */
export const environment = v.parse(schema, process.env);
