import {
  paginateDescribeConfigurationAggregatorSourcesStatus,
  type AggregatedSourceStatus,
} from '@aws-sdk/client-config-service';
import { errorText } from '../../basics/text.ts';
import { isoSeconds, timeSpan, type TimeSpan } from '../../basics/time-span.ts';
import { placeName, type Place } from '../../model/place.ts';
import type { Problem } from '../../model/problem.ts';
import { isErrorNamed } from '../aws/refusal.ts';
import { titleOf, type ReportingAggregator } from './items.ts';
import { withNextStep, type Aggregator } from './select.ts';

/** The sources of an aggregator: accounts and Regions. */
export interface SourcesStatus {
  /** Why the aggregator shows nothing of a place; undefined where the list of sources does not explain the gap. */
  readonly whyNotCollected: (place: Place) => string | undefined;
  /** The accounts among the sources; none where the list could not be read. */
  readonly accounts: ReadonlySet<string>;
  /** When the aggregator last collected. */
  readonly updated: TimeSpan;
}

/**
 * Asks an aggregator for the list of sources. A failed or outdated source becomes a problem: input that could not be read.
 * Rejects where the aggregator does not exist.
 */
export async function readSourcesStatus(
  aggregator: ReportingAggregator,
  home: Place,
): Promise<SourcesStatus> {
  const file = titleOf(aggregator);
  const accounts = new Set<string>();
  const places = new Set<string>();
  const updated = timeSpan();
  try {
    for await (const source of sourcesOf(aggregator)) {
      const { SourceType, SourceId: accountId = '', AwsRegion: region = '' } = source;
      updated.take(source.LastUpdateTime?.getTime());
      if (SourceType === 'ACCOUNT') {
        accounts.add(accountId);
        places.add(placeName({ accountId, region }));
      }
      const problem = problemOf(source);
      if (problem !== undefined) aggregator.fail({ file, ...problem });
    }
  } catch (error) {
    if (isErrorNamed(error, 'NoSuchConfigurationAggregatorException'))
      throw new Error(
        `aggregator ${aggregator.name} does not exist in account ${home.accountId}, Region ${home.region}: aws configservice describe-configuration-aggregators lists those that do`,
        { cause: error },
      );
    // Without the list nobody knows whether anything is missing, or old.
    const reason = errorText(
      withNextStep(error, 'config:DescribeConfigurationAggregatorSourcesStatus'),
    );
    const message = `whether its sources are complete is not known: ${reason}`;
    aggregator.fail({ file, item: null, message });
    accounts.clear();
  }
  return {
    accounts,
    updated,
    whyNotCollected: (place) => whyNotCollected(place, { accounts, places }),
  };
}

/** https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationAggregatorSourcesStatus.html */
async function* sourcesOf({ client, name }: Aggregator): AsyncIterable<AggregatedSourceStatus> {
  const pages = paginateDescribeConfigurationAggregatorSourcesStatus(
    { client },
    { ConfigurationAggregatorName: name },
  );
  for await (const { AggregatedSourceStatusList = [] } of pages) yield* AggregatedSourceStatusList;
}

interface CollectedFrom {
  readonly accounts: ReadonlySet<string>;
  /** Accounts with Regions, by `placeName`. */
  readonly places: ReadonlySet<string>;
}

function whyNotCollected(place: Place, { accounts, places }: CollectedFrom): string | undefined {
  const { accountId, region } = place;
  // An aggregator of an organization may list the organization as a single source, without accounts.
  if (accounts.size === 0) return undefined;
  if (!accounts.has(accountId))
    return `account ${accountId} is not one of its sources: add it to the aggregator`;
  if (!places.has(placeName(place)))
    return `Region ${region} of account ${accountId} is not one of its sources: add it to the aggregator`;
  return undefined;
}

/** The problem of a failed or outdated source, in the words of the aggregator. */
function problemOf(source: AggregatedSourceStatus): Omit<Problem, 'file'> | undefined {
  const { SourceId = '', SourceType, AwsRegion = '', LastUpdateStatus: status } = source;
  if (status !== 'FAILED' && status !== 'OUTDATED') return undefined;
  const { LastErrorCode: code, LastErrorMessage: words, LastUpdateTime: time } = source;
  const why = [code, words].filter(Boolean).join(': ') || 'no reason given';
  const last = time === undefined ? '' : `, last collected ${isoSeconds(time)}`;
  const owner = SourceType === 'ORGANIZATION' ? 'organization' : 'account';
  return {
    item: `${owner} ${SourceId} ${AwsRegion}`.trim(),
    message: `source is ${status} (${why})${last}: what it has may be missing here, or old`,
  };
}
