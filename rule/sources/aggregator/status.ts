import {
  paginateDescribeConfigurationAggregatorSourcesStatus,
  type AggregatedSourceStatus,
} from '@aws-sdk/client-config-service';
import { errorText } from '../../basics/text.ts';
import { titleOf, type ReportingAggregator } from './rows.ts';
import { withNextStep } from './select.ts';
import type { Place } from '../../model/place.ts';
import { isNamed } from '../aws/refusal.ts';
import { timeSpan, isoSeconds, type TimeSpan } from '../../basics/time-span.ts';

/** What an aggregator says of the accounts and Regions that it collects from. */
export interface SourcesStatus {
  /** Why nothing of this place is shown; undefined where its sources do not explain that. */
  readonly whyNot: (place: Place) => string | undefined;
  /** The accounts that it collects from, as far as it tells. */
  readonly accounts: ReadonlySet<string>;
  /** When it last collected. */
  readonly updated: TimeSpan;
}

/**
 * Asks an aggregator for its sources: each that it could not collect from, or not of late, is input that cannot be
 * read. Rejects where there is no such aggregator.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationAggregatorSourcesStatus.html
 */
export async function sourcesStatus(
  aggregator: ReportingAggregator,
  { accountId, region }: Place,
): Promise<SourcesStatus> {
  const { client, name, fail } = aggregator;
  const accounts = new Set<string>();
  const places = new Set<string>();
  const updated = timeSpan();
  try {
    const pages = paginateDescribeConfigurationAggregatorSourcesStatus(
      { client },
      { ConfigurationAggregatorName: name },
    );
    for await (const { AggregatedSourceStatusList = [] } of pages)
      for (const each of AggregatedSourceStatusList) {
        updated.take(each.LastUpdateTime?.getTime());
        const { SourceType, SourceId = '', AwsRegion = '' } = each;
        if (SourceType === 'ACCOUNT') {
          accounts.add(SourceId);
          places.add(`${SourceId} ${AwsRegion}`);
        }
        const wrong = whatIsWrongWith(each);
        if (wrong !== undefined) fail({ file: titleOf(aggregator), ...wrong });
      }
  } catch (error) {
    if (isNamed(error, 'NoSuchConfigurationAggregatorException'))
      throw new Error(
        `aggregator ${name} does not exist in account ${accountId}, Region ${region}: aws configservice describe-configuration-aggregators lists those that do`,
        { cause: error },
      );
    // Without it nobody knows whether anything is missing, or old.
    const action = 'config:DescribeConfigurationAggregatorSourcesStatus';
    const message = `whether its sources are complete is not known: ${errorText(withNextStep(error, action))}`;
    fail({ file: titleOf(aggregator), item: null, message });
    accounts.clear();
  }
  return { accounts, updated, whyNot };

  function whyNot({ accountId, region }: Place): string | undefined {
    // An aggregator of an organization may tell of it as a whole.
    if (accounts.size === 0) return undefined;
    if (!accounts.has(accountId))
      return `account ${accountId} is not one of its sources: add it to the aggregator`;
    if (!places.has(`${accountId} ${region}`))
      return `Region ${region} of account ${accountId} is not one of its sources: add it to the aggregator`;
    return undefined;
  }
}

/** A source that was not collected from, as the aggregator puts it. */
function whatIsWrongWith(
  source: AggregatedSourceStatus,
): { readonly item: string; readonly message: string } | undefined {
  const { SourceId = '', SourceType, AwsRegion = '', LastUpdateStatus: status } = source;
  if (status !== 'FAILED' && status !== 'OUTDATED') return undefined;
  const { LastErrorCode: code, LastErrorMessage: words, LastUpdateTime: time } = source;
  const why = [code, words].filter(Boolean).join(': ') || 'no reason given';
  const last = time === undefined ? '' : `, last collected ${isoSeconds(time)}`;
  const what = SourceType === 'ORGANIZATION' ? 'organization' : 'account';
  return {
    item: `${what} ${SourceId} ${AwsRegion}`.trim(),
    message: `source is ${status} (${why})${last}: what it has may be missing here, or old`,
  };
}
