import { GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { askTable } from './ask-table.ts';

const textList = v.pipe(v.array(v.string()), v.readonly());

const keyPlan = v.object({
  flowLogIds: textList,
  keyArn: v.string(),
  grant: v.object({
    actions: textList,
    admitted: v.union([
      v.object({ sourceArns: textList }),
      v.object({ organizationId: v.string() }),
    ]),
  }),
});

const statementPut = v.object({ at: v.number(), fingerprint: v.string(), sid: v.string() });

/** The stored form of an execution. Only the account of the flow logs may continue the execution or take back the grant. */
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
interface Execution {
  readonly plan: KeyPlan;
  /** The announced put; undefined before the announcement. */
  readonly put?: StatementPut | undefined;
}

/** Executions by their ids. */
export interface Executions {
  /** Saves an execution; with an announced put also the former policy. */
  readonly save: (id: string, execution: Execution, formerPolicy?: string) => Promise<void>;
  /** Undefined for an unknown id. Rejects if the execution belongs to another account. */
  readonly find: (id: string) => Promise<Execution | undefined>;
}

export interface ExecutionsOptions {
  readonly table: string;
  /** The owner of the executions. Executions of other accounts in the same table cannot be read. */
  readonly accountId: string;
}

/** DynamoDB deletes an execution after this time: more than a year, for audits. */
const EXECUTION_TTL_SECONDS = 400 * 24 * 60 * 60;

/**
 * Executions as items of a table. The items contain former policies: only readers of policies may have access.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
 */
export function executionsIn(client: DynamoDBClient, options: ExecutionsOptions): Executions {
  const { table, accountId } = options;
  const idOf = (id: string) => ({ S: `execution/${id}` });
  return {
    async save(id, { plan, put }, formerPolicy) {
      const Item = {
        id: idOf(id),
        execution: { S: JSON.stringify({ ...plan, begun: put, accountId }) },
        ttl: { N: String(Math.ceil(Date.now() / 1000) + EXECUTION_TTL_SECONDS) },
        ...(formerPolicy === undefined ? {} : { before: { S: formerPolicy } }),
      };
      const command = new PutItemCommand({ TableName: table, Item });
      await askTable(client, { table }, (call) => client.send(command, call));
    },
    async find(id) {
      const Key = { id: idOf(id) };
      const command = new GetItemCommand({ TableName: table, Key, ConsistentRead: true });
      const { Item } = await askTable(client, { table }, (call) => client.send(command, call));
      const text = Item?.execution?.S;
      if (text === undefined) return undefined;
      const { accountId: owner, begun: put, ...plan } = v.parse(storedExecution, JSON.parse(text));
      if (owner !== accountId) throw new Error(`execution ${id} belongs to account ${owner}`);
      return { plan, put };
    },
  };
}

/** The words for an unknown id. */
export const unknownExecution = (id: string): string =>
  `there is no execution ${id} in this account and Region: it planned nothing, or elsewhere`;
