import type { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { isUnknown } from '../../model/facts.ts';
import type { Across, Enter } from '../aws/source.ts';
import { ownersOf } from './bucket-owner.ts';
import { makeClients, type Clients, type Counter } from '../aws/clients.ts';
import type { TakeRole } from '../aws/roles.ts';

/** Access with the SDK's default credentials. */
export interface Own {
  /** The account of the clients; undefined where the credentials only take roles, even in their own account. */
  readonly accountId: string | undefined;
  readonly clients: Clients;
  readonly config: ConfigServiceClient;
  readonly takeRole: TakeRole;
  /** Counts the calls in other accounts. */
  readonly calls?: Counter;
}

/** The settings for access to other accounts. */
export interface Others {
  readonly readerRoleName: string | undefined;
  readonly ownerAccounts: readonly string[];
  readonly aggregator: string | undefined;
}

/** Access to the own account with the own credentials, and to others by their reader role; undefined without a role name. */
export function lookAcross(own: Own, { readerRoleName, ...owners }: Others): Across | undefined {
  if (readerRoleName === undefined) return undefined;
  const { config } = own;
  return { enter: enterFrom(own, readerRoleName), ownersOf: ownersOf({ config, ...owners }) };
}

function enterFrom({ accountId: own, clients, takeRole, calls }: Own, role: string): Enter {
  const entered = new Map<string, Clients>();
  return async (accountId) => {
    if (accountId === own) return clients;
    // Asked each time, although the session is kept: a later renewal may be refused.
    const session = await takeRole(accountId, role);
    if (isUnknown(session)) return session;
    const made = entered.get(accountId) ?? makeClients(calls, session);
    entered.set(accountId, made);
    return made;
  };
}
