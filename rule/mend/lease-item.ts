import {
  GetItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { accountIn } from '../model/arn.ts';
import { askTable } from './ask-table.ts';
import { rememberedValues, type RememberedPut } from './remembered-put.ts';

export interface LeaseItemOptions {
  readonly table: string;
  readonly keyArn: string;
  /** A different name for each holder. */
  readonly holder: string;
}

/** DynamoDB deletes an unused item after this time, not before the executions whose puts the item remembers. */
const LEASE_TTL_SECONDS = 400 * 24 * 60 * 60;

/** The calls to DynamoDB for the item of a lease. */
export function leaseItem(client: DynamoDBClient, { table, keyArn, holder }: LeaseItemOptions) {
  const place = { table, accountId: accountIn(keyArn) };
  const item = { TableName: table, Key: { id: { S: `lease/${keyArn}` } } };
  const me = { ':me': { S: holder } };
  const update = (input: Omit<UpdateItemCommandInput, keyof typeof item>) =>
    askTable(client, place, (call) =>
      client.send(new UpdateItemCommand({ ...item, ...input }), call),
    );
  return {
    read: () =>
      askTable(client, place, (call) =>
        client.send(new GetItemCommand({ ...item, ConsistentRead: true }), call),
      ),
    take: (time: number, until: number) =>
      update({
        UpdateExpression: 'SET holder = :me, heldUntil = :until, #ttl = :ttl',
        // A lease of this holder may be taken again: an answer may be lost, and the SDK repeats the call.
        ConditionExpression: 'attribute_not_exists(holder) OR holder = :me OR heldUntil < :now',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: {
          ...me,
          ':until': number(until),
          ':now': number(time),
          ':ttl': number(Math.ceil(time / 1000) + LEASE_TTL_SECONDS),
        },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    /** Updates the item of this holder. Rejects if the lease is lost. */
    async updateOwn(expression: string, put?: RememberedPut): Promise<void> {
      await update({
        UpdateExpression: expression,
        ConditionExpression: 'holder = :me',
        ExpressionAttributeValues: { ...me, ...(put && rememberedValues(put)) },
      });
    },
  };
}

const number = (value: number): AttributeValue => ({ N: String(value) });
