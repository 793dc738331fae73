import * as v from 'valibot';
import { parseJson } from '../basics/text.ts';
import { readBy } from '../sources/recorded/fields.ts';

const textList = v.pipe(v.array(v.string()), v.readonly());
const flowLogsAdmitted = v.object({ sourceArns: textList });
const organizationAdmitted = v.object({ organizationId: v.string() });

/** Items have no `kind`: executions of older versions stay readable, and older versions read new items. */
const storedAdmitted = v.union([flowLogsAdmitted, organizationAdmitted]);

const admitted = v.union([
  v.pipe(
    flowLogsAdmitted,
    v.transform((stored) => ({ kind: 'flow-logs' as const, ...stored })),
  ),
  v.pipe(
    organizationAdmitted,
    v.transform((stored) => ({ kind: 'organization' as const, ...stored })),
  ),
]);

const keyPlan = v.object({
  flowLogIds: textList,
  keyArn: v.string(),
  grant: v.object({ actions: textList, admitted }),
});

const statementPut = v.object({ at: v.number(), fingerprint: v.string(), sid: v.string() });

const storedExecution = v.object({
  ...keyPlan.entries,
  begun: v.optional(statementPut),
  accountId: v.string(),
});

/** The plan for a key. Somebody may have approved the plan: nothing else is put. */
export type KeyPlan = v.InferOutput<typeof keyPlan>;

/** The notice of a put, with the Sid of our statement in the new policy. */
export type StatementPut = v.InferOutput<typeof statementPut>;

/** A run of the automation or of the command line. */
export interface Execution {
  readonly plan: KeyPlan;
  /** The announced put; undefined before the announcement. */
  readonly put?: StatementPut | undefined;
}

/** An execution as text for the table, with the account of the flow logs. */
export function storedText({ plan, put }: Execution, accountId: string): string {
  const { actions, admitted } = plan.grant;
  const grant = { actions, admitted: v.parse(storedAdmitted, admitted) };
  return JSON.stringify({ ...plan, grant, begun: put, accountId });
}

const SUBJECT = 'the execution in the table';

/** An execution, and the account of its flow logs. */
export interface OwnedExecution {
  readonly execution: Execution;
  readonly owner: string;
}

/** Reads the text of an execution. */
export function readStored(text: string): OwnedExecution {
  const { accountId, begun, ...plan } = readBy(storedExecution, parseJson(text, SUBJECT), SUBJECT);
  return { execution: { plan, put: begun }, owner: accountId };
}
