import { GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { askTable } from './ask-table.ts';
import { readStored, storedText, type Execution } from './stored-execution.ts';

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
    async save(id, execution, formerPolicy) {
      const Item = {
        id: idOf(id),
        execution: { S: storedText(execution, accountId) },
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
      const { execution, owner } = readStored(text);
      // The same words as for an unknown id: nobody learns of the executions of other accounts.
      if (owner !== accountId) throw new Error(unknownExecution(id));
      return execution;
    },
  };
}

/** The id of the record that an execution was taken back. */
export const takenBackId = (id: string): string => `${id}-taken-back`;

/** The words for an unknown id. */
export const unknownExecution = (id: string): string =>
  `there is no execution ${id} in this account and Region: it planned nothing, or elsewhere`;
