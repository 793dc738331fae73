import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import type { ExistingSource } from '../model/existing.ts';
import { unknown } from '../model/facts.ts';
import type { Parameters } from '../model/parameters.ts';
import { lookAcross } from '../sources/across/accounts.ts';
import { clientConfig, makeClients } from '../sources/aws/clients.ts';
import { existingInAws } from '../sources/aws/existing.ts';
import { takesRoles, type TakeRole } from '../sources/aws/roles.ts';
import type { HookRequest } from './hook-event.ts';

// Made once: connections and sessions outlast an invocation.
const gateClients = makeClients();
const gateConfig = new ConfigServiceClient(clientConfig);
let takeReaderRole: TakeRole | undefined;

/**
 * The account of a stack, and other accounts by the reader role, for things that a template names and does not contain.
 * Parameters of Systems Manager stay closed: CloudFormation tells the values of those that a stack has as parameters.
 */
export function accountToAsk(
  { place }: HookRequest,
  parameters: Parameters,
  deadline: number,
): ExistingSource {
  takeReaderRole ??= takesRoles(place.region);
  const { accountId } = place;
  const own = { accountId, clients: gateClients, config: gateConfig, takeRole: takeReaderRole };
  const across = lookAcross(own, parameters);
  return {
    ...existingInAws({ clients: gateClients, place, across, deadline }),
    parameter: () => Promise.resolve(unknown('the hook reads no parameters of Systems Manager')),
  };
}
