import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { answerOfTable } from '../sources/aws/table.ts';

const TABLE_CALL_LIMIT_MS = 20_000;

/** The table of leases or of executions. */
interface MendTable {
  readonly table: string;
  /** The account of the table; undefined for the account of the caller. */
  readonly accountId?: string | undefined;
}

/** Asks a table of leases or executions. If the table does not exist, the error tells where to deploy the rule. */
export function askTable<T>(
  client: DynamoDBClient,
  { table, accountId }: MendTable,
  ask: (call: { readonly abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const answer = ask({ abortSignal: AbortSignal.timeout(TABLE_CALL_LIMIT_MS) });
  return answerOfTable(answer, table, async () => {
    const region = await client.config.region();
    const owner = accountId === undefined ? 'the account that mends' : `account ${accountId}`;
    return `${region} of ${owner}: deploy the rule with remediation there, and remediationTable=new`;
  });
}
