import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
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
  readonly remember: (id: string, record: RunRecord, signal: AbortSignal) => Promise<void>;
}

/** The id of the runs of a rule in a place. The function's role may use ids of this form only. */
export const runIdOf = ({ accountId, region }: Place, ruleName: string): string =>
  `run/${accountId}/${region}/${ruleName}`;

/** Keeps the last scheduled run of each id, in an item. */
export function runsTable(TableName: string, logger: Counter): RunsTable {
  const client = new DynamoDBClient({ ...clientConfig, logger });
  return {
    async last(id, abortSignal) {
      const command = new GetItemCommand({
        TableName,
        Key: { id: { S: id } },
        ConsistentRead: true,
      });
      const { Item } = await client.send(command, { abortSignal });
      return Item === undefined ? noRun : recordIn(Item);
    },
    async remember(id, record, abortSignal) {
      const Item = { id: { S: id }, ...runItem(record) };
      await client.send(new PutItemCommand({ TableName, Item }), { abortSignal });
    },
  };
}

const runItem = ({ askedAt, ...ids }: RunRecord): Record<string, AttributeValue> => ({
  askedAt: { N: String(askedAt) },
  ttl: { N: String(Math.ceil(Date.now() / 1000) + RUN_REMEMBERED_SECONDS) },
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
