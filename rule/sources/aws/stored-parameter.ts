import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { StoredText } from '../../model/existing.ts';
import { missing, unknown, type Missing, type Unknown } from '../../model/facts.ts';
import type { Place } from '../../model/place.ts';
import { clientConfig, perRegion } from './clients.ts';
import { isErrorNamed, isLasting, isRefusal } from './refusal.ts';

const ssmIn = perRegion((region) => new SSMClient({ ...clientConfig, region }));

/**
 * Reads a parameter of Systems Manager, and never the value of a SecureString.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export async function readStoredParameter(
  name: string,
  { accountId, region }: Place,
): Promise<StoredText | Missing | Unknown> {
  const subject = `SSM parameter ${name} of account ${accountId} in ${region}`;
  try {
    const { Parameter } = await ssmIn(region).send(new GetParameterCommand({ Name: name }));
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
    return unknown(`${subject} cannot be read (${error.name})`, step);
  }
}
