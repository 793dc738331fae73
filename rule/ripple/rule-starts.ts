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
import { answerOfTable } from '../sources/aws/table.ts';

/** The rule of one account in one Region. */
interface Rule {
  readonly accountId: string;
  readonly region: string;
}

/** When rules were last started, in milliseconds since 1970. */
export interface RuleStarts {
  readonly last: (rule: Rule) => Promise<number | undefined>;
  /** Of two starts the later one stays. */
  readonly keep: (rule: Rule, at: number) => Promise<void>;
}

/** How long one call may take, in milliseconds. */
const PATIENCE = 10_000;

/** How long a start is remembered, in seconds; who asks for an older one starts the rule once more. */
const FORGET = 7 * 24 * 60 * 60;

/**
 * Has a rule judge everything in its scope again. AWS Config takes one call each minute, and none while it evaluates.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_StartConfigRulesEvaluation.html
 */
export async function startRule(client: ConfigServiceClient, ruleName: string): Promise<void> {
  await client.send(
    new StartConfigRulesEvaluationCommand({ ConfigRuleNames: [ruleName] }),
    patiently(),
  );
}

/** Starts as items of a table, which all who start rules share. */
export function ruleStartsIn(client: DynamoDBClient, table: string): RuleStarts {
  const itemOf = ({ accountId, region }: Rule) => ({
    TableName: table,
    Key: { id: { S: `ripple/${accountId}/${region}` } },
  });
  return {
    async last(rule) {
      const command = new GetItemCommand({ ...itemOf(rule), ConsistentRead: true });
      const { Item } = await named(table, client.send(command, patiently()));
      return Item?.startedAt?.N === undefined ? undefined : Number(Item.startedAt.N);
    },
    async keep(rule, at) {
      const command = new UpdateItemCommand({
        ...itemOf(rule),
        UpdateExpression: 'SET startedAt = :at, #ttl = :ttl',
        ConditionExpression: 'attribute_not_exists(startedAt) OR startedAt < :at',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: {
          ':at': { N: String(at) },
          ':ttl': { N: String(Math.ceil(at / 1000) + FORGET) },
        },
      });
      try {
        await named(table, client.send(command, patiently()));
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}

const patiently = () => ({ abortSignal: AbortSignal.timeout(PATIENCE) });

const named = <T>(table: string, asked: Promise<T>): Promise<T> =>
  answerOfTable(asked, table, () => 'this account and Region: deploy it there');
