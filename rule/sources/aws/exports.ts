import { paginateListExports, type CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { unknown, type Unknown } from '../../model/facts.ts';
import type { Place } from '../../model/place.ts';
import { isLasting, isRefusal } from './refusal.ts';

/**
 * Lists the exports of all stacks in a Region.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListExports.html
 */
export async function readExports(
  client: CloudFormationClient,
  { accountId, region }: Place,
): Promise<ReadonlyMap<string, string> | Unknown> {
  const found = new Map<string, string>();
  try {
    for await (const { Exports } of paginateListExports({ client }, {})) {
      if (Exports === undefined)
        throw new Error(`AWS CloudFormation answered without the exports of ${region}: run again`);
      for (const { Name = '', Value = '' } of Exports) found.set(Name, Value);
    }
    return found;
  } catch (error) {
    if (!isLasting(error)) throw error;
    const step = isRefusal(error) ? 'allow cloudformation:ListExports' : 'look in that Region';
    return unknown(
      `exports of account ${accountId} in ${region} cannot be read (${error.name})`,
      step,
    );
  }
}
