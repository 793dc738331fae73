import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { timeSpan } from '../../basics/time-span.ts';
import { isAliasArn } from '../../model/arn.ts';
import { bucketNameOf, isUnknown, learned, type FlowLog, type Unknown } from '../../model/facts.ts';
import { keyArnOf } from '../../model/key-reference.ts';
import type { Place } from '../../model/place.ts';
import type { Problem } from '../../model/problem.ts';
import { resourceTypes } from '../../model/resource-types.ts';
import type { Listing, Source } from '../../model/source.ts';
import { clientConfig } from '../aws/clients.ts';
import { callerIdentity } from '../aws/own-account.ts';
import { makeShared, recordedFlowLog } from '../recorded/flow-log.ts';
import { isRecorded, type ConfigItem } from '../recorded/item.ts';
import { selectAll, titleOf, type ReportingAggregator } from './items.ts';
import { lookUpAll } from './look-up.ts';
import { batchedAnswers, itemsOfPages, prefetched } from './prefetch.ts';
import { readFact, type AggregatorReading } from './reading.ts';
import { remarksOn } from './remarks.ts';
import { aliasKind, bucketKind, keyKind } from './resource-kinds.ts';
import { readSourcesStatus } from './status.ts';

/** An aggregator as a source. */
export interface AggregatorSource {
  readonly source: Source;
  readonly listings: readonly Listing[];
  /** Remarks once all flow logs are listed: the age of the facts, and unrecorded types. */
  readonly remarks: () => readonly string[];
}

/**
 * Opens an AWS Config aggregator with the SDK's default credentials and Region. Rejects without credentials, without a
 * Region, and where the aggregator does not exist. Reports unreadable parts to `fail`.
 */
export async function openAggregator(
  name: string,
  fail: (problem: Problem) => void,
): Promise<AggregatorSource> {
  const place = await callerIdentity(undefined, 'set AWS_REGION to the Region of the aggregator');
  const client = new ConfigServiceClient({ ...clientConfig, region: place.region });
  return aggregatorSource({ client, name, fail }, place);
}

async function aggregatorSource(
  aggregator: ReportingAggregator,
  place: Place,
): Promise<AggregatorSource> {
  const reading: AggregatorReading = {
    aggregator,
    status: await readSourcesStatus(aggregator, place),
    accountsWithFlowLogs: new Set(),
    captured: timeSpan(),
    hasItems: new Map(),
  };
  const answers = answersOf(reading);
  const { buckets, keys, targetOf } = answers;
  const source: Source = {
    bucket: (name) => buckets.get(name),
    async key(arn) {
      const target = await targetOf(arn);
      return isUnknown(target) ? target : keys.get(target);
    },
  };
  const flowLogs = () => itemsOfPages(withDependencies(flowLogsOf(reading), answers));
  return {
    source,
    listings: [{ name: titleOf(aggregator), flowLogs }],
    remarks: () => remarksOn(reading),
  };
}

/** The answers of the aggregator by name. Each name is asked for once. */
function answersOf(reading: AggregatorReading) {
  const aliases = batchedAnswers((arns) => lookUpAll(reading, aliasKind, arns));
  return {
    buckets: batchedAnswers((names) => lookUpAll(reading, bucketKind, names)),
    aliases,
    keys: batchedAnswers((arns) => lookUpAll(reading, keyKind, arns)),
    /** The ARN of the key behind the ARN of a key or alias. */
    targetOf: async (arn: string): Promise<string | Unknown> => {
      if (!isAliasArn(arn)) return arn;
      const alias = await aliases.get(arn);
      return isUnknown(alias) ? alias : alias.target;
    },
  };
}

/** The same flow logs, each after a question for the bucket, then for the alias, then for the key. */
function withDependencies(
  pages: AsyncIterable<readonly FlowLog[]>,
  { buckets, aliases, keys, targetOf }: ReturnType<typeof answersOf>,
): AsyncIterable<readonly FlowLog[]> {
  /** The ARN of a key or alias, where the bucket of a flow log was learned and names an ARN. */
  const arnNamedFor = async (flowLog: FlowLog): Promise<string | undefined> => {
    const name = bucketNameOf(flowLog);
    const bucket = name === undefined ? undefined : learned(await buckets.get(name));
    const arn = bucket && keyArnOf(bucket, flowLog.partition);
    return typeof arn === 'string' ? arn : undefined;
  };
  const withBuckets = prefetched(pages, buckets, (each) => Promise.resolve(bucketNameOf(each)));
  const withAliases = prefetched(withBuckets, aliases, async (each) => {
    const arn = await arnNamedFor(each);
    return arn !== undefined && isAliasArn(arn) ? arn : undefined;
  });
  return prefetched(withAliases, keys, async (each) => {
    const arn = await arnNamedFor(each);
    const target = arn && (await targetOf(arn));
    return isUnknown(target) ? undefined : target;
  });
}

/** The flow logs of an aggregator, page by page. */
async function* flowLogsOf(reading: AggregatorReading): AsyncIterable<readonly FlowLog[]> {
  const type = resourceTypes.flowLog;
  const shared = makeShared();
  const flowLogOf = (item: ConfigItem): FlowLog => recordedFlowLog(item, shared);
  let found = false;
  for await (const items of selectAll(reading.aggregator, type)) {
    found ||= items.length > 0;
    const flowLogs = items.flatMap((item) =>
      item.kind === 'item' && isRecorded(item) ? [readFact(reading, item, flowLogOf)] : [],
    );
    for (const { accountId } of flowLogs) reading.accountsWithFlowLogs.add(accountId);
    yield flowLogs;
  }
  // Known only after the last page: an interrupted listing proves nothing.
  reading.hasItems.set(type, found);
}
