import { paginateListExports, type CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { StoredText } from '../../model/existing.ts';
import { missing, unknown, type Missing, type Unknown } from '../../model/facts.ts';
import type { Place } from '../../model/place.ts';
import { isErrorNamed, isLasting, isRefusal } from './refusal.ts';

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
      `exports of account ${accountId} in ${region} cannot be read (${error.name}): ${step}`,
    );
  }
}

/**
 * Reads a parameter of Systems Manager, and never the value of a SecureString.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export async function readStoredParameter(
  name: string,
  client: SSMClient,
  { accountId, region }: Place,
): Promise<StoredText | Missing | Unknown> {
  const subject = `SSM parameter ${name} of account ${accountId} in ${region}`;
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
    if (Parameter?.Type === 'SecureString')
      return unknown(`${subject} is a SecureString, which is not read`);
    if (Parameter?.Value === undefined)
      throw new Error(`AWS Systems Manager answered without ${subject}: run again`);
    return { kind: 'stored-text', text: Parameter.Value };
  } catch (error) {
    if (isErrorNamed(error, 'ParameterNotFound'))
      return missing(`${subject} does not exist (ParameterNotFound)`);
    if (!isLasting(error)) throw error;
    const step = isRefusal(error) ? 'allow ssm:GetParameter on it' : 'look at its name';
    return unknown(`${subject} cannot be read (${error.name}): ${step}`);
  }
}
