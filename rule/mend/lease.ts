import { accountIn } from '../model/arn.ts';
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { askTable } from './records-table.ts';

/** A policy that was about to be put: by its fingerprint, and when, in milliseconds since 1970. */
export interface Mark {
  readonly fingerprint: string;
  readonly at: number;
}

/** The right to change one key's policy, for one holder at a time. */
export interface Lease {
  /** The time, in milliseconds since 1970, as far as AWS has corrected this machine's clock. */
  readonly now: () => number;
  /** What was last put by a holder, or who holds it until when. */
  readonly take: () => Promise<Taken | Held>;
  /** Notes what is about to be put. Rejects if the lease is lost. */
  readonly intend: (mark: Mark) => Promise<void>;
  /** Lets others in; with what was put before, where what was intended surely was not. */
  readonly release: (instead?: Taken) => Promise<void>;
}

export interface Taken {
  readonly last: Mark | undefined;
}

interface Held {
  readonly holder: string;
  /** In milliseconds since 1970. */
  readonly until: number;
}

export interface LeaseOptions {
  readonly table: string;
  readonly keyArn: string;
  readonly holder: string;
  /** After how many milliseconds it is over, if its holder has died: far longer than a holder works, for clocks differ. */
  readonly duration: number;
}

/** How long an item that nobody uses is kept, in seconds. */
const FORGET = 30 * 24 * 60 * 60;

/**
 * A lease on a key: an item that only one holder can write, and that is over by itself.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export function leaseOn(client: DynamoDBClient, options: LeaseOptions): Lease {
  const { table, keyArn, holder, duration } = options;
  const asked = { table, accountId: accountIn(keyArn) };
  const update = (input: Pick<UpdateItemCommandInput, keyof UpdateItemCommandInput>) =>
    askTable(client, asked, (options) => client.send(new UpdateItemCommand(input), options));
  const item = { TableName: table, Key: { id: { S: `lease/${keyArn}` } } };
  const me = { ':me': { S: holder } };
  const now = (): number => Date.now() + client.config.systemClockOffset;
  let synchronised: Promise<unknown> | undefined;
  return {
    now,
    async take() {
      // From an answer the SDK learns how far this machine's clock is off; what is sent to get one must not take a lease.
      synchronised ??= askTable(client, asked, (options) =>
        client.send(new GetItemCommand({ ...item, ConsistentRead: true }), options),
      );
      await synchronised;
      const time = now();
      try {
        const { Attributes } = await update({
          ...item,
          UpdateExpression: 'SET holder = :me, heldUntil = :until, #ttl = :ttl',
          // Its own as well: an answer may be lost, and the call come again.
          ConditionExpression: 'attribute_not_exists(holder) OR holder = :me OR heldUntil < :now',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: {
            ...me,
            ':until': number(time + duration),
            ':now': number(time),
            ':ttl': number(Math.ceil(time / 1000) + FORGET),
          },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        });
        return { last: markIn(Attributes) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const { Item } = error;
        return { holder: Item?.holder?.S ?? 'another', until: Number(Item?.heldUntil?.N ?? time) };
      }
    },
    async intend({ fingerprint, at }) {
      await update({
        ...item,
        UpdateExpression: 'SET lastPut = :put, lastPutAt = :at',
        ConditionExpression: 'holder = :me',
        ExpressionAttributeValues: { ...me, ':put': { S: fingerprint }, ':at': number(at) },
      });
    },
    async release(instead) {
      const put = instead?.last;
      const set = put === undefined ? '' : 'SET lastPut = :put, lastPutAt = :at ';
      const remove = instead === undefined || put !== undefined ? '' : ', lastPut, lastPutAt';
      const values =
        put === undefined ? me : { ...me, ':put': { S: put.fingerprint }, ':at': number(put.at) };
      try {
        await update({
          ...item,
          UpdateExpression: `${set}REMOVE holder, heldUntil${remove}`,
          ConditionExpression: 'holder = :me',
          ExpressionAttributeValues: values,
        });
      } catch (error) {
        // It has gone already: by a call whose answer was lost, or because it was over.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}

const number = (value: number): AttributeValue => ({ N: String(value) });

function markIn(item: Record<string, AttributeValue> | undefined): Mark | undefined {
  const fingerprint = item?.lastPut?.S;
  return fingerprint === undefined ? undefined : { fingerprint, at: Number(item?.lastPutAt?.N) };
}
