import * as v from 'valibot';
import { textsByName } from '../sources/recorded/fields.ts';
import { scopes } from '../remedy/remedy.ts';
import type { CentralRoles } from './access.ts';
import type { Runbooks } from './proof.ts';

/** The default name of the table of leases and executions, in every account and Region. */
export const DEFAULT_TABLE_NAME = 'flow-log-key-rule';

/** The default pause between two reads of a key policy. */
export const DEFAULT_PACE_MS = 500;

/** The environment variables of the mend function, as the operator chose their values at deployment. */
const variables = v.object({
  /** The name of the function in log entries. */
  POWERTOOLS_SERVICE_NAME: v.optional(v.string(), 'flow-log-key-rule'),
  /** The table of executions. */
  TABLE_NAME: v.optional(v.string(), DEFAULT_TABLE_NAME),
  /** The table of leases, in the account and Region of each key. Not set: the same name as TABLE_NAME. */
  LEASE_TABLE_NAME: v.optional(v.string()),
  /** The parameters of the rule, as a JSON object. */
  RULE_PARAMETERS: v.pipe(v.optional(v.string(), '{}'), v.parseJson(), textsByName),
  REMEDIATION_SCOPE: v.optional(v.picklist(scopes), 'flow-logs'),
  /** The role for mending keys, in every account. Not set: the function mends keys of a single account, the function's own. */
  MENDER_ROLE_NAME: v.optional(v.string()),
  /** The accounts of flow logs for which keys of other accounts are mended. Not set: the owner of the bucket decides. */
  FOREIGN_KEY_ACCOUNTS: v.optional(v.string()),
  /** The key of the mender's own logs and records. Not set: keys of AWS. */
  ENCRYPTION_KEY_ARN: v.optional(v.string()),
  /** The role for looking at executions of runbooks, in every account; needed with MENDER_ROLE_NAME. */
  EXECUTION_READER_ROLE_NAME: v.optional(v.string()),
  /** The names of the runbooks in every account that may ask. */
  MEND_DOCUMENT: v.string(),
  TAKE_BACK_DOCUMENT: v.string(),
  /** The approvers as a JSON list; with an empty list, nobody has to approve. The document in an account may name others. */
  APPROVERS: v.pipe(v.string(), v.parseJson(), v.array(v.string())),
  /** Shorter in tests. */
  READ_PACE_MS: v.pipe(v.optional(v.string(), String(DEFAULT_PACE_MS)), v.toNumber()),
});

/** The environment of the function, for infra to write. */
export type MendEnvironment = Readonly<v.InferInput<typeof variables>>;

type Variables = v.InferOutput<typeof variables>;

/** Reads the environment of the function. Throws in each invocation where a value is not allowed. */
export const environment = (): Variables => v.parse(variables, process.env);

/** The roles of a central function; undefined for a function that mends keys of its own account. */
export const centralRoles = ({
  MENDER_ROLE_NAME: mender,
  EXECUTION_READER_ROLE_NAME: executionReader,
}: Variables): CentralRoles | undefined =>
  mender === undefined ? undefined : { mender, executionReader };

/** The runbooks that may ask. */
export const runbooks = ({
  MEND_DOCUMENT,
  TAKE_BACK_DOCUMENT,
  APPROVERS,
}: Variables): Runbooks => ({
  mendDocument: MEND_DOCUMENT,
  takeBackDocument: TAKE_BACK_DOCUMENT,
  approvers: APPROVERS,
});

/** The service in log entries, known before the first invocation. */
export const mendServiceName = v.parse(
  variables.entries.POWERTOOLS_SERVICE_NAME,
  process.env.POWERTOOLS_SERVICE_NAME,
);
