import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { errorText } from '../../basics/text.ts';
import type { ExistingSource } from '../../model/existing.ts';
import type { Place } from '../../model/place.ts';
import type { Listing, Source } from '../../model/source.ts';
import { clientConfig, makeClients, type Clients } from './clients.ts';
import { describeFlowLogs } from './flow-logs.ts';
import type { Watch } from './questions.ts';
import { explained, isErrorNamed, isRefusal } from './refusal.ts';
import { awsSource } from './source.ts';

/**
 * The account of the SDK's default credentials: in the wanted Regions, in all enabled Regions (`all`), or in the SDK's
 * default Region. Without credentials or a Region throws an Error with the next step. `watch` looks on each wait for AWS.
 */
export async function liveAccount(
  wanted: readonly string[] | undefined,
  watch: Watch,
): Promise<{ readonly source: Source; readonly listings: readonly Listing[] }> {
  const named = wanted?.find((region) => region !== 'all');
  const home = await callerIdentity(named, 'give --regions, or set AWS_REGION');
  const { accountId } = home;
  const clients = makeClients();
  const regions = wanted?.includes('all')
    ? await enabledRegions(clients, home.region)
    : (wanted ?? [home.region]);
  return {
    source: awsSource({ clients, place: home, watch }),
    listings: [...new Set(regions)].map((region) => ({
      name: region,
      flowLogs: () => describeFlowLogs(clients.ec2(region), { accountId, region }),
    })),
  };
}

/**
 * The account of the SDK's default credentials, for things that a template or plan names. S3 is asked first in the named
 * Region, else in the SDK's default Region. Throws an Error without credentials or a Region.
 */
export async function existingInOwnAccount(
  region: string | undefined,
  watch: Watch,
): Promise<ExistingSource> {
  const place = await callerIdentity(region, 'give --region, or set AWS_REGION');
  const { existingInAws } = await import('./existing.ts');
  return existingInAws({ clients: makeClients(), place, watch });
}

/**
 * The account of the SDK's default credentials, with the named Region or else the SDK's default Region. Without
 * credentials or a Region throws an Error with the next step: `regionStep` for the Region.
 */
export async function callerIdentity(
  named: string | undefined,
  regionStep: string,
): Promise<Place> {
  const sts = new STSClient({ ...clientConfig, ...(named === undefined ? {} : { region: named }) });
  const profile = process.env.AWS_PROFILE;
  const ofProfile =
    profile === undefined ? '' : `, or a profile that exists (AWS_PROFILE is ${profile})`;
  const region = await orThrow(
    sts.config.region(),
    () => `no Region is set: ${regionStep}${ofProfile}`,
  );
  await orThrow(sts.config.credentials(), (words) => whyNoCredentials(profile, words));
  return { accountId: await accountOf(sts), region };
}

/** The cause and the next step, by the words of the SDK: an expired session needs another step than an unknown profile. */
function whyNoCredentials(profile: string | undefined, words: string): string {
  const option = profile === undefined ? '' : ` --profile ${profile}`;
  const subject = profile === undefined ? 'your credentials' : `profile ${profile}`;
  if (/expired|sso session|sso login|refresh/i.test(words))
    return `the SSO session of ${subject} has expired or never began: run aws sso login${option}`;
  return profile === undefined
    ? 'no AWS credentials were found: set AWS_PROFILE or AWS_ACCESS_KEY_ID, or run aws sso login'
    : `profile ${profile} has no credentials: name a profile that aws configure list-profiles shows, or run aws sso login${option}`;
}

async function accountOf(sts: STSClient): Promise<string> {
  try {
    const { Account: accountId } = await sts.send(new GetCallerIdentityCommand({}));
    if (accountId !== undefined) return accountId;
  } catch (error) {
    if (isErrorNamed(error, 'InvalidClientTokenId'))
      throw new Error(`${errorText(error)}: renew the credentials, or name an enabled Region`, {
        cause: error,
      });
    throw explained(error, 'AWS STS');
  }
  throw new Error('AWS STS answered without an account: run again');
}

/** Passes on a setting of the SDK. Without the setting, throws this message with the SDK's own words. */
async function orThrow<T>(setting: Promise<T>, message: (words: string) => string): Promise<T> {
  try {
    return await setting;
  } catch (error) {
    const words = errorText(error);
    throw new Error(`${message(words)} (${words})`, { cause: error });
  }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html */
async function enabledRegions(clients: Clients, home: string): Promise<readonly string[]> {
  const question = clients.ec2(home).send(new DescribeRegionsCommand({}));
  const { Regions } = await question.catch((error: unknown) => {
    if (!isRefusal(error)) throw explained(error, `EC2 in ${home}`);
    const step = 'allow ec2:DescribeRegions, or name the Regions in --regions';
    throw new Error(`${errorText(error)}: ${step}`, { cause: error });
  });
  if (Regions === undefined) throw new Error('EC2 answered without Regions: run again');
  return Regions.flatMap(({ RegionName }) => RegionName ?? []).sort();
}
