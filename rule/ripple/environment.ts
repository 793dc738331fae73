import * as v from 'valibot';

const name = v.pipe(v.string(), v.minLength(1));

const schema = v.object({
  /** The name of the deployed rule: the alarms of two rules watch different metrics. */
  POWERTOOLS_SERVICE_NAME: v.optional(v.string(), 'flow-log-key-rule'),
  /** The DynamoDB table that remembers when rules were started. */
  TABLE_NAME: v.optional(name, 'flow-log-key-rule'),
  RULE_NAME: name,
  /** A configuration aggregator in the account and Region of the function. */
  AGGREGATOR: name,
  /** The role that starts the rule, in every account. */
  REPORTER_ROLE_NAME: name,
});

/** The environment of the function as infra writes it. */
export type RippleEnvironment = Readonly<Partial<Record<keyof typeof schema.entries, string>>>;

/** Reads the environment of the function. Throws in each invocation where a name is missing, so messages come again. */
export const environment = (): v.InferOutput<typeof schema> => v.parse(schema, process.env);

/** The service in logs and metrics, known before the first invocation. */
export const { POWERTOOLS_SERVICE_NAME: rippleServiceName } = v.parse(
  v.pick(schema, ['POWERTOOLS_SERVICE_NAME']),
  process.env,
);
