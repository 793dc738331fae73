import * as v from 'valibot';
import { textsByName } from '../sources/recorded/fields.ts';

/** The environment variables of the function, as the operator chose their values at deployment. */
const gateVariables = v.object({
  /** The name of the function in logs and metrics. */
  POWERTOOLS_SERVICE_NAME: v.optional(v.string(), 'flow-log-key-rule'),
  /** The parameters of the rule, as a JSON object. */
  RULE_PARAMETERS: v.pipe(v.optional(v.string(), '{}'), v.parseJson(), textsByName),
  /** The stack of the function, which is not judged. */
  OWN_STACK_ID: v.optional(v.string()),
  /** The SDK's variable for another address of S3: the payload of an event then comes from this address. */
  AWS_ENDPOINT_URL_S3: v.optional(v.string()),
});

/** The environment of the function as infra writes it. */
export type GateEnvironment = Readonly<v.InferInput<typeof gateVariables>>;

/** Reads the environment of the function. Throws in each invocation where a value is not allowed. */
export const environment = (): v.InferOutput<typeof gateVariables> =>
  v.parse(gateVariables, process.env);

/** The service in logs and metrics, known before the first invocation. */
export const gateServiceName = v.parse(
  gateVariables.entries.POWERTOOLS_SERVICE_NAME,
  process.env.POWERTOOLS_SERVICE_NAME,
);
