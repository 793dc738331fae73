import { GetParameterCommand, SSMClient, type Parameter } from '@aws-sdk/client-ssm';
import type { Exemption } from '../../model/exemption.ts';
import { errorText } from '../../basics/text.ts';
import { clientConfig, type counter } from '../aws/clients.ts';
import { readExemptions } from './list.ts';
import { isNamed, isRefusal } from '../aws/refusal.ts';

/** A client of Systems Manager that tells `logger` of its calls. */
export const makeSsm = (region: string, logger?: ReturnType<typeof counter>): SSMClient =>
  new SSMClient({ ...clientConfig, region, ...(logger === undefined ? {} : { logger }) });

/**
 * The exemptions in a parameter of the client's account and Region. Rejects with a sentence that names the parameter
 * when it cannot be had or read: then nobody knows who is exempt.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export async function exemptionsIn(client: SSMClient, name: string): Promise<readonly Exemption[]> {
  const { Type, Value = '' } = await parameter(client, name);
  if (Type === 'SecureString')
    throw new Error(`exemptions in SSM parameter ${name}: is a SecureString, put it as a String`);
  try {
    return readExemptions(Value);
  } catch (error) {
    const why = errorText(error);
    throw new Error(`exemptions in SSM parameter ${name}: ${why}`, { cause: error });
  }
}

async function parameter(client: SSMClient, name: string): Promise<Parameter> {
  try {
    const { Parameter: found = {} } = await client.send(new GetParameterCommand({ Name: name }));
    return found;
  } catch (error) {
    const why = `exemptions cannot be read from SSM parameter ${name} (${errorText(error)})`;
    throw new Error(`${why}${nextStep(error)}`, { cause: error });
  }
}

function nextStep(error: unknown): string {
  if (isNamed(error, 'ParameterNotFound'))
    return ': put it into the account and Region of the function, or leave Exemptions out';
  return isRefusal(error) ? ': allow ssm:GetParameter on it' : '';
}
