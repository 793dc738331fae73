import * as v from 'valibot';

const filledIn = v.pipe(v.string(), v.minLength(1));

/** The environment variables of the function, as the operator chose their values at deployment. */
const rippleVariables = v.object({
  /** The name of the function in logs and metrics. */
  POWERTOOLS_SERVICE_NAME: v.optional(v.string(), 'flow-log-key-rule'),
  /** The table of the last start of each rule. */
  TABLE_NAME: v.optional(filledIn, 'flow-log-key-rule'),
  RULE_NAME: filledIn,
  /** A configuration aggregator in the account and Region of the function. */
  AGGREGATOR: filledIn,
  /** The role that starts the rule, in every account. */
  REPORTER_ROLE_NAME: filledIn,
});

/** The environment of the function as infra writes it. */
export type RippleEnvironment = Readonly<v.InferInput<typeof rippleVariables>>;

/** Reads the environment of the function. Throws in each invocation where a value is missing. */
export const environment = (): v.InferOutput<typeof rippleVariables> =>
  v.parse(rippleVariables, process.env);

/** The service in logs and metrics, known before the first invocation. */
export const rippleServiceName = v.parse(
  rippleVariables.entries.POWERTOOLS_SERVICE_NAME,
  process.env.POWERTOOLS_SERVICE_NAME,
);
