import type { ConfigServiceClient } from '@aws-sdk/client-config-service';
import * as v from 'valibot';
import { readRow, resultsOf } from '../aggregator/select.ts';
import { isLasting } from '../aws/refusal.ts';
import type { OwnersOf } from '../aws/source.ts';

export interface OwnersOptions {
  readonly config: ConfigServiceClient;
  readonly ownerAccounts: readonly string[];
  /** The name of a configuration aggregator in the account of the client. */
  readonly aggregator: string | undefined;
}

const ownerRow = v.object({ accountId: v.string() });

/**
 * Asks an aggregator for the owner of a bucket. The operator's owner accounts come after the aggregator's answer.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_SelectAggregateResourceConfig.html
 */
export const ownersOf =
  ({ config, ownerAccounts, aggregator }: OwnersOptions): OwnersOf =>
  async (bucket) => {
    // Guards against injection: bucket names hold no quotes.
    if (aggregator === undefined || !/^[A-Za-z0-9._-]+$/.test(bucket))
      return { accounts: ownerAccounts };
    const expression = `SELECT accountId WHERE resourceType = 'AWS::S3::Bucket' AND resourceId = '${bucket}'`;
    try {
      const accounts: string[] = [];
      for await (const results of resultsOf({ client: config, name: aggregator }, expression))
        accounts.push(...results.map((each) => readRow(ownerRow, each).accountId));
      return { accounts: [...new Set([...accounts, ...ownerAccounts])] };
    } catch (error) {
      if (!isLasting(error)) throw error;
      const unasked = `aggregator ${aggregator} could not be asked who owns it (${error.name})`;
      return { accounts: ownerAccounts, unasked };
    }
  };
