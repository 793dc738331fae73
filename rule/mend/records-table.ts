import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { answerOfTable } from '../sources/aws/table.ts';

/** How long one call may take, in milliseconds. */
const PATIENCE = 20_000;

interface Asked {
  readonly table: string;
  /** The account of the table; the one that mends unless told otherwise. */
  readonly accountId?: string | undefined;
}

/** Asks the table that holds leases and executions; where there is none, says what to do. */
export function askTable<T>(
  client: DynamoDBClient,
  { table, accountId }: Asked,
  ask: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  return answerOfTable(ask({ abortSignal: AbortSignal.timeout(PATIENCE) }), table, async () => {
    const region = await client.config.region();
    const where = accountId === undefined ? 'the account that mends' : `account ${accountId}`;
    return `${region} of ${where}: deploy the rule with remediation there`;
  });
}
