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
  const [prefix, partition, service, region, accountId, ...resource] = text.split(':');
  if (prefix !== 'arn' || !partition || !service || region === undefined) return undefined;
  if (accountId === undefined || resource.length === 0) return undefined;
  return { partition, service, region, accountId, resource: resource.join(':') };
}

/** The account in an ARN; empty for other text, and where the ARN has none. */
export const accountIn = (arn: string): string => parseArn(arn)?.accountId ?? '';

/** The Region in an ARN; empty for other text, and where the ARN has none. */
export const regionIn = (arn: string): string => parseArn(arn)?.region ?? '';

/** Whether the ARN names an alias of a KMS key. */
export const isAliasArn = (arn: string): boolean =>
  parseArn(arn)?.resource.startsWith('alias/') ?? false;

/** The partition of a Region, from the table of the AWS SDK; `aws` for a Region outside the table. */
export const partitionOf = (region: string): string => partition(region).name;
