import { GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { askTable } from './records-table.ts';

const texts = v.pipe(v.array(v.string()), v.readonly());

const flowLogs = v.object({ sourceArns: texts });
const organization = v.object({ organizationId: v.string() });

/** Items in the table have no `kind`: executions of older versions stay readable, and older versions read new items. */
const storedAdmitted = v.union([flowLogs, organization]);

const admitted = v.union([
  v.pipe(
    flowLogs,
    v.transform((stored) => ({ kind: 'flow-logs' as const, ...stored })),
  ),
  v.pipe(
    organization,
    v.transform((stored) => ({ kind: 'organization' as const, ...stored })),
  ),
]);

const execution = v.object({
  flowLogIds: texts,
  keyArn: v.string(),
  /** What was planned, and may have been approved: nothing else is put. */
  grant: v.object({
    actions: texts,
    admitted,
  }),
  /** Once something is about to be put: by its fingerprint, with our statement's Sid, and when. */
  begun: v.optional(v.object({ at: v.number(), fingerprint: v.string(), sid: v.string() })),
});

/** With the account of the flow logs, which alone may go on with it or take it back. */
const record = v.object({ ...execution.entries, accountId: v.string() });

/** One plan, and what was done of it. */
export type Execution = v.InferOutput<typeof execution>;

/** Executions by their ids. */
export interface Executions {
  /** With the policy that was there before, once something is about to be put. */
  readonly keep: (id: string, execution: Execution, before?: string) => Promise<void>;
  /** Undefined where there is none; rejects where it belongs to another account. */
  readonly find: (id: string) => Promise<Execution | undefined>;
}

export interface ExecutionsOptions {
  readonly table: string;
  /** Whose executions they are: those of other accounts in the table are closed. */
  readonly accountId: string;
}

/** How long they are kept, in seconds: more than a year. */
const FORGET = 400 * 24 * 60 * 60;

/**
 * Executions as items of a table, which only those may read who may read policies.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
 */
export function executionsIn(client: DynamoDBClient, options: ExecutionsOptions): Executions {
  const { table, accountId } = options;
  const named = (id: string) => ({ S: `execution/${id}` });
  return {
    async keep(id, { grant, ...kept }, before) {
      const stored = { ...grant, admitted: v.parse(storedAdmitted, grant.admitted) };
      const Item = {
        id: named(id),
        execution: { S: JSON.stringify({ ...kept, grant: stored, accountId }) },
        ttl: { N: String(Math.ceil(Date.now() / 1000) + FORGET) },
        ...(before === undefined ? {} : { before: { S: before } }),
      };
      const command = new PutItemCommand({ TableName: table, Item });
      await askTable(client, { table }, (options) => client.send(command, options));
    },
    async find(id) {
      const command = new GetItemCommand({
        TableName: table,
        Key: { id: named(id) },
        ConsistentRead: true,
      });
      const { Item } = await askTable(client, { table }, (options) =>
        client.send(command, options),
      );
      const text = Item?.execution?.S;
      if (text === undefined) return undefined;
      const { accountId: owner, ...found } = v.parse(record, JSON.parse(text));
      if (owner !== accountId) throw new Error(`execution ${id} belongs to account ${owner}`);
      return found;
    },
  };
}
