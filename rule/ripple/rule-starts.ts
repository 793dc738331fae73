import {
  StartConfigRulesEvaluationCommand,
  type ConfigServiceClient,
} from '@aws-sdk/client-config-service';
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Place } from '../model/place.ts';
import { answerOfTable } from '../sources/aws/table.ts';

/** The last start of the rule in each place, in milliseconds since 1970. */
export interface RuleStarts {
  readonly last: (place: Place) => Promise<number | undefined>;
  /** Remembers a start, unless a later start is remembered. */
  readonly remember: (place: Place, startedAt: number) => Promise<void>;
}

const MAX_CALL_MS = 10_000;

/** The table forgets a start after this time. An edit after a forgotten start only starts the rule once more. */
const START_REMEMBERED_SECONDS = 7 * 24 * 60 * 60;

/**
 * Has a rule judge everything in scope again. AWS Config takes one call a minute, and none during an evaluation.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_StartConfigRulesEvaluation.html
 */
export async function startRule(client: ConfigServiceClient, ruleName: string): Promise<void> {
  await client.send(
    new StartConfigRulesEvaluationCommand({ ConfigRuleNames: [ruleName] }),
    callLimit(),
  );
}

/** Keeps starts in a table; all starters of rules share the table. */
export function ruleStartsIn(client: DynamoDBClient, table: string): RuleStarts {
  const itemOf = ({ accountId, region }: Place) => ({
    TableName: table,
    Key: { id: { S: `ripple/${accountId}/${region}` } },
  });
  const answered = <T>(answer: Promise<T>): Promise<T> =>
    answerOfTable(answer, table, () => 'this account and Region: deploy it there');
  return {
    async last(place) {
      const command = new GetItemCommand({ ...itemOf(place), ConsistentRead: true });
      const { Item } = await answered(client.send(command, callLimit()));
      return Item?.startedAt?.N === undefined ? undefined : Number(Item.startedAt.N);
    },
    async remember(place, startedAt) {
      const command = new UpdateItemCommand({
        ...itemOf(place),
        UpdateExpression: 'SET startedAt = :at, #ttl = :ttl',
        ConditionExpression: 'attribute_not_exists(startedAt) OR startedAt < :at',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: {
          ':at': { N: String(startedAt) },
          ':ttl': { N: String(Math.ceil(startedAt / 1000) + START_REMEMBERED_SECONDS) },
        },
      });
      try {
        await answered(client.send(command, callLimit()));
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}

const callLimit = () => ({ abortSignal: AbortSignal.timeout(MAX_CALL_MS) });
