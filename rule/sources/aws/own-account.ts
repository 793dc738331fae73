import { errorText } from '../../basics/text.ts';
import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describeFlowLogs } from './flow-logs.ts';
import type { Place } from '../../model/place.ts';
import { awsSource } from './source.ts';
import { clientConfig, makeClients, type Clients } from './clients.ts';
import type { Listing, Source } from '../../model/source.ts';

/**
 * The account of the credentials that the SDK finds, in these Regions, in all that are enabled (`all`), or in the
 * one that the SDK resolves. Throws an Error with the next step where there are no credentials or no Region.
 */
export async function liveAccount(
  wanted: readonly string[] | undefined,
  withBucketPolicy: boolean,
): Promise<{ readonly source: Source; readonly listings: readonly Listing[] }> {
  const named = wanted?.find((region) => region !== 'all');
  const { accountId, region: home } = await whoAsks(named, 'give --regions, or set AWS_REGION');
  const clients = makeClients();
  const regions = wanted?.includes('all')
    ? await enabledRegions(clients, home)
    : (wanted ?? [home]);
  return {
    source: awsSource({
      clients,
      place: { accountId, region: home },
      withPolicy: withBucketPolicy,
    }),
    listings: [...new Set(regions)].map((region) => ({
      name: region,
      flowLogs: () => describeFlowLogs(clients.ec2(region), { accountId, region }),
    })),
  };
}

/**
 * The account of the credentials that the SDK finds, and this Region or the one that the SDK resolves. Throws an Error
 * with the next step, of which that for the Region is given, where there is none.
 */
export async function whoAsks(named: string | undefined, next: string): Promise<Place> {
  const sts = new STSClient({ ...clientConfig, ...(named === undefined ? {} : { region: named }) });
  const region = await orSay(sts.config.region(), `no Region is set: ${next}`);
  await orSay(
    sts.config.credentials(),
    'no AWS credentials were found: set AWS_PROFILE or AWS_ACCESS_KEY_ID, or run aws sso login',
  );
  const { Account: accountId = '' } = await sts.send(new GetCallerIdentityCommand({}));
  return { accountId, region };
}

/** What was asked for, or an error with the next step and the SDK's own words. */
async function orSay<T>(asked: Promise<T>, next: string): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const why = errorText(error);
    throw new Error(`${next} (${why})`, { cause: error });
  }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html */
async function enabledRegions(clients: Clients, home: string): Promise<readonly string[]> {
  const { Regions = [] } = await clients.ec2(home).send(new DescribeRegionsCommand({}));
  return Regions.flatMap(({ RegionName }) => RegionName ?? []).sort();
}
