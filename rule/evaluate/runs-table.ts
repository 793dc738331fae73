import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Place } from '../model/place.ts';
import { clientConfig, type Counter } from '../sources/aws/clients.ts';
import { noRun, type RunRecord } from './run-record.ts';

/** Longer lists would not fit into an item of 400 KB. */
const MAX_IDS = 4_000;

/** The table forgets a run after this time. Until then a member that stopped asking is known as silent. */
const RUN_REMEMBERED_SECONDS = 400 * 24 * 60 * 60;

export interface RunsTable {
  /** The last run of this id; the record without any id of a flow log where no run is known. */
  readonly last: (id: string, signal: AbortSignal) => Promise<RunRecord>;
  /** Remembers a run, unless a later run is remembered: two runs of a rule may run at once. */
  readonly remember: (id: string, record: RunRecord, signal: AbortSignal) => Promise<void>;
  /** The time when a run of this id last asked. Without any run, the time when a run was first expected, or `now`. */
  readonly askedOrExpected: (id: string, now: number, signal: AbortSignal) => Promise<number>;
}

/** The id of the runs of a rule in a place. The function's role may use ids of this form only. */
export const runIdOf = ({ accountId, region }: Place, ruleName: string): string =>
  `run/${accountId}/${region}/${ruleName}`;

/** Keeps the last scheduled run of each id, in an item. No writer overwrites what another wrote since the last read. */
export function runsTable(TableName: string, logger: Counter): RunsTable {
  const client = new DynamoDBClient({ ...clientConfig, logger });
  const read = async (id: string, abortSignal: AbortSignal) => {
    const Key = { id: { S: id } };
    const command = new GetItemCommand({ TableName, Key, ConsistentRead: true });
    return (await client.send(command, { abortSignal })).Item;
  };
  const put = async (
    input: Omit<PutItemCommandInput, 'TableName'>,
    abortSignal: AbortSignal,
  ): Promise<void> => {
    try {
      await client.send(new PutItemCommand({ TableName, ...input }), { abortSignal });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };
  return {
    async last(id, signal) {
      const item = await read(id, signal);
      return item === undefined ? noRun : recordIn(item);
    },
    async remember(id, record, signal) {
      const Item = { id: { S: id }, ...runItem(record) };
      const condition = {
        ConditionExpression: 'attribute_not_exists(askedAt) OR askedAt <= :askedAt',
        ExpressionAttributeValues: { ':askedAt': Item.askedAt },
      };
      await put({ Item, ...condition }, signal);
    },
    async askedOrExpected(id, now, signal) {
      const item = await read(id, signal);
      const time = item?.askedAt ?? item?.expectedAt;
      if (time !== undefined) return Number(time.N);
      const Item = { id: { S: id }, expectedAt: { N: String(now) }, ttl: forgottenAt() };
      await put({ Item, ConditionExpression: 'attribute_not_exists(id)' }, signal);
      return now;
    },
  };
}

const forgottenAt = (): AttributeValue => ({
  N: String(Math.ceil(Date.now() / 1000) + RUN_REMEMBERED_SECONDS),
});

const runItem = ({ askedAt, ...ids }: RunRecord) => ({
  askedAt: { N: String(askedAt) },
  ttl: forgottenAt(),
  blocked: storedList(ids.blocked),
  unknown: storedList(ids.unknown),
  notJudged: storedList(ids.notJudged),
  notJudgedBefore: storedList(ids.notJudgedBefore),
});

const recordIn = (item: Record<string, AttributeValue>): RunRecord => ({
  askedAt: Number(item.askedAt?.N ?? 0),
  blocked: storedIds(item.blocked),
  unknown: storedIds(item.unknown),
  notJudged: storedIds(item.notJudged),
  notJudgedBefore: storedIds(item.notJudgedBefore),
});

const storedList = (ids: readonly string[]): AttributeValue => ({
  S: [...ids].sort().slice(0, MAX_IDS).join(' '),
});

const storedIds = (value: AttributeValue | undefined): readonly string[] =>
  (value?.S ?? '').split(' ').filter((id) => id !== '');
