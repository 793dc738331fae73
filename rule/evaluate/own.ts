import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { accountIn, regionIn } from '../model/arn.ts';
import type { Own } from '../sources/across/accounts.ts';
import { clientConfig, makeClients } from '../sources/aws/clients.ts';
import { takesRoles, type TakeRole } from '../sources/aws/roles.ts';
import { environment } from './environment.ts';
import { callCounter } from './telemetry.ts';

// Made once, before the first invocation: connections and sessions outlast an invocation.
const ownClients = makeClients(callCounter);
const ownConfig = new ConfigServiceClient({ ...clientConfig, logger: callCounter });
let takeOwnRole: TakeRole | undefined;

/** The function's own clients. A function with a reporter role has no own account: every account is entered by roles. */
export function ownIn(functionArn: string): Own {
  const byRolesAlone = environment.REPORTER_ROLE_NAME !== undefined;
  takeOwnRole ??= takesRoles(regionIn(functionArn), callCounter);
  return {
    accountId: byRolesAlone ? undefined : accountIn(functionArn),
    clients: ownClients,
    config: ownConfig,
    takeRole: takeOwnRole,
    calls: callCounter,
  };
}
