import { ResourceNotFoundException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** How long one call may take, in milliseconds. */
const PATIENCE = 20_000;

/** Asks the table that holds leases and executions; where there is none, says what to do. */
export async function askTable<T>(
  client: DynamoDBClient,
  table: string,
  ask: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  try {
    return await ask({ abortSignal: AbortSignal.timeout(PATIENCE) });
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    const region = await client.config.region();
    throw new Error(
      `table ${table} does not exist in ${region} of this account: deploy the rule with remediation there`,
      { cause: error },
    );
  }
}
