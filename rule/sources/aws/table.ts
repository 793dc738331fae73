import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';

/**
 * Passes on an answer of DynamoDB. If the table does not exist, the error names the table and the place, and says where
 * to deploy the table: DynamoDB's own words name none of these.
 */
export async function answerOfTable<T>(
  answer: Promise<T>,
  table: string,
  placeAndNextStep: () => string | Promise<string>,
): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new Error(`table ${table} does not exist in ${await placeAndNextStep()}`, {
      cause: error,
    });
  }
}
