import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { askTable } from './ask-table.ts';
import { fingerprintOf, type StoredPolicy } from './key-policy.ts';
import {
  readStored,
  storedText,
  type Execution,
  type KeyPlan,
  type OwnedExecution,
} from './stored-execution.ts';

/** Executions by their ids. */
export interface Executions {
  /** Saves the plan of a new execution. False if the execution has another plan, or was carried out. */
  readonly savePlan: (id: string, plan: KeyPlan) => Promise<boolean>;
  /** Saves an execution; with an announced put also the former policy. */
  readonly save: (id: string, execution: Execution, formerPolicy?: string) => Promise<void>;
  /** Keeps a shown policy that may be an edit of somebody. Answers how to read the policy, and the next step. */
  readonly keep: (id: string, shown: StoredPolicy) => Promise<string>;
  /** Undefined for an unknown id. Rejects if the execution belongs to another account. */
  readonly find: (id: string) => Promise<Execution | undefined>;
  /** Finds an execution of whatever account: the caller decides who may hear of the execution. */
  readonly findOfAnybody: (id: string) => Promise<OwnedExecution | undefined>;
  /** Records that the put of an execution was taken back. */
  readonly markTakenBack: (id: string, owned: OwnedExecution) => Promise<void>;
}

export interface ExecutionsOptions {
  readonly table: string;
  /** The owner of the executions. */
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
  async function putItem(
    id: string,
    texts: Readonly<Record<string, AttributeValue>>,
    condition: Partial<PutItemCommandInput> = {},
  ) {
    const ttl = { N: String(Math.ceil(Date.now() / 1000) + EXECUTION_TTL_SECONDS) };
    const Item = { id: idOf(id), ttl, ...texts };
    const command = new PutItemCommand({ TableName: table, Item, ...condition });
    await askTable(client, { table }, (call) => client.send(command, call));
  }
  async function findOfAnybody(id: string): Promise<OwnedExecution | undefined> {
    const Key = { id: idOf(id) };
    const command = new GetItemCommand({ TableName: table, Key, ConsistentRead: true });
    const { Item } = await askTable(client, { table }, (call) => client.send(command, call));
    const text = Item?.execution?.S;
    return text === undefined ? undefined : readStored(text);
  }
  return {
    async savePlan(id, plan) {
      const text = { S: storedText({ plan }, accountId) };
      try {
        await putItem(
          id,
          { execution: text },
          {
            // The same plan may be saved again: an answer may be lost, and the SDK repeats the call.
            ConditionExpression: 'attribute_not_exists(id) OR execution = :plan',
            ExpressionAttributeValues: { ':plan': text },
          },
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    save: (id, execution, formerPolicy) =>
      putItem(id, {
        execution: { S: storedText(execution, accountId) },
        ...(formerPolicy === undefined ? {} : { before: { S: formerPolicy } }),
      }),
    async keep(id, { text, document }) {
      const keptId = `${id}-shown-${fingerprintOf(document).slice(0, 12)}`;
      await putItem(keptId, { shown: { S: text } });
      const where = `--table-name ${table} --region ${await client.config.region()}`;
      return `read it by aws dynamodb get-item ${where} --key '${JSON.stringify({ id: idOf(keptId) })}' --query Item.shown.S --output text, compare it with the policy of the key, and put back by hand what is missing`;
    },
    findOfAnybody,
    async find(id) {
      const found = await findOfAnybody(id);
      // The same words as for an unknown id: nobody learns of the executions of other accounts.
      if (found !== undefined && found.owner !== accountId) throw new Error(unknownExecution(id));
      return found?.execution;
    },
    markTakenBack: (id, { execution: { plan }, owner }) =>
      putItem(takenBackId(id), { execution: { S: storedText({ plan }, owner) } }),
  };
}

/** The id of the record that an execution was taken back. */
export const takenBackId = (id: string): string => `${id}-taken-back`;

/** The words for an unknown id. */
export const unknownExecution = (id: string): string =>
  `there is no execution ${id} in this account and Region: it planned nothing, or elsewhere`;
