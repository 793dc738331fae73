import { partition } from '@aws-sdk/core/client';

/** The six fields of an ARN. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

/** Reads an ARN; undefined for any other text. */
export function parseArn(text: string): Arn | undefined {
  const [, partition, service, region, accountId, resource] = ARN.exec(text) ?? [];
  if (partition === undefined || service === undefined || region === undefined) return undefined;
  if (accountId === undefined || resource === undefined) return undefined;
  return { partition, service, region, accountId, resource };
}

const ARN = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.*)$/s;

/** The account in an ARN; empty for other text, and where the ARN has none. */
export const accountIn = (arn: string): string => parseArn(arn)?.accountId ?? '';

/** The Region in an ARN; empty for other text, and where the ARN has none. */
export const regionIn = (arn: string): string => parseArn(arn)?.region ?? '';

/** The account and Region of a resource. */
interface ArnPlace {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** The ARN of a resource of KMS, such as `key/1234abcd-...` or `alias/logs`. */
export const kmsArn = ({ partition, region, accountId }: ArnPlace, resource: string): string =>
  `arn:${partition}:kms:${region}:${accountId}:${resource}`;

/** The ARN of the key behind an alias: an alias names a key of its own account and Region by ARN or by id. */
export const keyArnBehind = (aliasArn: string, target: string): string =>
  target.startsWith('arn:') ? target : aliasArn.replace(/:alias\/.*$/, `:key/${target}`);

/** True for one key, and for replicas of one multi-Region key, which have the same account and id. */
export const isSameKey = (one: string, other: string): boolean =>
  one === other || (one.includes(':key/mrk-') && accountAndId(one) === accountAndId(other));

const accountAndId = (arn: string): string => arn.split(':').slice(4).join(':');

/** Whether the ARN names an alias of a KMS key. */
export const isAliasArn = (arn: string): boolean =>
  parseArn(arn)?.resource.startsWith('alias/') ?? false;

/** The names of commercial Regions, such as `us-east-1`: two letters, a word, a number. */
const COMMERCIAL_REGION = /^[a-z]{2}-[a-z]+-\d+$/;

/**
 * The partition of a Region, from the table of the AWS SDK; `unknown` for a Region that is neither in the table nor named
 * like a commercial Region. The SDK itself answers `aws` for every Region outside the table.
 */
export function partitionOf(region: string): string {
  const { name } = partition(region);
  return name === 'aws' && !COMMERCIAL_REGION.test(region) ? 'unknown' : name;
}
