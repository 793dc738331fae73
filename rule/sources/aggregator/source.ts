import { isAliasArn } from '../../model/arn.ts';
import { resourceTypes } from '../../model/resource-types.ts';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { bucketNameOf, isUnknown, learned, type FlowLog, type Unknown } from '../../model/facts.ts';
import { keyArnOf } from '../../model/key-reference.ts';
import type { Problem } from '../../model/problem.ts';
import { anAlias, aBucket, aKey, lookUp, take, type Reading } from './look-up.ts';
import { isBroken, selectAll, titleOf, type ReportingAggregator } from './rows.ts';
import { sourcesStatus } from './status.ts';
import type { Place } from '../../model/place.ts';
import { clientConfig } from '../aws/clients.ts';
import { isRecorded } from '../recorded/item.ts';
import { whoAsks } from '../aws/own-account.ts';
import { flowLogOf } from '../recorded/facts.ts';
import type { Listing, Source } from '../../model/source.ts';
import { timeSpan, isoSeconds, type TimeSpan } from '../../basics/time-span.ts';
import { askedFor, oneByOne, together } from './in-bulk.ts';

/** What an aggregator has to say. */
export interface Aggregated {
  readonly source: Source;
  readonly listings: readonly Listing[];
  /** Once all flow logs are listed: how old the facts are, and what is not recorded at all. */
  readonly remarks: () => readonly string[];
}

/**
 * An AWS Config aggregator, asked with the credentials and in the Region that the SDK finds. Rejects where there are
 * none, or no such aggregator; tells `fail` what of it cannot be read.
 */
export async function openAggregator(
  name: string,
  fail: (problem: Problem) => void,
): Promise<Aggregated> {
  const place = await whoAsks(undefined, 'set AWS_REGION to the Region of the aggregator');
  const client = new ConfigServiceClient({ ...clientConfig, region: place.region });
  return readAggregator({ client, name, fail }, place);
}

/** The aggregator as a source; the buckets and keys that flow logs name are asked for together. */
async function readAggregator(aggregator: ReportingAggregator, place: Place): Promise<Aggregated> {
  const status = await sourcesStatus(aggregator, place);
  const reading: Reading = {
    aggregator,
    status,
    accounts: new Set(),
    captured: timeSpan(),
    has: new Map(),
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
  return {
    source,
    listings: [
      {
        name: titleOf(aggregator),
        flowLogs: () => oneByOne(prepared(flowLogsOf(reading), answers)),
      },
    ],
    remarks: () => remarksOn(reading),
  };
}

/** What is asked of the aggregator by name, each once. */
function answersOf(reading: Reading) {
  const aliases = together((arns) => lookUp(reading, anAlias, arns));
  return {
    buckets: together((names) => lookUp(reading, aBucket, names)),
    aliases,
    keys: together((arns) => lookUp(reading, aKey, arns)),
    /** The key that an ARN stands for. */
    targetOf: async (arn: string): Promise<string | Unknown> => {
      if (!isAliasArn(arn)) return arn;
      const alias = await aliases.get(arn);
      return isUnknown(alias) ? alias : alias.target;
    },
  };
}

/** The same flow logs, once all was asked for that they need: bucket, then alias, then key. */
function prepared(
  pages: AsyncIterable<readonly FlowLog[]>,
  { buckets, aliases, keys, targetOf }: ReturnType<typeof answersOf>,
): AsyncIterable<readonly FlowLog[]> {
  /** A key or an alias, where the bucket of a flow log was learned and names one. */
  const namedBy = async (flowLog: FlowLog): Promise<string | undefined> => {
    const name = bucketNameOf(flowLog);
    const bucket = name === undefined ? undefined : learned(await buckets.get(name));
    const arn = bucket && keyArnOf(bucket, flowLog.partition);
    return typeof arn === 'string' ? arn : undefined;
  };
  const withBuckets = askedFor(pages, buckets, (it) => Promise.resolve(bucketNameOf(it)));
  const withAliases = askedFor(withBuckets, aliases, async (it) => {
    const arn = await namedBy(it);
    return arn !== undefined && isAliasArn(arn) ? arn : undefined;
  });
  return askedFor(withAliases, keys, async (it) => {
    const arn = await namedBy(it);
    const target = arn && (await targetOf(arn));
    return isUnknown(target) ? undefined : target;
  });
}

/** The flow logs of an aggregator, page by page. */
async function* flowLogsOf(reading: Reading): AsyncIterable<readonly FlowLog[]> {
  const type = resourceTypes.flowLog;
  let any = false;
  for await (const rows of selectAll(reading.aggregator, type)) {
    any ||= rows.length > 0;
    const flowLogs = rows.flatMap((row) =>
      isBroken(row) || !isRecorded(row) ? [] : [take(reading, row, flowLogOf)],
    );
    for (const { accountId } of flowLogs) reading.accounts.add(accountId);
    yield flowLogs;
  }
  // Only now that all were listed.
  reading.has.set(type, any);
}

function remarksOn(reading: Reading): readonly string[] {
  const { aggregator, status, captured, has } = reading;
  const lacking = [...has].filter(([, any]) => !any).map(([type]) => type);
  const ages = [
    ...between('what was used was recorded', captured),
    ...between('its sources were collected from last', status.updated),
  ].join('; ');
  return [
    ...lacking.map((type) => `has no ${type}: let AWS Config record that type in its accounts`),
    ...(has.get(resourceTypes.flowLog) ? withoutFlowLogs(reading) : []),
    ...(ages === '' ? [] : [ages]),
  ].map((each) => `${titleOf(aggregator)}: ${each}`);
}

/** How many accounts are told by name. */
const NAMED = 10;

/** Nobody knows whether these have none, or none that is recorded. */
function withoutFlowLogs({ status, accounts }: Reading): readonly string[] {
  const without = [...status.accounts].filter((each) => !accounts.has(each)).sort();
  if (without.length === 0) return [];
  const others = without.length - NAMED;
  const names = without.slice(0, NAMED).join(', ') + (others > 0 ? ` and ${others} more` : '');
  return [
    `has no flow log of ${without.length} of its ${status.accounts.size} accounts, nor would it where AWS Config does not record AWS::EC2::FlowLog: ${names}`,
  ];
}

function between(what: string, times: TimeSpan): readonly string[] {
  const ends = times.ends()?.map(isoSeconds);
  return ends === undefined ? [] : [`${what} between ${ends.join(' and ')}`];
}
