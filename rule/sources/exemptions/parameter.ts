import { GetParameterCommand, SSMClient, type Parameter } from '@aws-sdk/client-ssm';
import { errorText } from '../../basics/text.ts';
import type { Exemption } from '../../model/exemption.ts';
import { clientConfig, type Counter } from '../aws/clients.ts';
import { isErrorNamed, isRefusal } from '../aws/refusal.ts';
import { readExemptions } from './list.ts';

/** A client of Systems Manager. `logger` counts the calls. */
export const makeSsm = (region: string, logger?: Counter): SSMClient =>
  new SSMClient({ ...clientConfig, region, ...(logger === undefined ? {} : { logger }) });

/**
 * Reads the exemptions in a parameter of the client's account and Region. Rejects where the parameter cannot be read, and
 * names the parameter: without the list nobody knows which flow logs are exempt.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export async function exemptionsIn(client: SSMClient, name: string): Promise<readonly Exemption[]> {
  const { Type, Value = '' } = await getParameter(client, name);
  if (Type === 'SecureString')
    throw new Error(`exemptions in SSM parameter ${name}: is a SecureString, put it as a String`);
  try {
    return readExemptions(Value);
  } catch (error) {
    throw new Error(`exemptions in SSM parameter ${name}: ${errorText(error)}`, { cause: error });
  }
}

async function getParameter(client: SSMClient, name: string): Promise<Parameter> {
  try {
    const { Parameter: found = {} } = await client.send(new GetParameterCommand({ Name: name }));
    return found;
  } catch (error) {
    const why = `exemptions cannot be read from SSM parameter ${name} (${errorText(error)})`;
    throw new Error(`${why}${hintAfter(error)}`, { cause: error });
  }
}

function hintAfter(error: unknown): string {
  if (isErrorNamed(error, 'ParameterNotFound'))
    return ': put it into the account and Region of the function, or leave Exemptions out';
  return isRefusal(error) ? ': allow ssm:GetParameter on it' : '';
}
